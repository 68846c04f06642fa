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

    /** The two speakers on each other's track, and sounding otherwise than they do. */
    @Override
    protected CarriedState past(CarriedState ofTheSameWindow) {
        Map<String, float[]> arrays = new HashMap<>(ofTheSameWindow.arrays());
        for (String name : new String[] {"tracks", "spectra"}) {
            float[] array = arrays.get(name);
            float[] exchanged = new float[array.length];
            int half = array.length / 2;
            System.arraycopy(array, half, exchanged, 0, half);
            System.arraycopy(array, 0, exchanged, half, half);
            arrays.put(name, exchanged);
        }
        arrays.put("heard", new float[] {1, 1});
        return new CarriedState(arrays);
    }
}
