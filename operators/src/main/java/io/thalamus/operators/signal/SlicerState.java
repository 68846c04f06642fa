/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;

/**
 * What a {@link FrameSlicer} or a {@link TriggerSlicer} keeps of one segment between two frames.
 * Immutable.
 *
 * @param segment the segment
 * @param channels the channels' names
 * @param rate the sample rate
 * @param firstSequence the index, in the stream, of the segment's first sample
 * @param startNanos the time of that sample, in nanoseconds since the epoch
 * @param received samples of the segment that have been seen
 * @param windows windows that have been cut
 * @param pending {@code channels x n} samples: all that have been seen of the windows to come, one
 *     channel after the other. Not to be modified
 * @param quality for each of the {@code n} samples, the flags of the frame it came in. Not to be
 *     modified
 */
public record SlicerState(
        int segment,
        List<String> channels,
        SampleRate rate,
        long firstSequence,
        long startNanos,
        long received,
        long windows,
        float[] pending,
        int[] quality) {

    /** The state before the first frame of a segment. */
    public static SlicerState before(SignalFrame first) {
        return new SlicerState(
                first.segment(),
                first.channels(),
                first.rate(),
                first.sequence(),
                first.startNanos(),
                0,
                0,
                new float[0],
                new int[0]);
    }

    /** Whether a frame belongs to the same segment, and is of the same shape. */
    public boolean covers(SignalFrame frame) {
        return frame.isOf(segment, rate, channels);
    }

    /**
     * With the samples of the next frame.
     *
     * @throws IllegalArgumentException if the frame does not follow on the last one
     */
    SlicerState with(SignalFrame frame) {
        if (!covers(frame) || frame.sequence() != firstSequence + received) {
            throw new IllegalArgumentException(
                    frame + " does not follow on sample " + received + " of its segment");
        }
        int held = quality.length;
        int total = held + frame.length();
        float[] samples = new float[channels.size() * total];
        for (int channel = 0; channel < channels.size(); channel++) {
            System.arraycopy(pending, channel * held, samples, channel * total, held);
            System.arraycopy(
                    frame.samples(),
                    channel * frame.length(),
                    samples,
                    channel * total + held,
                    frame.length());
        }
        int[] flags = Arrays.copyOf(quality, total);
        Arrays.fill(flags, held, total, frame.quality() & ~Quality.MISSING.bit());
        return new SlicerState(
                segment,
                channels,
                rate,
                firstSequence,
                startNanos,
                received + frame.length(),
                windows,
                samples,
                flags);
    }

    /** The first sample that is kept, counted from the segment's first. */
    long first() {
        return received - quality.length;
    }

    /**
     * After so many windows, without the samples before one that is counted from the segment's
     * first.
     */
    SlicerState from(long sample, long windowsCut) {
        int done = (int) (Math.max(sample, first()) - first());
        return new SlicerState(
                segment,
                channels,
                rate,
                firstSequence,
                startNanos,
                received,
                windowsCut,
                columns(done, quality.length),
                Arrays.copyOfRange(quality, done, quality.length));
    }

    /**
     * The window of so many samples, all of which are kept.
     *
     * @param start its first sample, counted from the segment's first
     */
    SignalFrame window(String streamId, long start, int width) {
        int from = (int) (start - first());
        float[] values = columns(from, from + width);
        int flags = 0;
        for (int i = from; i < from + width; i++) {
            flags |= quality[i];
        }
        return new SignalFrame(
                streamId,
                firstSequence + start,
                segment,
                startNanos + rate.nanosOf(start),
                rate,
                channels,
                values,
                Quality.of(values, flags));
    }

    private float[] columns(int from, int to) {
        int width = quality.length;
        float[] cut = new float[channels.size() * (to - from)];
        for (int channel = 0; channel < channels.size(); channel++) {
            System.arraycopy(
                    pending, channel * width + from, cut, channel * (to - from), to - from);
        }
        return cut;
    }
}
