/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;

/** A stretch of a stream: a number of samples, or a time, which is so many samples at a rate. */
public sealed interface Span extends Serializable {

    static Span ofSamples(int count) {
        return new Samples(count);
    }

    static Span of(Duration duration) {
        return new Time(duration);
    }

    /**
     * How many samples it is.
     *
     * @throws InvalidInputException if it is no whole number of samples at this rate, or more than
     *     an int holds
     */
    int samplesAt(SampleRate rate);

    /**
     * How many whole samples it has room for, for bounds that need not fall on a sample; at most
     * what an int holds.
     */
    int samplesWithin(SampleRate rate);

    /** So many samples, at whatever rate. */
    record Samples(int count) implements Span {

        public Samples {
            if (count < 1) {
                throw new InvalidInputException(
                        "a stretch of %d samples cannot be; give at least 1".formatted(count));
            }
        }

        @Override
        public int samplesAt(SampleRate rate) {
            return count;
        }

        @Override
        public int samplesWithin(SampleRate rate) {
            return count;
        }

        @Override
        public String toString() {
            return count + " samples";
        }
    }

    /** So long a time. */
    record Time(Duration duration) implements Span {

        public Time {
            if (duration.isNegative() || duration.isZero()) {
                throw new InvalidInputException(
                        "a stretch of %s cannot be; give a time above zero".formatted(duration));
            }
        }

        @Override
        public int samplesAt(SampleRate rate) {
            BigInteger[] parts = samples(rate);
            if (parts[1].signum() != 0) {
                throw new InvalidInputException(
                        "%s is no whole number of samples at %s; give a multiple of a sample's"
                                        .formatted(this, rate)
                                + " time, or a number of samples");
            }
            if (parts[0].bitLength() >= Integer.SIZE) {
                throw new InvalidInputException(
                        "%s is %s samples at %s; give at most %d samples"
                                .formatted(this, parts[0], rate, Integer.MAX_VALUE));
            }
            return parts[0].intValue();
        }

        @Override
        public int samplesWithin(SampleRate rate) {
            return samples(rate)[0].min(BigInteger.valueOf(Integer.MAX_VALUE)).intValue();
        }

        /** Whole samples, and the rest. */
        private BigInteger[] samples(SampleRate rate) {
            BigInteger second = BigInteger.valueOf(Duration.ofSeconds(1).toNanos());
            BigInteger nanos =
                    BigInteger.valueOf(duration.getSeconds())
                            .multiply(second)
                            .add(BigInteger.valueOf(duration.getNano()));
            return nanos.multiply(BigInteger.valueOf(rate.numerator()))
                    .divideAndRemainder(second.multiply(BigInteger.valueOf(rate.denominator())));
        }

        /** As ISO 8601 has it, in small letters and without its prefix: 2s, 1.5s, 1h30m. */
        @Override
        public String toString() {
            return duration.toString().substring(2).toLowerCase(Locale.ROOT);
        }
    }
}
