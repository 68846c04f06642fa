/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.io.Serializable;
import java.math.BigInteger;
import java.time.Duration;

/**
 * A sample rate in hertz as an exact ratio, so that the time of a sample is the same whatever block
 * it is reached from: hourly readings are 1/3600 Hz, audio is 44100/1 Hz.
 *
 * <p>It is at most 500 MHz and its denominator at most 292 years, so that {@code
 * samplesIn(nanosOf(n)) == n} for every sample whose time a long can hold.
 *
 * @param numerator samples
 * @param denominator per this many seconds; the ratio is kept in lowest terms
 */
public record SampleRate(long numerator, long denominator) implements Serializable {
    private static final long NANOS = 1_000_000_000L;

    /** Two nanoseconds a sample: beyond it, the time of a sample would no longer name it. */
    private static final long FASTEST = NANOS / 2;

    public SampleRate {
        if (numerator <= 0 || denominator <= 0) {
            throw new IllegalArgumentException(
                    "a sample rate is a positive ratio, not " + numerator + "/" + denominator);
        }
        long divisor =
                BigInteger.valueOf(numerator).gcd(BigInteger.valueOf(denominator)).longValue();
        numerator /= divisor;
        denominator /= divisor;
        if (denominator > Long.MAX_VALUE / NANOS || numerator > FASTEST * denominator) {
            throw new IllegalArgumentException(
                    "a sample rate is at most 500 MHz and its period at most 292 years, not "
                            + numerator
                            + "/"
                            + denominator
                            + " Hz");
        }
    }

    /** A whole number of samples a second. */
    public static SampleRate ofHertz(long hertz) {
        return new SampleRate(hertz, 1);
    }

    /** One sample every {@code period}. */
    public static SampleRate ofPeriod(Duration period) {
        return new SampleRate(NANOS, period.toNanos());
    }

    public double hertz() {
        return (double) numerator / denominator;
    }

    /** The time that {@code samples} take, in nanoseconds, rounded down. */
    public long nanosOf(long samples) {
        // Towards zero: the whole seconds of a time that a long can hold are such a time too.
        long whole = samples / numerator;
        long second = Math.multiplyExact(denominator, NANOS);
        long rest = samples % numerator * second;
        if (Math.multiplyHigh(samples % numerator, second) == rest >> (Long.SIZE - 1)) {
            return Math.addExact(Math.multiplyExact(whole, second), Math.floorDiv(rest, numerator));
        }
        BigInteger product = BigInteger.valueOf(samples).multiply(BigInteger.valueOf(second));
        return floorDivide(product, BigInteger.valueOf(numerator)).longValueExact();
    }

    /** The number of samples nearest to a time in nanoseconds; ties go up. */
    public long samplesIn(long nanos) {
        long second = Math.multiplyExact(denominator, NANOS);
        long product = nanos * numerator;
        if (Math.multiplyHigh(nanos, numerator) == product >> (Long.SIZE - 1)) {
            long whole = Math.floorDiv(product, second);
            long rest = product - whole * second;
            return rest >= second - rest ? whole + 1 : whole;
        }
        // floor(x + 1/2) with x = nanos * numerator / second
        BigInteger wide = BigInteger.valueOf(second);
        BigInteger twice =
                BigInteger.valueOf(nanos).multiply(BigInteger.valueOf(numerator)).shiftLeft(1);
        return floorDivide(twice.add(wide), wide.shiftLeft(1)).longValueExact();
    }

    /**
     * How many samples, from sample 0 on, are earlier than a time in nanoseconds: the number of the
     * first that is not. Negative for times before that of sample 0.
     */
    public long samplesBefore(long nanos) {
        long nearest = samplesIn(nanos);
        return nanosOf(nearest) < nanos ? nearest + 1 : nearest;
    }

    private static BigInteger floorDivide(BigInteger dividend, BigInteger divisor) {
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    @Override
    public String toString() {
        return denominator == 1 ? numerator + " Hz" : numerator + "/" + denominator + " Hz";
    }
}
