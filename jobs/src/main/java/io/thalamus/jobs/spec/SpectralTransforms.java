/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.fourier.InverseStft;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import java.util.List;

/** The transforms of {@code operators.signal.fourier}, as steps of a pipeline. */
final class SpectralTransforms {
    private static final Key<Integer> LENGTH =
            Key.required("length", KeyTypes.integer(2), "samples of a block");
    private static final Key<Integer> HOP =
            Key.required("hop", KeyTypes.integer(1), "samples from a block to the next");
    private static final Key<StandardTaper> TAPER =
            Key.optional(
                    "taper",
                    KeyTypes.constant(StandardTaper.class),
                    StandardTaper.HANN,
                    "hann",
                    "the weights of a block");
    private static final Key<Boolean> CENTRED =
            Key.optional(
                    "centred",
                    KeyTypes.FLAG,
                    true,
                    "whether a spectrum describes the signal around its time, or from it on");
    private static final List<Key<?>> KEYS = List.of(LENGTH, HOP, TAPER, CENTRED);

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "stft",
                            "Spectra of blocks: for each channel, real and imaginary part of each"
                                    + " frequency.",
                            KEYS,
                            (section, context) -> stft(section)),
                    new TransformType(
                            "istft",
                            "From the spectra of an stft with the same keys back to the signal.",
                            KEYS,
                            (section, context) -> new InverseStft(stft(section))));

    private SpectralTransforms() {}

    private static Stft stft(Section section) {
        return new Stft(
                section.get(LENGTH), section.get(HOP), section.get(TAPER), section.get(CENTRED));
    }
}
