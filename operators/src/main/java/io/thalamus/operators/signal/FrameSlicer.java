/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.io.Serializable;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Cuts a segment into windows: the k-th covers the samples {@code [k * hop, k * hop + length)} of
 * the segment, counted on the segment's own samples, so the cutting into frames does not matter. A
 * window's time is the segment's start plus the exact time of {@code k * hop} samples. Windows
 * never straddle segments. Where the segment's end leaves samples that no whole window has, the
 * next window is filled up, moved back or left short as the {@link Padding} says, by {@link
 * #finish}.
 *
 * <p>A window is marked {@link Quality#MISSING} exactly if a value in it is missing, and {@link
 * Quality#PADDED} exactly if it was filled up. Its other flags are those of all frames that it has
 * samples of, and so as coarse as the frames.
 *
 * @param length samples of a window
 * @param hop samples from the start of one window to the start of the next; it may exceed the
 *     length
 * @param padding what becomes of the window that the segment's end leaves incomplete
 */
public record FrameSlicer(int length, int hop, Padding padding) implements Serializable {

    public FrameSlicer {
        if (length < 1 || hop < 1) {
            throw new InvalidInputException(
                    "window: length is %d and hop is %d; give at least 1 sample for each"
                            .formatted(length, hop));
        }
    }

    /**
     * Takes the next frame of the segment, and hands on the windows that it completes, in their
     * order.
     *
     * @return the state after the frame
     * @throws IllegalArgumentException if the frame does not follow on the last one
     */
    public SlicerState slice(SignalFrame frame, SlicerState before, Consumer<SignalFrame> out) {
        SlicerState now = before.with(frame);
        long windows = now.windows();
        while (windows * hop + length <= now.received()) {
            out.accept(now.window(frame.streamId(), windows * hop, length));
            windows++;
        }
        return now.from(firstNeeded(windows, now.received()), windows);
    }

    /** The first sample that the windows to come can have. */
    private long firstNeeded(long windows, long received) {
        long next = Math.min(windows * hop, received);
        return padding == Padding.SHIFT ? Math.min(next, received - length) : next;
    }

    /** Whether a segment that ends here has samples after the last window made. */
    public boolean endsInPartialWindow(SlicerState state) {
        return endsInPartialWindow(state.windows(), state.received());
    }

    private boolean endsInPartialWindow(long windows, long received) {
        long next = windows * hop;
        long covered = windows == 0 || padding == Padding.TRIM ? 0 : next - hop + length;
        return received > Math.max(covered, next);
    }

    /**
     * Where the last window of a segment starts, what becomes of an incomplete one included.
     *
     * @param samples of the whole segment
     * @return counted from the segment's first sample; empty if no window is cut from it
     */
    public OptionalLong lastWindow(long samples) {
        long whole = samples < length ? 0 : (samples - length) / hop + 1;
        if (padding == Padding.TRIM) {
            return OptionalLong.of((samples - 1) / hop * hop);
        }
        if (endsInPartialWindow(whole, samples) && makesPartialWindow(samples)) {
            return OptionalLong.of(padding == Padding.SHIFT ? samples - length : whole * hop);
        }
        return whole == 0 ? OptionalLong.empty() : OptionalLong.of((whole - 1) * hop);
    }

    private boolean makesPartialWindow(long samples) {
        return padding != Padding.DROP && (padding != Padding.SHIFT || samples >= length);
    }

    /**
     * Hands on the window that the segment's end leaves incomplete, filled up or moved back, or all
     * that begin before the end, each as short as it is; nothing if there is none, or if it is not
     * made.
     *
     * @param streamId the stream that the segment is of
     */
    public void finish(String streamId, SlicerState state, Consumer<SignalFrame> out) {
        if (!endsInPartialWindow(state) || !makesPartialWindow(state.received())) {
            return;
        }
        if (padding == Padding.SHIFT) {
            out.accept(state.window(streamId, state.received() - length, length));
            return;
        }
        if (padding == Padding.TRIM) {
            for (long at = state.windows() * hop; at < state.received(); at += hop) {
                out.accept(state.window(streamId, at, (int) (state.received() - at)));
            }
            return;
        }
        SignalFrame left = state.window(streamId, state.first(), state.quality().length);
        out.accept(filled(left));
    }

    /**
     * A window that {@link Padding#TRIM} has left short, as long as the others: zeros follow its
     * last sample, and it is marked {@link Quality#PADDED}. Others stay as they are.
     */
    public SignalFrame filledUp(SignalFrame window) {
        return padding != Padding.TRIM || window.length() >= length ? window : filled(window);
    }

    private SignalFrame filled(SignalFrame window) {
        int has = window.length();
        float[] samples = new float[window.channels().size() * length];
        for (int channel = 0; channel < window.channels().size(); channel++) {
            int from = channel * length;
            System.arraycopy(window.samples(), channel * has, samples, from, has);
            padding.fill(samples, from, length, has);
        }
        return window.withSamples(
                samples, Quality.of(samples, window.quality() | Quality.PADDED.bit()));
    }
}
