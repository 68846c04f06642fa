/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;

class SeparatorContractTest extends ModelContract {

    @Override
    protected StreamModel open(GraphEngine on) {
        return new SeparatorFactory().open(TestBundles.bundle(TestBundles.OTHERS.get(0)), on);
    }
}
