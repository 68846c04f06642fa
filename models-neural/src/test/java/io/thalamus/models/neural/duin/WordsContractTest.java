/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;

class WordsContractTest extends ModelContract {

    @Override
    protected StreamModel open(GraphEngine on) {
        return new DuinFactory().open(TestBundles.bundle(TestBundles.WIDE_WORDS), on);
    }
}
