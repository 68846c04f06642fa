/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.MissingGuard;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.Kaiser;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.math.BigInteger;

/**
 * Changes the sample rate by a ratio of whole numbers: {@code up} samples out for {@code down}
 * samples in, through a symmetric filter that removes what the lower of the two rates cannot carry,
 * so that nothing folds back. With {@code up} 1 it is decimation. Units stay.
 *
 * <p>Same numbers as {@code scipy.signal.resample_poly}: the filter is a sinc under a Kaiser window
 * of beta 5 or as given, {@code 10 max(up, down)} long to each side at {@code up} times the input
 * rate; its delay is removed; before the first and after the last sample of a segment there are
 * zeros; {@code n} samples give {@code ceil(n up / down)}. Of the many phases of the filter only
 * the one that an output sample needs is computed (Crochiere and Rabiner, Multirate Digital Signal
 * Processing, 3.3).
 *
 * <p>Latency: {@code ceil(10 max(up, down) / up)} input samples, 20 for a half, 10 for a multiple,
 * since an output sample waits for half the filter.
 *
 * @param up samples out; the two are kept in lowest terms
 * @param down for so many samples in
 * @param beta of the Kaiser window: the larger, the more is suppressed of what would fold back, and
 *     the more is lost below half the lower rate
 */
public record Resample(long up, long down, double beta) implements SignalTransform {
    /** The beta that SciPy takes, with which the stop band is about 54 dB down. */
    public static final double BETA = 5;

    /** Half the length of the filter for a ratio of 1, in samples. */
    static final int HALF_LENGTH = 10;

    /** Beyond it, the filter would have more than two million coefficients. */
    private static final long LARGEST = 100_000;

    public Resample {
        if (up < 1 || down < 1) {
            throw new InvalidInputException(
                    "resample: the ratio is %d/%d; give whole numbers of at least 1"
                            .formatted(up, down));
        }
        new Kaiser(beta);
        long divisor = BigInteger.valueOf(up).gcd(BigInteger.valueOf(down)).longValue();
        up /= divisor;
        down /= divisor;
        if (Math.max(up, down) > LARGEST) {
            throw new InvalidInputException(
                    ("resample: the ratio %d/%d needs a filter of %s coefficients; choose a rate"
                                    + " whose ratio to the stream's has no number above %d")
                            .formatted(up, down, filterLength(up, down), LARGEST));
        }
    }

    /** Under the usual window. */
    public Resample(long up, long down) {
        this(up, down, BETA);
    }

    private static BigInteger filterLength(long up, long down) {
        return BigInteger.valueOf(Math.max(up, down))
                .multiply(BigInteger.valueOf(2 * HALF_LENGTH))
                .add(BigInteger.ONE);
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        if (up == down) {
            return new Unchanged(input);
        }
        StreamShape output = new StreamShape(input.channels(), outputRate(input.rate()));
        return MissingGuard.around(
                new Polyphase(output, (int) up, (int) down, new Kaiser(beta)), input);
    }

    private SampleRate outputRate(SampleRate input) {
        try {
            return new SampleRate(
                    Math.multiplyExact(input.numerator(), up),
                    Math.multiplyExact(input.denominator(), down));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InvalidInputException(
                    "resample: %d/%d of %s is no rate that a stream can have"
                            .formatted(up, down, input),
                    e);
        }
    }
}
