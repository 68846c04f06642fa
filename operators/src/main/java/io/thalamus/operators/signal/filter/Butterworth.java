/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * A Butterworth filter: as flat as can be in the band that it lets through, with a gain of {@code 1
 * / sqrt(2)} at its cutoffs. Designed as SciPy's {@code butter(output='sos')} does: the analog
 * prototype is moved to the pre-warped cutoffs, and made digital by the bilinear transform.
 *
 * @param band what it lets through
 * @param order of the prototype, from 1 to 20: the gain falls by {@code 6 dB * order} an octave. A
 *     band-pass or band-stop has twice as many poles.
 */
public record Butterworth(Band band, int order) implements RecursiveFilter {
    private static final int HIGHEST_ORDER = 20;

    /** Designs are made at this rate, at which half the rate is 1, and hold for any other. */
    private static final double DESIGN_RATE = 2;

    /**
     * @throws InvalidInputException if there is no such order
     */
    public Butterworth {
        if (order < 1 || order > HIGHEST_ORDER) {
            throw new InvalidInputException(
                    "butterworth: order is %d; give one from 1 to %d"
                            .formatted(order, HIGHEST_ORDER));
        }
    }

    @Override
    public SecondOrderSections sections(SampleRate rate) {
        band.check(rate);
        ZerosPoles prototype = ZerosPoles.butterworth(order);
        ZerosPoles analog =
                switch (band.kind()) {
                    case LOW_PASS -> prototype.lowPass(warped(0, rate));
                    case HIGH_PASS -> prototype.highPass(warped(0, rate));
                    case BAND_PASS -> prototype.bandPass(warped(0, rate), warped(1, rate));
                    case BAND_STOP -> prototype.bandStop(warped(0, rate), warped(1, rate));
                };
        return SectionPairing.sectionsOf(analog.bilinear(DESIGN_RATE));
    }

    /** Where an analog filter must have its cutoff, so that the digital one has it in place. */
    private double warped(int cutoff, SampleRate rate) {
        return 2
                * DESIGN_RATE
                * StrictMath.tan(Math.PI * band.relative(cutoff, rate) / DESIGN_RATE);
    }
}
