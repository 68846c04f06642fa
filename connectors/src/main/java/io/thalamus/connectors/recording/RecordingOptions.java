/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * How a binary recording is read.
 *
 * @param frameLength samples of a frame, unless a gap, the end or the layout of the file cuts it
 *     short
 * @param start the time of the first sample of a file that knows no time; from 1678 to 2261
 * @param channels the channels to read, in this order, each from the stream that has it; empty is
 *     all
 */
public record RecordingOptions(int frameLength, Instant start, List<String> channels)
        implements Serializable {

    private static final int LONGEST_FRAME = 1 << 20;

    public RecordingOptions {
        if (frameLength < 1 || frameLength > LONGEST_FRAME) {
            throw new InvalidInputException(
                    "a frame holds 1 to " + LONGEST_FRAME + " samples, not " + frameLength);
        }
        if (Set.copyOf(channels).size() < channels.size()) {
            throw new InvalidInputException(
                    "the channels " + channels + " name one twice: name each once");
        }
        nanos(start); // an impossible time is found here, not in a running job
        channels = List.copyOf(channels);
    }

    /** Frames of 256 samples; 1970 as the start where there is none; all channels. */
    public static RecordingOptions defaults() {
        return new RecordingOptions(256, Instant.EPOCH, List.of());
    }

    public RecordingOptions withFrameLength(int other) {
        return new RecordingOptions(other, start, channels);
    }

    public RecordingOptions withStart(Instant other) {
        return new RecordingOptions(frameLength, other, channels);
    }

    public RecordingOptions withChannels(List<String> other) {
        return new RecordingOptions(frameLength, start, other);
    }

    /** {@link #start()} in nanoseconds since the epoch. */
    long startNanos() {
        return nanos(start);
    }

    /** Samples of a frame of so many channels: fewer than wanted if it would be too large. */
    int frameLength(int channelCount) {
        return Math.max(1, Math.min(frameLength, Received.MAX_FRAME_VALUES / channelCount));
    }

    /**
     * Which channels of a stream are read, in which order.
     *
     * @param available the stream's channels
     * @return indices into {@code available}; none if the stream is not read
     */
    int[] selection(List<String> available) {
        return channels.isEmpty()
                ? available.stream().mapToInt(available::indexOf).toArray()
                : channels.stream().mapToInt(available::indexOf).filter(i -> i >= 0).toArray();
    }

    /** Makes sure that each wanted channel is one of those in the file. */
    void requireChannels(BinaryFile file, List<String> available) {
        for (String channel : channels) {
            if (!available.contains(channel)) {
                throw file.invalid(
                        "has no channel '%s': its channels are %s; name those to read",
                        channel, available);
            }
        }
    }

    private static long nanos(Instant time) {
        try {
            return Math.addExact(
                    Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (ArithmeticException e) {
            throw new InvalidInputException(
                    "the start " + time + " lies outside the years 1678 to 2261", e);
        }
    }
}
