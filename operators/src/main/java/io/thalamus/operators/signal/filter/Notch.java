/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * Takes a single frequency away, such as that of the mains, and if asked its multiples. Each notch
 * is one section, designed as SciPy's {@code iirnotch} does.
 *
 * @param frequency in hertz
 * @param q the quality: a notch is {@code frequency / q} hertz wide where its gain is {@code 1 /
 *     sqrt(2)}, and the ones at multiples accordingly wider
 * @param harmonics how many multiples are taken away, the frequency itself being the first; those
 *     that are not below half the sample rate are left out
 */
public record Notch(double frequency, double q, int harmonics) implements RecursiveFilter {

    /**
     * @throws InvalidInputException if a figure is not usable at any sample rate
     */
    public Notch {
        if (!Double.isFinite(frequency) || frequency <= 0) {
            throw new InvalidInputException(
                    "notch: the frequency is %s Hz; give a positive one".formatted(frequency));
        }
        if (!Double.isFinite(q) || q <= 0) {
            throw new InvalidInputException("notch: q is %s; give a positive number".formatted(q));
        }
        if (harmonics < 1) {
            throw new InvalidInputException(
                    "notch: harmonics is %d; give at least 1, for the frequency itself"
                            .formatted(harmonics));
        }
    }

    /** At the frequency alone. */
    public Notch(double frequency, double q) {
        this(frequency, q, 1);
    }

    @Override
    public SecondOrderSections sections(SampleRate rate) {
        Nyquist.check("notch: the frequency", frequency, rate);
        SecondOrderSections sections = section(frequency, rate);
        for (int multiple = 2; multiple <= harmonics; multiple++) {
            if (!Nyquist.isBelow(multiple * frequency, rate)) {
                break;
            }
            sections = sections.then(section(multiple * frequency, rate));
        }
        return sections;
    }

    private SecondOrderSections section(double hertz, SampleRate rate) {
        Nyquist.check("notch: the width at %s Hz".formatted(hertz), hertz / q, rate);
        double angle = 2 * Math.PI * hertz / rate.hertz();
        double gain = 1 / (1 + StrictMath.tan(angle / q / 2));
        double middle = -2 * gain * StrictMath.cos(angle);
        return new SecondOrderSections(gain, middle, gain, 1, middle, 2 * gain - 1);
    }
}
