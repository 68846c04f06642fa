/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Cuts a segment into windows that triggers start: of a rise at the sample {@code n}, the window
 * covers the samples {@code [n + offset, n + offset + length)}, counted on the segment's own
 * samples, so the cutting into frames does not matter. Windows may overlap, and come in the order
 * of their triggers. They have all channels but the trigger's.
 *
 * <p>The trigger rises at a sample above its level if its last value before was not. A missing
 * value leaves it as it was, and before its first value it is neither high nor low: a segment that
 * begins with a high trigger does not begin with a rise. Windows never straddle segments: a trigger
 * whose window is not wholly in its segment has none.
 *
 * @param trigger what starts windows
 * @param length samples of a window
 * @param offset samples from the rise to the window's start
 */
public record TriggerSlicer(Trigger trigger, int length, int offset) {

    /**
     * Takes the next frame of the segment, and hands on the windows that it completes, in their
     * order.
     *
     * @param frame with the trigger
     * @param before null before the segment's first frame
     * @param lost takes the triggers whose windows would start before the segment, as samples
     *     counted from its first
     * @return the state after the frame
     * @throws IllegalArgumentException if the frame does not follow on the last one
     * @throws io.thalamus.schemas.InvalidInputException if the frame has no such channel
     */
    public TriggerState slice(
            SignalFrame frame, TriggerState before, Consumer<SignalFrame> out, LongConsumer lost) {
        SignalFrame signal = signalOf(frame);
        TriggerState start = before == null ? TriggerState.before(signal) : before;
        SlicerState now = start.samples().with(signal);
        long[] open = start.open();
        int level = start.level();
        int values = trigger.indexIn(StreamShape.of(frame)) * frame.length();
        for (int i = 0; i < frame.length(); i++) {
            float value = frame.samples()[values + i];
            if (Float.isNaN(value)) {
                continue;
            }
            boolean high = value > trigger.level();
            if (high && level == TriggerState.LOW) {
                long rise = start.samples().received() + i;
                if (rise + offset < 0) {
                    lost.accept(rise);
                } else {
                    open = Arrays.copyOf(open, open.length + 1);
                    open[open.length - 1] = rise + offset;
                }
            }
            level = high ? TriggerState.HIGH : TriggerState.LOW;
        }
        int done = 0;
        while (done < open.length && open[done] + length <= now.received()) {
            out.accept(now.window(frame.streamId(), open[done], length));
            done++;
        }
        long[] left = Arrays.copyOfRange(open, done, open.length);
        return new TriggerState(
                now.from(firstNeeded(left, now.received()), now.windows() + done), left, level);
    }

    /** The first sample that the windows to come can have. */
    private long firstNeeded(long[] open, long received) {
        long ofTriggersToCome = received + Math.min(offset, 0);
        long ofKnown = open.length == 0 ? received : Math.min(open[0], received);
        return Math.max(0, Math.min(ofTriggersToCome, ofKnown));
    }

    /**
     * Hands on the triggers whose windows the segment's end leaves incomplete, as samples counted
     * from its first.
     */
    public void finish(TriggerState state, LongConsumer lost) {
        for (long start : state.open()) {
            lost.accept(start - offset);
        }
    }

    /** A frame without the trigger. */
    private SignalFrame signalOf(SignalFrame frame) {
        StreamShape shape = StreamShape.of(frame);
        int channel = trigger.indexIn(shape);
        int length = frame.length();
        float[] values = new float[frame.samples().length - length];
        int before = channel * length;
        System.arraycopy(frame.samples(), 0, values, 0, before);
        System.arraycopy(frame.samples(), before + length, values, before, values.length - before);
        return new SignalFrame(
                frame.streamId(),
                frame.sequence(),
                frame.segment(),
                frame.startNanos(),
                frame.rate(),
                trigger.without(shape).channels(),
                values,
                Quality.of(values, frame.quality()));
    }
}
