/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.HomeostatContract;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import java.util.List;

class CodesContractTest extends HomeostatContract {

    @Override
    protected ModelFactory factory() {
        return new DuinFactory();
    }

    @Override
    protected ModelBundle given() {
        return TestBundles.bundle(TestBundles.OTHER_CODES);
    }

    /** A contact that has failed. */
    @Override
    protected List<float[]> uninformative(float[] samples) {
        float[] failed = samples.clone();
        failed[7] = Float.NaN;
        return List.of(failed);
    }
}
