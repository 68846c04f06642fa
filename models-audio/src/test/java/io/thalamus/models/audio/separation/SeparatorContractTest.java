/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;
import java.util.HashMap;
import java.util.Map;

class SeparatorContractTest extends ModelContract {

    @Override
    protected StreamModel open(GraphEngine on) {
        return new SeparatorFactory().open(TestBundles.bundle(TestBundles.OTHERS.get(0)), on);
    }

    /** The two speakers on each other's track, as nearly always so far. */
    @Override
    protected CarriedState past(CarriedState ofTheSameWindow) {
        Map<String, float[]> arrays = new HashMap<>(ofTheSameWindow.arrays());
        arrays.put("likelihoods", new float[] {-20, 0});
        arrays.put("counts", new float[] {0, 99});
        return new CarriedState(arrays);
    }
}
