/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.math.BigInteger;

/**
 * How long a lap of a looped recording is: from its start to the end of the stream that ends last,
 * in whole samples of that stream, so that no rounding adds up however many laps there are. Every
 * other stream begins a lap at its first sample that is not earlier, so that its numbers and its
 * times go on together; no lap reaches into the next.
 *
 * @param samples of the longest stream
 * @param rate that stream's
 */
record LapLength(long samples, SampleRate rate) {

    /** Before any frame has come. */
    static final LapLength UNKNOWN = new LapLength(0, SampleRate.ofHertz(1));

    /**
     * The length with a frame in it.
     *
     * @param firstSequence of the frame's stream in the recording, which may be any
     * @param startNanos the recording's start
     */
    LapLength with(SignalFrame frame, long firstSequence, long startNanos) {
        // The clock of a stream may be off its rate, so that time and number end at two places.
        long end =
                Math.max(
                        frame.nextSequence() - firstSequence,
                        frame.rate().samplesBefore(frame.endNanos() - startNanos));
        return isLonger(end, frame.rate()) ? new LapLength(end, frame.rate()) : this;
    }

    private boolean isLonger(long otherSamples, SampleRate other) {
        return seconds(otherSamples, other, rate).compareTo(seconds(samples, rate, other)) > 0;
    }

    /** How long samples last, in seconds by the product of both rates' numerators. */
    private static BigInteger seconds(long samples, SampleRate of, SampleRate and) {
        return BigInteger.valueOf(samples)
                .multiply(BigInteger.valueOf(of.denominator()))
                .multiply(BigInteger.valueOf(and.numerator()));
    }

    /** How long so many laps are, in nanoseconds. */
    long nanosBefore(long laps) {
        return rate.nanosOf(Math.multiplyExact(laps, samples));
    }

    /** How many samples of a stream so many laps take. */
    long samplesBefore(long laps, SampleRate ofStream) {
        return ofStream.samplesBefore(nanosBefore(laps));
    }
}
