/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Joins the windows of a segment to a signal again, on the segment's own sample clock: weighted
 * overlap-add (Allen and Rabiner 1977; Griffin and Lim 1984 for the division by the weights).
 * Sample {@code n} of the segment is
 *
 * <pre>sum over k of taper[n - k hop] * window_k[n - k hop]  /  sum over k of taper[n - k hop]
 * </pre>
 *
 * <p>over the windows that have come and cover it, so that windows which agree give what they agree
 * on, whatever the taper, at the segment's ends too. Where the taper is zero in all of them (the
 * first sample of a Hann taper at a segment's start), their plain mean is taken. A window counts
 * only where its weight does: a missing value under a weight of zero spoils nothing if another
 * window has a weight there.
 *
 * <p>With a taper that is 1 over one hop and 0 elsewhere, each window gives just these samples, to
 * the bit: {@link #lastHop}, {@link #middleHop} and {@link #firstHop}.
 *
 * <p>A window that the segment's end has moved back, so that it starts less than a hop after the
 * one before, counts from the first sample that has not been given yet.
 *
 * <p>A window that the segment's end has left short counts as the beginning of a whole one does.
 *
 * <p>A window may be left out; samples that no window covers are left out of the result, as its
 * sequence numbers tell. A frame of the result is marked {@link Quality#MISSING} exactly if a value
 * in it is missing, and otherwise as the windows that it is made of. What a {@link Padding} added
 * to the last window is part of the result.
 *
 * <p>Latency: a sample comes with the first window that starts less than a hop before it, that is
 * at most {@code length - 1} samples after its own, or when the segment ends.
 *
 * @param hop samples from the start of one window to the start of the next
 * @param taper the weight of each sample of a window, zero or above. Not to be modified
 */
public record OverlapAdd(int hop, double[] taper) implements Serializable {

    public OverlapAdd {
        if (hop < 1) {
            throw new InvalidInputException(
                    "overlap-add: hop is %d; give at least 1 sample".formatted(hop));
        }
        double largest = 0;
        for (double weight : taper) {
            if (!(weight >= 0 && Double.isFinite(weight))) {
                throw new InvalidInputException(
                        String.format(
                                Locale.ROOT,
                                "overlap-add: the taper has the weight %s; weights are zero or"
                                        + " above",
                                weight));
            }
            largest = Math.max(largest, weight);
        }
        if (largest == 0) {
            throw new InvalidInputException(
                    "overlap-add: the taper is zero everywhere; give a weight above zero");
        }
    }

    /** Each window gives its first hop, and the segment's last window all of it. */
    public static OverlapAdd firstHop(int length, int hop) {
        return hopFrom(0, length, hop);
    }

    /**
     * Each window gives the hop in its middle; the segment's first and last window also what lies
     * outside.
     */
    public static OverlapAdd middleHop(int length, int hop) {
        return hopFrom((length - hop) / 2, length, hop);
    }

    /** Each window gives its last hop, and the segment's first window all of it. */
    public static OverlapAdd lastHop(int length, int hop) {
        return hopFrom(length - hop, length, hop);
    }

    private static OverlapAdd hopFrom(int start, int length, int hop) {
        if (hop > length) {
            throw new InvalidInputException(
                    "overlap-add: windows of %d samples have no hop of %d; give at most the length"
                            .formatted(length, hop));
        }
        double[] taper = new double[length];
        Arrays.fill(taper, start, start + hop, 1);
        return new OverlapAdd(hop, taper);
    }

    /** Samples of a window. */
    public int length() {
        return taper.length;
    }

    /**
     * Takes the next window of the segment, and hands on what no later window can touch.
     *
     * @return the state after the window
     * @throws IllegalArgumentException if the window is of another segment or too long, or does not
     *     start after the one before
     */
    public OverlapState add(SignalFrame window, OverlapState before, Consumer<SignalFrame> out) {
        long start = window.sequence() - before.firstSequence();
        if (!before.covers(window) || window.length() > length() || start + hop <= before.given()) {
            throw new IllegalArgumentException(
                    "%s does not follow, where windows of %d samples are joined from sample %d on"
                            .formatted(window, length(), before.firstSequence() + before.given()));
        }
        int channels = before.channels().size();
        // What has been given stays.
        int from = (int) Math.max(0, before.given() - start);
        OverlapState state = give(before, start + from, out);
        int held = state.weights().length;
        int added = Math.max(0, window.length() - from);
        int total = Math.max(held, added);
        double[] sums = new double[channels * total];
        for (int channel = 0; channel < channels; channel++) {
            System.arraycopy(state.sums(), channel * held, sums, channel * total, held);
        }
        double[] weights = Arrays.copyOf(state.weights(), total);
        int[] quality = Arrays.copyOf(state.quality(), total);
        int flags = window.quality() & ~Quality.MISSING.bit();
        for (int i = 0; i < added; i++) {
            double weight = taper[from + i];
            if (weight == 0 && weights[i] > 0) {
                continue;
            }
            boolean first = weights[i] == 0 || weight > 0 && weights[i] < 0;
            for (int channel = 0; channel < channels; channel++) {
                int at = channel * total + i;
                double value = window.sample(channel, from + i) * (weight > 0 ? weight : 1);
                sums[at] = first ? value : sums[at] + value;
            }
            // Below zero it is the number of windows that have no weight here.
            double share = weight > 0 ? weight : -1;
            weights[i] = first ? share : weights[i] + share;
            quality[i] = first ? flags : quality[i] | flags;
        }
        return give(state.with(start + from, sums, weights, quality), start + hop, out);
    }

    /** Hands on the rest of a segment, of which no further window comes. */
    public void finish(OverlapState state, Consumer<SignalFrame> out) {
        give(state, Long.MAX_VALUE, out);
    }

    /** Hands on the samples up to one of the segment, as far as windows cover them. */
    private static OverlapState give(OverlapState state, long to, Consumer<SignalFrame> out) {
        int held = state.weights().length;
        int count = (int) Math.min(to - state.given(), held);
        int channels = state.channels().size();
        if (count > 0) {
            float[] samples = new float[channels * count];
            int flags = 0;
            for (int i = 0; i < count; i++) {
                double weight = Math.abs(state.weights()[i]);
                flags |= state.quality()[i];
                for (int channel = 0; channel < channels; channel++) {
                    samples[channel * count + i] =
                            (float) (state.sums()[channel * held + i] / weight);
                }
            }
            out.accept(
                    new SignalFrame(
                            state.streamId(),
                            state.firstSequence() + state.given(),
                            state.segment(),
                            state.startNanos() + state.rate().nanosOf(state.given()),
                            state.rate(),
                            state.channels(),
                            samples,
                            Quality.of(samples, flags)));
        }
        int rest = held - count;
        double[] sums = new double[channels * rest];
        for (int channel = 0; channel < channels; channel++) {
            System.arraycopy(state.sums(), channel * held + count, sums, channel * rest, rest);
        }
        return state.with(
                to,
                sums,
                Arrays.copyOfRange(state.weights(), count, held),
                Arrays.copyOfRange(state.quality(), count, held));
    }
}
