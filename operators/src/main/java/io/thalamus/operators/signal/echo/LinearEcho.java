/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;

/**
 * A linear acoustic echo canceller. The first of two channels is the microphone, the second the far
 * end, as it is fed to the loudspeaker. The first channel of the output is the microphone less an
 * estimate of the echo; the second is what a residual echo suppressor, such as a network, is told
 * the echo is like: a {@link Reference}. Channels, rate and unit stay.
 *
 * <p>The echo is the far end behind a bulk delay, through a response of a length {@code tail}. The
 * delay is found by generalised cross-correlation ({@link DelaySearch}), in whole blocks, and the
 * response by a {@link KalmanFilter}, which goes on while the near end talks: what it learns from a
 * block becomes less as the error is greater than what is known to be its own. A delay that is
 * found anew moves what has been learnt along, so that the estimate goes on without a seam.
 *
 * <p>Where the clocks of the two channels drift apart, the far end is resampled by that of the
 * microphone, so that the filter hears one room and not one that turns ({@link SkewEstimate},
 * {@link FarEndReader}), as long as the echo comes late enough for the interpolation to look ahead.
 * Clocks less than 3 parts per million apart are left to the filter, to the bit. Without a search
 * for the delay clocks are not followed, nor with a longest delay that is too short to keep as much
 * of the far end as the interpolation takes: a block and 65 samples are always enough.
 *
 * <p>While the far end is silent for longer than the tail and the delay, the first channel comes
 * out to the bit as it came in.
 *
 * <p>Missing and infinite values are missing in the first channel of the output at their time; in
 * the second, of the far end, at the time to which they are delayed. A loudspeaker is taken to be
 * silent where the far end is missing; a block in which the microphone is, teaches nothing.
 *
 * <p>Latency: a block less a sample. The signal is not delayed. About {@code 0.8} MB of memory a
 * stream at 16 kHz.
 *
 * @param tail how long the response of the room is, from the delay on
 * @param maximalDelay the longest delay that is looked for; zero for none, where the far end is
 *     known to be aligned
 * @param block samples that are filtered at a time, as a duration: the shorter, the faster the
 *     filter learns, and the more it costs
 * @param reference what the second channel is
 */
public record LinearEcho(Duration tail, Duration maximalDelay, Duration block, Reference reference)
        implements SignalTransform {
    /** More would take a state of megabytes, for what no room does. */
    private static final int MOST_PARTITIONS = 1024;

    /** What comes out as the second channel. */
    public enum Reference {
        /** The far end, delayed as the echo was found to be, in whole blocks. */
        FAR_END,
        /** The estimate of the echo that was taken away from the microphone. */
        ECHO
    }

    public LinearEcho {
        if (tail.isNegative() || tail.isZero() || block.isNegative() || block.isZero()) {
            throw new InvalidInputException(
                    "linear-echo: tail is %d ms and block is %d ms; give times above zero"
                            .formatted(tail.toMillis(), block.toMillis()));
        }
        if (maximalDelay.isNegative()) {
            throw new InvalidInputException(
                    "linear-echo: max-delay is %d ms; give zero or above"
                            .formatted(maximalDelay.toMillis()));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        if (input.channels().size() != 2) {
            throw new InvalidInputException(
                    "linear-echo: the channels are %s; give two, the microphone and the far end"
                            .formatted(input.channels()));
        }
        double rate = input.rate().hertz();
        long hop = Math.round(seconds(block) * rate);
        long partitions = (long) Math.ceil(seconds(tail) * rate / hop);
        long delays = (long) Math.ceil(seconds(maximalDelay) * rate / hop);
        if (hop < 2) {
            throw new InvalidInputException(
                    "linear-echo: block is %d ms, which is %d samples at %s; give at least 2"
                            .formatted(block.toMillis(), hop, input.rate()));
        }
        if (partitions + delays > MOST_PARTITIONS) {
            throw new InvalidInputException(
                    "linear-echo: tail and max-delay are %d blocks; at most %d are possible, so give longer blocks"
                            .formatted(partitions + delays, MOST_PARTITIONS));
        }
        return new EchoCancellation(
                input, new Sizes((int) hop, (int) partitions, (int) delays), reference);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
