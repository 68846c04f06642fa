/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A rational transfer function: {@code gain * prod(s - zero) / prod(s - pole)}. The steps of a
 * design follow SciPy's {@code buttap}, {@code lp2lp_zpk}, {@code lp2hp_zpk}, {@code lp2bp_zpk},
 * {@code lp2bs_zpk} and {@code bilinear_zpk}, for prototypes without zeros.
 */
record ZerosPoles(List<Complex> zeros, List<Complex> poles, double gain) {

    /** The analog Butterworth low-pass of an order with cutoff 1 rad/s. */
    static ZerosPoles butterworth(int order) {
        List<Complex> poles = new ArrayList<>();
        for (int m = 1 - order; m < order; m += 2) {
            // The middle pole of an odd order is real: exp(0) is 1 without rounding.
            poles.add(Complex.onUnitCircle(Math.PI * m / (2 * order)).negated());
        }
        return new ZerosPoles(List.of(), poles, 1);
    }

    /** An analog prototype with its cutoff moved. */
    ZerosPoles lowPass(double cutoff) {
        return new ZerosPoles(
                List.of(),
                mapped(poles, pole -> pole.times(cutoff)),
                gain * StrictMath.pow(cutoff, poles.size()));
    }

    /** An analog prototype turned into a high-pass. */
    ZerosPoles highPass(double cutoff) {
        return new ZerosPoles(
                Collections.nCopies(poles.size(), Complex.real(0)),
                mapped(poles, Complex.real(cutoff)::dividedBy),
                gain / product(mapped(poles, Complex::negated)).real());
    }

    /** An analog prototype turned into a band-pass around the geometric mean of its edges. */
    ZerosPoles bandPass(double lower, double upper) {
        double width = upper - lower;
        return new ZerosPoles(
                Collections.nCopies(poles.size(), Complex.real(0)),
                shifted(mapped(poles, pole -> pole.times(width / 2)), lower * upper),
                gain * StrictMath.pow(width, poles.size()));
    }

    /** An analog prototype turned into a band-stop around the geometric mean of its edges. */
    ZerosPoles bandStop(double lower, double upper) {
        Complex halfWidth = Complex.real((upper - lower) / 2);
        double centre = StrictMath.sqrt(lower * upper);
        List<Complex> zeros = new ArrayList<>();
        zeros.addAll(Collections.nCopies(poles.size(), new Complex(0, centre)));
        zeros.addAll(Collections.nCopies(poles.size(), new Complex(0, -centre)));
        return new ZerosPoles(
                zeros,
                shifted(mapped(poles, halfWidth::dividedBy), lower * upper),
                gain / product(mapped(poles, Complex::negated)).real());
    }

    /**
     * The digital filter of an analog one by the bilinear transform; zeros at infinity go to -1.
     */
    ZerosPoles bilinear(double rate) {
        Complex twice = Complex.real(2 * rate);
        List<Complex> digital =
                new ArrayList<>(
                        mapped(zeros, zero -> twice.plus(zero).dividedBy(twice.minus(zero))));
        digital.addAll(Collections.nCopies(poles.size() - zeros.size(), Complex.real(-1)));
        Complex scale =
                product(mapped(zeros, twice::minus))
                        .dividedBy(product(mapped(poles, twice::minus)));
        return new ZerosPoles(
                digital,
                mapped(poles, pole -> twice.plus(pole).dividedBy(twice.minus(pole))),
                gain * scale.real());
    }

    /** Each pole p moved to {@code p + sqrt(p^2 - squared)} and {@code p - sqrt(p^2 - squared)}. */
    private static List<Complex> shifted(List<Complex> poles, double squared) {
        List<Complex> all = new ArrayList<>();
        for (int sign = 1; sign >= -1; sign -= 2) {
            for (Complex pole : poles) {
                Complex root = pole.times(pole).minus(Complex.real(squared)).squareRoot();
                all.add(pole.plus(root.times(sign)));
            }
        }
        return all;
    }

    private static List<Complex> mapped(List<Complex> values, UnaryOperator<Complex> mapping) {
        return values.stream().map(mapping).toList();
    }

    private static Complex product(List<Complex> values) {
        return values.stream().reduce(Complex.ONE, Complex::times);
    }
}
