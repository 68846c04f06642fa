/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Applies a transform to the frames of segments: float32 in and out, float64 between. Output sample
 * {@code m} of a segment has the time of the segment's start plus {@code m} periods of the output
 * rate, and the number that a stream of that rate would have counted.
 *
 * <p>An output frame is marked {@link Quality#MISSING} exactly if a value in it is missing. Its
 * other flags are those of all frames that were taken in since the time of its first sample, and so
 * as coarse as the frames.
 *
 * <p>Used by one thread at a time.
 */
public final class FrameTransform {
    private final SignalTransform transform;
    private final Map<Workplace, Workspace> workspaces = new RecentlyUsed<>();

    public FrameTransform(SignalTransform transform) {
        this.transform = transform;
    }

    /**
     * What streams have in common that are worked on in one place.
     *
     * @param own the transform of these streams; empty if it is that of all, whose many figures
     *     would be gone through for each frame
     */
    private record Workplace(Optional<SignalTransform> own, StreamShape shape) {}

    /** What is prepared for one shape. */
    private record Workspace(
            PreparedTransform prepared, RateRatio ratio, SampleBlock in, SampleBlock out) {}

    /**
     * The memory before the first frame of a segment.
     *
     * @throws InvalidInputException if the transform cannot work on such frames
     */
    public TransformMemory before(SignalFrame first) {
        StreamShape shape = StreamShape.of(first);
        Workspace work = workspace(first.streamId(), shape);
        try {
            work.ratio.outputAtOrBefore(first.sequence());
        } catch (ArithmeticException e) {
            throw new InvalidInputException(
                    String.format(
                            Locale.ROOT,
                            "sample number %d has none that 64 bits hold at %s",
                            first.sequence(),
                            work.prepared.outputShape().rate()));
        }
        return new TransformMemory(
                first.streamId(),
                first.segment(),
                shape,
                first.sequence(),
                first.startNanos(),
                0,
                0,
                new long[0],
                new int[0],
                work.prepared.startOf(first));
    }

    /**
     * Takes the next frame of the segment, and hands on what it gives.
     *
     * @return the memory after the frame
     * @throws IllegalArgumentException if the frame does not follow on the last one
     */
    public TransformMemory apply(
            SignalFrame frame, TransformMemory memory, Consumer<SignalFrame> out) {
        if (!memory.covers(frame)
                || frame.sequence() != memory.firstSequence() + memory.received()) {
            throw new IllegalArgumentException(
                    frame + " does not follow on sample " + memory.received() + " of its segment");
        }
        Workspace work = workspace(memory.streamId(), memory.shape());
        work.in.clear();
        work.out.clear();
        work.in.appendFrame(frame.samples());
        int flags = frame.quality() & ~Quality.MISSING.bit();
        work.in.mark(flags);
        work.prepared.apply(work.in, memory.state(), work.out);
        long received = memory.received() + frame.length();
        return give(work, noting(memory, received, flags), out);
    }

    /** Hands on what the segment still owes, now that no further frame of it comes. */
    public void finish(TransformMemory memory, Consumer<SignalFrame> out) {
        Workspace work = workspace(memory.streamId(), memory.shape());
        work.out.clear();
        work.prepared.finish(memory.state(), work.out);
        give(work, memory, out);
    }

    private Workspace workspace(String streamId, StreamShape shape) {
        SignalTransform own = transform.forStream(streamId);
        Workplace place =
                new Workplace(own == transform ? Optional.empty() : Optional.of(own), shape);
        Workspace known = workspaces.get(place);
        if (known == null) {
            PreparedTransform prepared = own.prepare(shape);
            known =
                    new Workspace(
                            prepared,
                            RateRatio.of(shape.rate(), prepared.outputShape().rate()),
                            new SampleBlock(shape.channels().size()),
                            new SampleBlock(prepared.outputShape().channels().size()));
            workspaces.put(place, known);
        }
        return known;
    }

    private static TransformMemory noting(TransformMemory memory, long received, int flags) {
        int held = memory.flags().length;
        boolean same = held > 0 && memory.flags()[held - 1] == flags;
        int count = same ? held : held + 1;
        long[] ends = Arrays.copyOf(memory.flagEnds(), count);
        int[] all = Arrays.copyOf(memory.flags(), count);
        ends[count - 1] = received;
        all[count - 1] = flags;
        return memory.at(received, memory.given(), ends, all);
    }

    private static TransformMemory give(
            Workspace work, TransformMemory memory, Consumer<SignalFrame> out) {
        if (work.out.length() == 0) {
            return memory;
        }
        long given = memory.given() + work.out.length();
        int flags = work.out.quality();
        for (int known : memory.flags()) {
            flags |= known;
        }
        StreamShape shape = work.prepared.outputShape();
        float[] samples = work.out.toFrame();
        long first = work.ratio.outputAtOrBefore(memory.firstSequence());
        out.accept(
                new SignalFrame(
                        memory.streamId(),
                        first + memory.given(),
                        memory.segment(),
                        memory.startNanos() + shape.rate().nanosOf(memory.given()),
                        shape.rate(),
                        shape.channels(),
                        samples,
                        Quality.of(samples, flags)));
        long due = work.ratio.inputAtOrBefore(given);
        int done = 0;
        while (done < memory.flagEnds().length && memory.flagEnds()[done] <= due) {
            done++;
        }
        return memory.at(
                memory.received(),
                given,
                Arrays.copyOfRange(memory.flagEnds(), done, memory.flagEnds().length),
                Arrays.copyOfRange(memory.flags(), done, memory.flags().length));
    }
}
