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
 * they came, that under way included, block {@code b} in the place {@code b mod} their number; then
 * what the filter, the search, the estimate of the skew and the reader keep.
 *
 * <p>Until the clocks are known to differ, the filter hears the far end as it comes. From then on
 * it hears what the reader makes of it, which ends a little earlier; the delay is less by as much.
 * As that takes whole blocks off the delay, there is no seam, but the echo must come late enough:
 * where it comes to be too early, with time or all at once, the far end is heard as it comes again.
 */
final class EchoCancellation implements PreparedTransform {
    private static final int CHANNELS = 2;

    private static final int SEEN = 0;
    private static final int LEARNT = 1;
    private static final int BEHIND_BEFORE = 2;
    private static final int DELAY = 3;
    private static final int SEARCH = 4;
    private static final int SKEW = SEARCH + DelaySearch.COUNTERS;
    private static final int READER = SKEW + SkewEstimate.COUNTERS;
    private static final int SLIPPED = READER + FarEndReader.COUNTERS;

    /** By how many samples the microphone lags behind, as it was last found for sure. */
    private static final int LAG = SLIPPED + 1;

    private static final int COUNTERS = LAG + 1;

    private final StreamShape shape;
    private final Sizes sizes;
    private final LinearEcho.Reference reference;
    private final int hop;
    private final KalmanFilter filter;

    /** Null if there is no delay to be looked for. */
    private final DelaySearch search;

    /** Null, as the one below, if too little of the far end is kept to read from. */
    private final SkewEstimate skew;

    private final FarEndReader reader;
    private final int end;
    private final double[] microphone;
    private final double[] farEnd;
    private final double[] read;
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
                sizes.delays() == 0 ? null : new DelaySearch(sizes, rate, SEARCH, filter.end());
        if (search == null || kept() < FarEndReader.blocks(hop)) {
            this.skew = null;
            this.reader = null;
            this.end = search == null ? filter.end() : search.end();
        } else {
            this.skew = new SkewEstimate(sizes, filter, rate, SKEW, search.end());
            this.reader = new FarEndReader(hop, READER, skew.end());
            this.end = reader.end();
        }
        this.microphone = new double[hop];
        this.farEnd = new double[sizes.frame()];
        this.read = new double[sizes.frame()];
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
        TransformState state = TransformState.zeros(COUNTERS, end);
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

    /**
     * Whether clocks are followed; a state of before that was has no room for it. That shows in the
     * counters: behind them a transform around this one may have some of its own, but fewer than
     * clocks take.
     */
    private boolean follows(TransformState state) {
        return reader != null && state.counters().length >= COUNTERS;
    }

    /** Where a block of the far end stands. */
    private int farEndAt(long block) {
        return hop + (int) Math.floorMod(block, (long) kept()) * hop;
    }

    /** Gives the first samples of a block, and learns from all of it. */
    private void cancel(long block, int samples, TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        double[] values = state.values();
        boolean whole = present(values, 0, microphone, 0);
        present(values, farEndAt(block - 1), farEnd, 0);
        present(values, farEndAt(block), farEnd, hop);
        boolean follows = follows(state);
        boolean reads = follows && reader.isReading(state);
        if (reads) {
            read(block, state);
            reads = reader.isReading(state);
        }
        long heard = follows ? block + counters[SLIPPED] : block;
        if (!reads) {
            filter.hear(farEnd, heard, values);
        }
        int delay = (int) counters[DELAY];
        boolean muted = isSilent(microphone, 0); // switched off, or nothing but missing
        if (muted) {
            Arrays.fill(echo, 0);
        } else {
            filter.estimate(heard, delay, values, echo);
        }
        for (int n = 0; n < hop; n++) {
            error[n] = microphone[n] - echo[n];
        }
        long came = (block + 1) * hop;
        int late = reads ? reader.late(came, state) : 0;
        int behind = Math.min(delay + late / hop, sizes.delays());
        give(block, samples, behind, state, out);
        if (whole) {
            filter.learn(error, heard, delay, counters[LEARNT]++, values);
        }
        counters[BEHIND_BEFORE] = behind;
        if (search != null) {
            int found = search.take(microphone, farEnd, block, delay, late, state);
            if (follows && search.isSure(state)) {
                counters[LAG] = search.lag(state);
            }
            if (found == DelaySearch.TOO_EARLY) {
                stop(delay, late, state);
            } else if (found != delay) {
                filter.delay(found - delay, values);
                counters[DELAY] = found;
                if (follows) {
                    skew.interrupt(state);
                }
            }
        }
        if (follows && whole && !muted && !isSilent(farEnd, hop)) {
            skew.take(block, reads, state);
            if (!reads && skew.isKnown(state) && hasRoom(reader.lead(), state)) {
                reader.begin(came, farEnd, state);
                skew.begin(state);
            }
        }
    }

    /**
     * Hears what there is to be read of the far end. As a rule that is a block; if it is none, the
     * microphone's next block comes a block later than the last that was heard, and the delay is
     * less by that.
     */
    private void read(long block, TransformState state) {
        long[] counters = state.counters();
        double step = 1 + skew.skew(state);
        long came = (block + 1) * hop;
        int delay = (int) counters[DELAY] - 1;
        counters[SLIPPED]--;
        while (reader.read(came, step, hop, kept() * hop, state, read)) {
            delay++;
            counters[SLIPPED]++;
            filter.hear(read, block + counters[SLIPPED], state.values());
        }
        int late = reader.late(came, state);
        if (delay < 0 && !hasRoom(late, state)) {
            counters[SLIPPED]++;
            stop(delay, late, state);
            return;
        }
        int possible = Math.min(Math.max(0, delay), sizes.delays());
        if (possible != delay) {
            filter.delay(possible - delay, state.values());
            skew.interrupt(state);
        }
        counters[DELAY] = possible;
    }

    /**
     * Hears the far end as it comes from the next block on that is heard; the last one is late.
     * What was learnt moves along, by whole blocks.
     */
    private void stop(int delay, int late, TransformState state) {
        int found = search.delay(state.counters()[LAG]);
        reader.stop(state);
        skew.forget(state);
        filter.delay(found - delay - (late + hop / 2) / hop, state.values());
        state.counters()[DELAY] = found;
    }

    /** Whether the echo is late enough for a far end that is late itself. */
    private boolean hasRoom(int late, TransformState state) {
        return state.counters()[LAG] >= late + hop / 4;
    }

    private void give(long block, int samples, int behind, TransformState state, SampleBlock out) {
        double[] values = state.values();
        int now = farEndAt(block - behind);
        int before = farEndAt(block - state.counters()[BEHIND_BEFORE]);
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

    private boolean isSilent(double[] samples, int from) {
        for (int n = from; n < from + hop; n++) {
            if (samples[n] != 0) {
                return false;
            }
        }
        return true;
    }
}
