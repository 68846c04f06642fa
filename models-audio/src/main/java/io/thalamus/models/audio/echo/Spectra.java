/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.CaseTensor;
import java.util.Map;

/**
 * Complex values of each bin of each frame.
 *
 * @param frames how many
 * @param re real parts, frame after frame
 * @param im imaginary parts
 */
record Spectra(int frames, float[] re, float[] im) {

    static Spectra of(int frames, int bins) {
        return new Spectra(frames, new float[frames * bins], new float[frames * bins]);
    }

    /** Puts the parts, {@code [frames, bins]} each. */
    void put(String name, Map<String, CaseTensor> into) {
        int bins = re.length / frames;
        into.put(name + ".re", CaseTensor.of(re, frames, bins));
        into.put(name + ".im", CaseTensor.of(im, frames, bins));
    }
}
