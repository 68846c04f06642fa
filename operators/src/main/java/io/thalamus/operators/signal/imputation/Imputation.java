/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.imputation;

import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.OverlapAdd;
import io.thalamus.operators.signal.OverlapState;
import io.thalamus.operators.signal.RecentlyUsed;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Puts what a model has filled into its windows in the place of what is missing in the stream that
 * they were cut from. The frames come out one for one, in their order, under their own numbers and
 * times; what was measured has the bits that it came with. A value that several windows bring is
 * their mean, weighted by a taper: {@link OverlapAdd}. A frame is marked {@link Quality#FILLED} if
 * a value in it was filled, and {@link Quality#MISSING} exactly if one still is missing, as where
 * no window was cut.
 *
 * <p>Which of the two inputs is ahead does not matter: windows wait for their samples, and frames
 * for the windows that will be cut from them, which is a matter of the segment's own samples alone.
 *
 * <p>Latency: none for a frame in which nothing is missing, unless it is behind one that waits.
 * Otherwise until the first window that starts behind the frame's last sample less a hop, at most
 * {@code length - 1} samples, or until the segment ends.
 *
 * <p>Used by one thread at a time.
 */
public final class Imputation {
    private final Slicing slicing;
    private final Taper taper;
    private final Map<SampleRate, Cut> cuts = new RecentlyUsed<>();

    /**
     * @param slicing how the windows are cut
     * @param taper the weight of a window's samples from its start to its end
     */
    public Imputation(Slicing slicing, Taper taper) {
        this.slicing = slicing;
        this.taper = taper;
    }

    /** How windows are cut and joined at one rate. */
    private record Cut(FrameSlicer slicer, OverlapAdd overlapAdd) {}

    /**
     * Takes the next frame of the stream.
     *
     * @param isTaken whether the model takes windows that are cut from the frame
     * @return the state after the frame
     */
    public ImputationState frame(
            SignalFrame frame, boolean isTaken, ImputationState before, Consumer<SignalFrame> out) {
        Filling filling = new Filling(before, out);
        filling.take(frame, isTaken);
        return filling.settle(false);
    }

    /**
     * Takes the model's next window of the stream.
     *
     * @return the state after the window
     * @throws IllegalArgumentException if it is not cut from the frames
     */
    public ImputationState window(
            SignalFrame window, ImputationState before, Consumer<SignalFrame> out) {
        Filling filling = new Filling(before, out);
        filling.windows.add(window);
        return filling.settle(false);
    }

    /**
     * Hands on what is left of the stream, of which neither a frame nor a window comes any more.
     */
    public ImputationState finish(ImputationState before, Consumer<SignalFrame> out) {
        return new Filling(before, out).settle(true);
    }

    private Cut cut(SampleRate rate) {
        return cuts.computeIfAbsent(
                rate,
                any -> {
                    FrameSlicer slicer = slicing.at(rate);
                    double[] weights = taper.periodic(slicer.length());
                    return new Cut(slicer, new OverlapAdd(slicer.hop(), weights));
                });
    }

    /** One state on its way to the next. */
    private final class Filling {
        private final Consumer<SignalFrame> out;
        private final List<Stretch> segments;
        private final List<SignalFrame> waiting;
        private final List<SignalFrame> windows;
        private OverlapState overlap;
        private long newestWindow;
        private long filled;
        private long unfilled;

        Filling(ImputationState from, Consumer<SignalFrame> out) {
            this.out = out;
            segments = new ArrayList<>(from.segments());
            waiting = new ArrayList<>(from.waiting());
            windows = new ArrayList<>(from.windows());
            overlap = from.overlap();
            newestWindow = from.newestWindow();
            filled = from.filled();
            unfilled = from.unfilled();
        }

        void take(SignalFrame frame, boolean isTaken) {
            int last = segments.size() - 1;
            if (last >= 0 && segments.get(last).covers(frame)) {
                segments.set(last, segments.get(last).after(frame));
            } else {
                segments.add(Stretch.of(frame, isTaken));
            }
            waiting.add(frame);
        }

        /**
         * Hands on what nothing more can come for.
         *
         * @param all whether nothing more comes at all
         */
        ImputationState settle(boolean all) {
            boolean done = true;
            while (done && !segments.isEmpty()) {
                Stretch segment = segments.get(0);
                boolean isOver = all || segments.size() > 1;
                if (segment.isTaken()) {
                    join(segment, isOver);
                }
                done = isOver && (all || !awaitsWindow(segment));
                if (done) {
                    if (overlap != null) {
                        cut(segment.rate()).overlapAdd.finish(overlap, this::fill);
                    }
                    giveUpTo(segment.end(), segment);
                    segments.remove(0);
                    overlap = null;
                    newestWindow = Long.MIN_VALUE;
                } else {
                    giveUpTo(decided(segment), segment);
                }
            }
            return new ImputationState(
                    List.copyOf(segments),
                    List.copyOf(waiting),
                    List.copyOf(windows),
                    overlap,
                    newestWindow,
                    filled,
                    unfilled);
        }

        /** Joins the windows of a segment whose samples have come. */
        private void join(Stretch segment, boolean isOver) {
            while (!windows.isEmpty() && windows.get(0).segment() == segment.segment()) {
                SignalFrame window = windows.get(0);
                if (!segment.covers(window) || window.sequence() < segment.first()) {
                    throw new IllegalArgumentException(
                            window + " is no window of the frames of its segment");
                }
                if (!isOver && window.nextSequence() > segment.end()) {
                    return;
                }
                windows.remove(0);
                OverlapState before = overlap == null ? OverlapState.before(window) : overlap;
                overlap = cut(segment.rate()).overlapAdd.add(window, before, this::fill);
                newestWindow = window.sequence();
            }
        }

        /** Whether a window of a segment that is over must still come. */
        private boolean awaitsWindow(Stretch segment) {
            if (!segment.isTaken() || !windows.isEmpty()) {
                return false; // windows that are not joined are of the next segment
            }
            OptionalLong last =
                    cut(segment.rate()).slicer.lastWindow(segment.end() - segment.first());
            return last.isPresent() && newestWindow < segment.first() + last.getAsLong();
        }

        /** Up to which sample of the stream no window can bring anything more. */
        private long decided(Stretch segment) {
            if (!segment.isTaken()) {
                return segment.end();
            }
            return overlap == null ? segment.first() : overlap.firstSequence() + overlap.given();
        }

        /** Puts values in the place of missing ones. */
        private void fill(SignalFrame joined) {
            for (int i = 0; i < waiting.size(); i++) {
                SignalFrame frame = waiting.get(i);
                if (frame.segment() != joined.segment()
                        || frame.sequence() >= joined.nextSequence()) {
                    return;
                }
                if (frame.nextSequence() > joined.sequence()) {
                    waiting.set(i, filled(frame, joined));
                }
            }
        }

        private SignalFrame filled(SignalFrame frame, SignalFrame joined) {
            long from = Math.max(frame.sequence(), joined.sequence());
            long to = Math.min(frame.nextSequence(), joined.nextSequence());
            float[] samples = null;
            for (int channel = 0; channel < frame.channels().size(); channel++) {
                for (long at = from; at < to; at++) {
                    int index = (int) (at - frame.sequence());
                    float value = joined.sample(channel, (int) (at - joined.sequence()));
                    if (Float.isNaN(frame.sample(channel, index)) && Float.isFinite(value)) {
                        samples = samples == null ? frame.samples().clone() : samples;
                        samples[channel * frame.length() + index] = value;
                        filled++;
                    }
                }
            }
            return samples == null
                    ? frame
                    : frame.withSamples(
                            samples, Quality.of(samples, frame.quality() | Quality.FILLED.bit()));
        }

        /** Hands on a segment's frames up to a sample, and those in which nothing is missing. */
        private void giveUpTo(long decided, Stretch segment) {
            while (!waiting.isEmpty() && segment.covers(waiting.get(0))) {
                SignalFrame frame = waiting.get(0);
                int missing = missing(frame);
                if (missing > 0 && frame.nextSequence() > decided) {
                    return;
                }
                waiting.remove(0);
                unfilled += missing;
                out.accept(frame);
            }
        }

        private static int missing(SignalFrame frame) {
            int missing = 0;
            for (float value : frame.samples()) {
                missing += Float.isNaN(value) ? 1 : 0;
            }
            return missing;
        }
    }
}
