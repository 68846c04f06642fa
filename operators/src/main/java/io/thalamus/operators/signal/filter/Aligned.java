/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import java.util.Arrays;

/**
 * Takes the lag of a filter back: leaves out its first {@code delay} samples, and at the end of the
 * segment gives as many more, for which the segment is continued by zeros. Behind the state of the
 * filter it counts the samples that were left out.
 */
final class Aligned implements PreparedTransform {
    private final PreparedTransform filter;
    private final int delay;
    private final int leftOut;
    private final SampleBlock filtered;

    Aligned(PreparedTransform filter, int delay) {
        this.filter = filter;
        this.delay = delay;
        this.leftOut = filter.start().counters().length;
        this.filtered = new SampleBlock(filter.outputShape().channels().size());
    }

    @Override
    public StreamShape outputShape() {
        return filter.outputShape();
    }

    @Override
    public int latency() {
        return filter.latency() + delay;
    }

    @Override
    public TransformState start() {
        TransformState state = filter.start();
        return new TransformState(Arrays.copyOf(state.counters(), leftOut + 1), state.values());
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        filtered.clear();
        filter.apply(in, state, filtered);
        give(state, out);
    }

    @Override
    public void finish(TransformState state, SampleBlock out) {
        SampleBlock zeros = new SampleBlock(filtered.channels());
        zeros.extend(delay);
        Arrays.fill(zeros.values(), 0);
        apply(zeros, state, out);
        filtered.clear();
        filter.finish(state, filtered);
        give(state, out);
    }

    private void give(TransformState state, SampleBlock out) {
        long due = delay - state.counters()[leftOut];
        int left = (int) Math.min(due, filtered.length());
        state.counters()[leftOut] += left;
        out.append(filtered, left, filtered.length());
    }
}
