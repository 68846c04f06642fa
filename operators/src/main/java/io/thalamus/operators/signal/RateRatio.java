/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SampleRate;
import java.math.BigInteger;

/**
 * How many input samples there are for each output sample, as an exact ratio.
 *
 * @param inputs input samples
 * @param outputs for so many output samples; in lowest terms
 */
public record RateRatio(long inputs, long outputs) {

    public static RateRatio of(SampleRate input, SampleRate output) {
        BigInteger in = product(input.numerator(), output.denominator());
        BigInteger out = product(output.numerator(), input.denominator());
        BigInteger divisor = in.gcd(out);
        return new RateRatio(
                in.divide(divisor).longValueExact(), out.divide(divisor).longValueExact());
    }

    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }

    /** The last input sample that is not later than an output sample. */
    public long inputAtOrBefore(long output) {
        return scaled(output, inputs, outputs);
    }

    /** The first input sample that is not earlier than an output sample. */
    public long inputAtOrAfter(long output) {
        return -scaled(-output, inputs, outputs);
    }

    /**
     * The last output sample that is not later than an input sample.
     *
     * @throws ArithmeticException if its number is beyond 64 bits
     */
    public long outputAtOrBefore(long input) {
        return scaled(input, outputs, inputs);
    }

    /** A number times a ratio, rounded down; as large as the result may be. */
    private static long scaled(long number, long by, long over) {
        long whole = Math.floorDiv(number, over);
        long rest = number - whole * over;
        return Math.addExact(Math.multiplyExact(whole, by), Math.multiplyExact(rest, by) / over);
    }
}
