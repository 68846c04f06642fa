/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.Tensor;
import java.util.Map;

/** Maps of complex channels, real and imaginary part of each in turn. */
final class ComplexMaps {
    private ComplexMaps() {}

    /** Puts the parts of the first signal's maps, {@code [channels, frames, bins]} each. */
    static void split(String name, Tensor maps, Map<String, CaseTensor> into) {
        int channels = maps.dimension(1) / 2;
        int size = maps.dimension(2) * maps.dimension(3);
        float[] re = new float[channels * size];
        float[] im = new float[channels * size];
        for (int channel = 0; channel < channels; channel++) {
            System.arraycopy(maps.data(), 2 * channel * size, re, channel * size, size);
            System.arraycopy(maps.data(), (2 * channel + 1) * size, im, channel * size, size);
        }
        int[] shape = {channels, maps.dimension(2), maps.dimension(3)};
        into.put(name + ".re", CaseTensor.of(re, shape));
        into.put(name + ".im", CaseTensor.of(im, shape.clone()));
    }
}
