/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;

/**
 * Keeps of each block of a signal the bands of frequencies that hold most of its energy, and takes
 * the others away. A block goes through an orthonormal discrete cosine transform of type II, whose
 * coefficients are cut into bands of equal width, give or take one; the strongest bands are kept,
 * one after the other, until there are {@code keep} of them or they hold the {@code share} of the
 * block's energy, and the rest is set to zero before the way back. Of equal bands the lower comes
 * first.
 *
 * <p>The idea is that of the Dynamic Spectrum Mixer, which selects bands of a cosine transform by
 * weights that a network learns from the content (Hu and Yu, "Dynamic Spectrum Mixer for Visual
 * Recognition", arXiv 2309.06721, 2023); here nothing is learned, and the energy decides.
 *
 * <p>Blocks overlap by half, under roots of Hann tapers, so that they join without seams; if all
 * bands are kept, the signal comes out as it was, to rounding. Band {@code b} is about {@code [b, b
 * + 1) rate / (2 bands)} Hz. Channels, rate and unit stay. Latency: {@code length - 1} samples. A
 * block in which a value is missing or infinite is missing, in that channel.
 *
 * @param length samples of a block, even and at least 4
 * @param bands how many there are, at most as many as samples
 * @param keep how many are kept at most
 * @param share of the energy of a block, above 0 and at most 1, at which no further band is kept
 */
public record DctBands(int length, int bands, int keep, double share) implements SignalTransform {

    public DctBands {
        OverlappingBlocks.check("dct-bands", length);
        if (bands < 1 || bands > length) {
            throw new InvalidInputException(
                    "dct-bands: bands is %d; give a number from 1 to the length, %d"
                            .formatted(bands, length));
        }
        if (keep < 1 || keep > bands) {
            throw new InvalidInputException(
                    "dct-bands: keep is %d; give a number from 1 to the bands, %d"
                            .formatted(keep, bands));
        }
        if (!(share > 0 && share <= 1)) {
            throw new InvalidInputException(
                    "dct-bands: share is %s; give a number above 0 and up to 1".formatted(share));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new OverlappingBlocks(input, length, new Selection());
    }

    private int firstOf(int band) {
        return (int) ((long) band * length / bands);
    }

    /** Remembers nothing from block to block. */
    private final class Selection implements BlockChange {
        private static final double TAKEN = -1;

        private final Dct dct = Dct.orthonormal(length);
        private final double[] coefficients = new double[length];
        private final double[] energies = new double[bands];

        @Override
        public TransformState start() {
            return TransformState.none();
        }

        @Override
        public void change(double[] block, int channel, TransformState state) {
            dct.type2(block, coefficients);
            double missing = share * measure();
            for (int kept = 0; kept < keep && missing > 0; kept++) {
                int strongest = strongest();
                missing -= energies[strongest];
                energies[strongest] = TAKEN;
            }
            for (int band = 0; band < bands; band++) {
                if (energies[band] != TAKEN) {
                    Arrays.fill(coefficients, firstOf(band), firstOf(band + 1), 0);
                }
            }
            dct.type3(coefficients, block);
        }

        /** The energy of the block, and that of each band. */
        private double measure() {
            double sum = 0;
            for (int band = 0; band < bands; band++) {
                double energy = 0;
                for (int k = firstOf(band); k < firstOf(band + 1); k++) {
                    energy += coefficients[k] * coefficients[k];
                }
                energies[band] = energy;
                sum += energy;
            }
            return sum;
        }

        private int strongest() {
            int strongest = 0;
            for (int band = 1; band < bands; band++) {
                if (energies[band] > energies[strongest]) {
                    strongest = band;
                }
            }
            return strongest;
        }
    }
}
