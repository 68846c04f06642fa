/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.FeedbackContract;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import java.util.List;
import java.util.Set;

class WordsContractTest extends FeedbackContract {

    @Override
    protected ModelFactory factory() {
        return new DuinFactory();
    }

    @Override
    protected Set<String> firstLayer() {
        return Set.of(DuinWeights.FIRST);
    }

    @Override
    protected ModelBundle given() {
        return TestBundles.bundle(TestBundles.WIDE_WORDS);
    }

    /** A contact that has failed. */
    @Override
    protected List<float[]> uninformative(float[] samples) {
        float[] failed = samples.clone();
        failed[7] = Float.NaN;
        return List.of(failed);
    }
}
