/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.Arrays;

/**
 * A recursive filter as a cascade of sections {@code (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2
 * z^-2)}, in which rounding does far less harm than in one polynomial of the whole.
 */
public final class SecondOrderSections {
    /** Numbers for each section: b0, b1, b2, 1, a1, a2. */
    static final int COEFFICIENTS = 6;

    private final double[] coefficients;

    /**
     * @throws InvalidInputException if a section is not stable
     */
    SecondOrderSections(double... coefficients) {
        this.coefficients = coefficients.clone();
        for (int section = 0; section < count(); section++) {
            // The triangle of stability; comparisons with NaN are false.
            boolean stable = Math.abs(a2(section)) < 1 && Math.abs(a1(section)) < 1 + a2(section);
            if (!stable) {
                throw new InvalidInputException(
                        "the filter is not stable in float64; take a cutoff that is not so near to"
                                + " 0 or to half the sample rate, a wider band, or a lower order");
            }
        }
    }

    /** Sections, each of which works on the output of the one before. */
    public int count() {
        return coefficients.length / COEFFICIENTS;
    }

    /** The numbers b0, b1, b2, 1, a1, a2 of each section, as SciPy's {@code sos} has them. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    double b0(int section) {
        return coefficients[section * COEFFICIENTS];
    }

    double b1(int section) {
        return coefficients[section * COEFFICIENTS + 1];
    }

    double b2(int section) {
        return coefficients[section * COEFFICIENTS + 2];
    }

    double a1(int section) {
        return coefficients[section * COEFFICIENTS + 4];
    }

    double a2(int section) {
        return coefficients[section * COEFFICIENTS + 5];
    }

    /** These sections, and then those of another filter. */
    SecondOrderSections then(SecondOrderSections next) {
        double[] all = Arrays.copyOf(coefficients, coefficients.length + next.coefficients.length);
        System.arraycopy(next.coefficients, 0, all, coefficients.length, next.coefficients.length);
        return new SecondOrderSections(all);
    }

    /**
     * By how many samples the envelope of a wave of this frequency comes later than it went in: the
     * negative derivative of the phase by the angular frequency. Undefined, and then NaN or without
     * meaning, at a frequency that the filter takes away altogether.
     *
     * @param frequency in hertz
     */
    public double groupDelay(double frequency, SampleRate rate) {
        double angle = 2 * Math.PI * frequency / rate.hertz();
        double delay = 0;
        for (int section = 0; section < count(); section++) {
            delay += delay(b0(section), b1(section), b2(section), angle);
            delay -= delay(1, a1(section), a2(section), angle);
        }
        return delay;
    }

    /** That of a polynomial in z^-1: the real part of sum(k c_k z^-k) / sum(c_k z^-k). */
    private static double delay(double c0, double c1, double c2, double angle) {
        Complex first = Complex.onUnitCircle(-angle).times(c1);
        Complex second = Complex.onUnitCircle(-2 * angle).times(c2);
        Complex value = Complex.real(c0).plus(first).plus(second);
        return first.plus(second.times(2)).dividedBy(value).real();
    }
}
