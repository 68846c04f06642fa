/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.rate.SincInterpolator;

/**
 * Reads the far end by the clock of the microphone, in blocks, with the precision of {@link
 * SincInterpolator}. As that looks ahead, what is read ends before what has come: a block is read
 * as soon as it can be, and where the far end is the slower clock, once in a while there is none,
 * where it is the faster one, two.
 *
 * <p>In a state, from {@code at} on: how far the next sample lies behind the whole number in the
 * counters; the block that was read last.
 */
final class FarEndReader {
    /** How many counters it has. */
    static final int COUNTERS = 2;

    private static final int READS = 0;
    private static final int NEXT = 1;

    private static final SincInterpolator INTERPOLATOR = new SincInterpolator(1);
    private static final int HALF = INTERPOLATOR.halfWidth();

    private final int hop;
    private final int countersAt;
    private final int fractionAt;
    private final int lastAt;
    private final SampleBlock around = new SampleBlock(1);

    FarEndReader(int hop, int countersAt, int at) {
        this.hop = hop;
        this.countersAt = countersAt;
        this.fractionAt = at;
        this.lastAt = fractionAt + 1;
    }

    /** Where what it keeps in a state ends. */
    int end() {
        return lastAt + hop;
    }

    /** How many blocks of the far end it looks at, that which came last included. */
    static int blocks(int hop) {
        return 3 + (2 * HALF + 1) / hop;
    }

    /** By how many samples the far end has to come before it is heard, at the least. */
    int lead() {
        return (1 + HALF / hop) * hop;
    }

    boolean isReading(TransformState state) {
        return state.counters()[countersAt + READS] != 0;
    }

    /**
     * Begins.
     *
     * @param next the number of the sample to begin with
     * @param frame holds the block before as its second half
     */
    void begin(long next, double[] frame, TransformState state) {
        state.counters()[countersAt + READS] = 1;
        state.counters()[countersAt + NEXT] = next;
        state.values()[fractionAt] = 0;
        System.arraycopy(frame, hop, state.values(), lastAt, hop);
    }

    /** Reads no more, until it begins anew. */
    void stop(TransformState state) {
        state.counters()[countersAt + READS] = 0;
    }

    /** By how many samples what was read ends before what has come. */
    int late(long came, TransformState state) {
        return (int) (came - state.counters()[countersAt + NEXT]);
    }

    /**
     * Reads a block, if what it takes has come.
     *
     * @param came samples of the far end that have come
     * @param step samples of the far end for each that is read
     * @param ringAt where in the state the far end is, sample {@code n} in the place {@code n mod
     *     ring}
     * @param frame takes the block, behind the one before
     */
    boolean read(
            long came, double step, int ringAt, int ring, TransformState state, double[] frame) {
        double[] values = state.values();
        double fraction = values[fractionAt];
        long next = state.counters()[countersAt + NEXT];
        long first = next - HALF + 1;
        int length = (int) (fraction + (hop - 1) * step) + 2 * HALF;
        if (first + length > came) {
            return false;
        }
        around.clear();
        around.extend(length);
        for (int n = 0; n < length; n++) {
            double value = values[ringAt + (int) Math.floorMod(first + n, (long) ring)];
            around.values()[n] = Double.isNaN(value) ? 0 : value;
        }
        System.arraycopy(values, lastAt, frame, 0, hop);
        for (int n = 0; n < hop; n++) {
            double place = fraction + n * step;
            int whole = (int) place;
            INTERPOLATOR.interpolate(around, HALF - 1 + whole, place - whole, frame, hop + n);
        }
        System.arraycopy(frame, hop, values, lastAt, hop);
        double behind = fraction + hop * step;
        long whole = (long) behind;
        state.counters()[countersAt + NEXT] = next + whole;
        values[fractionAt] = behind - whole;
        return true;
    }
}
