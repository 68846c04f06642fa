/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Splits a digital filter into second-order sections as SciPy's {@code zpk2sos} does with pairing
 * {@code nearest}: the poles nearest to the unit circle are taken first, each with the zeros
 * nearest to it, and make the last section, so that peaks are damped before they are amplified. The
 * gain lies in the first section.
 */
final class SectionPairing {
    /** Up to this share of its magnitude, an imaginary part is rounding. */
    private static final double ROUNDING = 100 * Math.ulp(1.0);

    /** Of each pair of conjugates, only the one above the real axis. */
    private final List<Complex> zeros;

    private final List<Complex> poles;

    private SectionPairing(ZerosPoles filter) {
        // An odd number is filled up with one more at the origin, which changes nothing.
        boolean odd = filter.poles().size() % 2 == 1;
        zeros = upperHalf(filter.zeros(), odd);
        poles = upperHalf(filter.poles(), odd);
    }

    /** The sections of a filter with as many zeros as poles. */
    static SecondOrderSections sectionsOf(ZerosPoles filter) {
        int count = (filter.poles().size() + 1) / 2;
        SectionPairing remaining = new SectionPairing(filter);
        double[] coefficients = new double[count * SecondOrderSections.COEFFICIENTS];
        for (int section = count - 1; section >= 0; section--) {
            remaining.take(coefficients, section * SecondOrderSections.COEFFICIENTS);
        }
        for (int i = 0; i < 3; i++) {
            coefficients[i] *= filter.gain();
        }
        return new SecondOrderSections(coefficients);
    }

    private void take(double[] coefficients, int at) {
        Complex pole = worst(poles, any -> true);
        poles.remove(pole);
        Complex zero = nearest(pole, any -> true);
        zeros.remove(zero);
        // There are always an even number of real poles, and of real zeros.
        put(coefficients, at, zero, zero.isReal() ? takeRealZero(pole) : zero.conjugate());
        put(coefficients, at + 3, pole, pole.isReal() ? takeRealPole() : pole.conjugate());
    }

    private Complex takeRealZero(Complex pole) {
        Complex zero = nearest(pole, Complex::isReal);
        zeros.remove(zero);
        return zero;
    }

    private Complex takeRealPole() {
        Complex pole = worst(poles, Complex::isReal);
        poles.remove(pole);
        return pole;
    }

    /** The polynomial with two roots, leading coefficient first. */
    private static void put(double[] coefficients, int at, Complex first, Complex second) {
        coefficients[at] = 1;
        coefficients[at + 1] = -(first.real() + second.real());
        coefficients[at + 2] = first.times(second).real();
    }

    private static Complex worst(List<Complex> poles, Predicate<Complex> which) {
        return poles.stream()
                .filter(which)
                .min(Comparator.comparingDouble(pole -> Math.abs(1 - pole.abs())))
                .orElseThrow();
    }

    private Complex nearest(Complex pole, Predicate<Complex> which) {
        return zeros.stream()
                .filter(which)
                .min(Comparator.comparingDouble(zero -> zero.minus(pole).abs()))
                .orElseThrow();
    }

    /** Pairs first, then the real ones, each by ascending real part. */
    private static List<Complex> upperHalf(List<Complex> values, boolean odd) {
        List<Complex> pairs = new ArrayList<>();
        List<Complex> reals = new ArrayList<>();
        for (Complex value : values) {
            if (Math.abs(value.imaginary()) <= ROUNDING * value.abs()) {
                reals.add(Complex.real(value.real()));
            } else if (value.imaginary() > 0) {
                pairs.add(value);
            }
        }
        if (odd) {
            reals.add(Complex.real(0));
        }
        pairs.sort(Comparator.comparingDouble(Complex::real));
        reals.sort(Comparator.comparingDouble(Complex::real));
        pairs.addAll(reals);
        return pairs;
    }
}
