/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import java.util.Arrays;

/**
 * {@link LinearEcho} on streams of one shape. Blocks are counted from the segment's first sample.
 * The state holds the block of the microphone that is under way; the last blocks of the far end as
 * they came, that under way included, block {@code b} in the place {@code b mod (delays + 2)}; then
 * what the filter and the search keep.
 */
final class EchoCancellation implements PreparedTransform {
    private static final int CHANNELS = 2;

    private static final int SEEN = 0;
    private static final int LEARNT = 1;
    private static final int DELAY_BEFORE = 2;
    private static final int DELAY = 3;
    private static final int COUNTERS = 4;

    private final StreamShape shape;
    private final Sizes sizes;
    private final LinearEcho.Reference reference;
    private final int hop;
    private final KalmanFilter filter;

    /** Null if there is no delay to be looked for. */
    private final DelaySearch search;

    private final int end;
    private final double[] microphone;
    private final double[] farEnd;
    private final double[] echo;
    private final double[] error;

    EchoCancellation(StreamShape shape, Sizes sizes, LinearEcho.Reference reference) {
        this.shape = shape;
        this.sizes = sizes;
        this.reference = reference;
        this.hop = sizes.hop();
        double rate = shape.rate().hertz();
        this.filter = new KalmanFilter(sizes, rate, hop + kept() * hop);
        this.search =
                sizes.delays() == 0 ? null : new DelaySearch(sizes, rate, COUNTERS, filter.end());
        this.end = search == null ? filter.end() : search.end();
        this.microphone = new double[hop];
        this.farEnd = new double[sizes.frame()];
        this.echo = new double[hop];
        this.error = new double[hop];
    }

    @Override
    public StreamShape outputShape() {
        return shape;
    }

    @Override
    public int latency() {
        return hop - 1;
    }

    @Override
    public TransformState start() {
        TransformState state = TransformState.zeros(COUNTERS + DelaySearch.COUNTERS, end);
        filter.start(state.values());
        return state;
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        for (int n = 0; n < in.length(); n++) {
            long seen = counters[SEEN]++;
            int place = (int) (seen % hop);
            take(in.values()[CHANNELS * n], state.values(), place);
            take(in.values()[CHANNELS * n + 1], state.values(), farEndAt(seen / hop) + place);
            if (place == hop - 1) {
                cancel(seen / hop, hop, state, out);
            }
        }
    }

    @Override
    public void finish(TransformState state, SampleBlock out) {
        long seen = state.counters()[SEEN];
        int pending = (int) (seen % hop);
        if (pending > 0) {
            Arrays.fill(state.values(), pending, hop, 0);
            int at = farEndAt(seen / hop);
            Arrays.fill(state.values(), at + pending, at + hop, 0);
            cancel(seen / hop, pending, state, out);
        }
    }

    private static void take(double value, double[] values, int at) {
        values[at] = Double.isFinite(value) ? value : Double.NaN;
    }

    /**
     * Blocks of the far end that are kept: the furthest delayed, the one before, that under way.
     */
    private int kept() {
        return sizes.delays() + 2;
    }

    /** Where a block of the far end stands. */
    private int farEndAt(long block) {
        return hop + (int) Math.floorMod(block, (long) kept()) * hop;
    }

    /** Gives the first samples of a block, and learns from all of it. */
    private void cancel(long block, int samples, TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        double[] values = state.values();
        int delay = (int) counters[DELAY];
        boolean whole = present(values, 0, microphone, 0);
        present(values, farEndAt(block - 1), farEnd, 0);
        present(values, farEndAt(block), farEnd, hop);
        filter.hear(farEnd, block, values);
        if (isSilent(microphone)) { // switched off, or nothing but missing
            Arrays.fill(echo, 0);
        } else {
            filter.estimate(block, delay, values, echo);
        }
        for (int n = 0; n < hop; n++) {
            error[n] = microphone[n] - echo[n];
        }
        give(block, samples, state, out);
        if (whole) {
            filter.learn(error, block, delay, counters[LEARNT]++, values);
        }
        counters[DELAY_BEFORE] = delay;
        if (search != null) {
            int found = search.take(microphone, farEnd, block, delay, state);
            if (found != delay) {
                filter.delay(found - delay, values);
                counters[DELAY] = found;
            }
        }
    }

    private void give(long block, int samples, TransformState state, SampleBlock out) {
        double[] values = state.values();
        int now = farEndAt(block - state.counters()[DELAY]);
        int before = farEndAt(block - state.counters()[DELAY_BEFORE]);
        int at = out.extend(samples);
        for (int n = 0; n < samples; n++, at += CHANNELS) {
            out.values()[at] = Double.isNaN(values[n]) ? Double.NaN : error[n];
            if (reference == LinearEcho.Reference.ECHO) {
                out.values()[at + 1] = echo[n];
            } else if (now == before) {
                out.values()[at + 1] = values[now + n];
            } else { // fades over from one delay to the other
                double share = (n + 1.0) / hop;
                out.values()[at + 1] = share * values[now + n] + (1 - share) * values[before + n];
            }
        }
    }

    /** Copies a block with zeros for what is missing; whether nothing is. */
    private boolean present(double[] values, int from, double[] to, int at) {
        boolean whole = true;
        for (int n = 0; n < hop; n++) {
            double value = values[from + n];
            boolean missing = Double.isNaN(value);
            to[at + n] = missing ? 0 : value;
            whole &= !missing;
        }
        return whole;
    }

    private static boolean isSilent(double[] block) {
        for (double value : block) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
