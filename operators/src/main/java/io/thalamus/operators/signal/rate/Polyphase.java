/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TapSums;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.fourier.Kaiser;
import java.util.Arrays;

/**
 * {@link Resample} for streams of one shape. Output sample {@code m} lies {@code m down} steps of
 * the raised rate after the segment's first sample, that is in phase {@code m down mod up} after
 * input sample {@code floor(m down / up)}; it is the sum of the samples from {@code reach} before
 * that to {@code reach} after it, each times the coefficient that its distance has. All phases have
 * as many taps, some of them zero.
 */
final class Polyphase implements PreparedTransform {
    private static final int SEEN = 0;
    private static final int GIVEN = 1;

    private final StreamShape outputShape;
    private final int channels;
    private final int up;
    private final int down;

    /** Input samples on each side that an output sample may depend on. */
    private final int reach;

    private final int taps;

    /** One row of taps a phase. */
    private final double[] coefficients;

    /** The samples before a block that its outputs depend on, and the block. */
    private final SampleBlock work;

    Polyphase(StreamShape outputShape, int up, int down, Kaiser taper) {
        this.outputShape = outputShape;
        this.channels = outputShape.channels().size();
        this.up = up;
        this.down = down;
        int half = Resample.HALF_LENGTH * Math.max(up, down);
        this.reach = (half + up - 1) / up;
        this.taps = 2 * reach + 1;
        this.coefficients = coefficients(half, taper);
        this.work = new SampleBlock(channels);
    }

    private double[] coefficients(int half, Kaiser taper) {
        KaiserSinc kernel = new KaiserSinc(1.0 / Math.max(up, down), half, taper);
        double[] filter = new double[2 * half + 1];
        double sum = 0;
        for (int i = 0; i < filter.length; i++) {
            filter[i] = kernel.at(i - half);
            sum += filter[i];
        }
        double[] rows = new double[up * taps];
        for (int phase = 0; phase < up; phase++) {
            for (int tap = 0; tap < taps; tap++) {
                int distance = phase + (reach - tap) * up;
                if (Math.abs(distance) <= half) {
                    rows[phase * taps + tap] = filter[distance + half] * up / sum;
                }
            }
        }
        return rows;
    }

    @Override
    public StreamShape outputShape() {
        return outputShape;
    }

    @Override
    public int latency() {
        return reach;
    }

    /** The last samples seen, all that the outputs to come depend on; at first zeros. */
    @Override
    public TransformState start() {
        return TransformState.zeros(2, (taps - 1) * channels);
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        recall(state);
        work.append(in, 0, in.length());
        long seen = state.counters()[SEEN] + in.length();
        give(state, outputsWithin(seen - reach), out);
        System.arraycopy(
                work.values(), in.length() * channels, state.values(), 0, (taps - 1) * channels);
        state.counters()[SEEN] = seen;
    }

    /** After the last sample there are zeros. */
    @Override
    public void finish(TransformState state, SampleBlock out) {
        recall(state);
        int at = work.extend(reach);
        Arrays.fill(work.values(), at, at + reach * channels, 0);
        give(state, outputsWithin(state.counters()[SEEN]), out);
    }

    private void recall(TransformState state) {
        work.clear();
        work.extend(taps - 1);
        System.arraycopy(state.values(), 0, work.values(), 0, (taps - 1) * channels);
    }

    /** How many output samples lie before an input sample. */
    private long outputsWithin(long samples) {
        return samples <= 0 ? 0 : Math.floorDiv(samples * up - 1, down) + 1;
    }

    /** Gives the output samples up to one, which the samples at work suffice for. */
    private void give(TransformState state, long end, SampleBlock out) {
        long given = state.counters()[GIVEN];
        int count = (int) (end - given);
        if (count <= 0) {
            return;
        }
        int at = out.extend(count);
        long first = given * down / up;
        int phase = (int) (given * down % up);
        // Of the sample that the first tap of the first output falls on, within those at work.
        int from = (int) (first - reach - (state.counters()[SEEN] - (taps - 1))) * channels;
        int step = down / up * channels;
        for (int m = 0; m < count; m++) {
            TapSums.ofNeighbours(
                    coefficients,
                    phase * taps,
                    taps,
                    work.values(),
                    from,
                    channels,
                    out.values(),
                    at,
                    channels);
            at += channels;
            from += step;
            phase += down % up;
            if (phase >= up) {
                phase -= up;
                from += channels;
            }
        }
        state.counters()[GIVEN] = end;
    }
}
