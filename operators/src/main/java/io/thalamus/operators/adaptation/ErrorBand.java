/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Arrays;
import java.util.Map;

/**
 * The last errors of a stream, and whether another lies in the upper half of them but is none of
 * the few highest: so a drift that is slow against a window does show, and a spike teaches nothing.
 * It is the {@link SurpriseGate} upside down, for networks that must not learn what is wrong with a
 * signal.
 *
 * @param errors the last ones, in their order. Not to be modified
 */
public record ErrorBand(float[] errors) {
    private static final String NAME = "errors";
    private static final int MOST = 64;

    /** With fewer, any error is as good as another. */
    private static final int LEAST = 10;

    private static final double LOWEST = 0.5;
    private static final double HIGHEST = 0.95;

    /** That of a stream's memory; an empty one if it has none. */
    public static ErrorBand in(Map<String, float[]> memory) {
        return new ErrorBand(memory.getOrDefault(NAME, new float[0]));
    }

    /** One that takes as much memory as any. */
    public static ErrorBand full() {
        return new ErrorBand(new float[MOST]);
    }

    /** Puts it into a stream's memory. */
    public void putInto(Map<String, float[]> memory) {
        memory.put(NAME, errors);
    }

    /** Whether an error is one to learn from. */
    public boolean holds(double error) {
        if (errors.length < LEAST) {
            return Double.isFinite(error);
        }
        // as errors are kept: one equal to a bound lies within it
        float own = (float) error;
        float[] ascending = errors.clone();
        Arrays.sort(ascending);
        return own >= quantile(ascending, LOWEST) && own <= quantile(ascending, HIGHEST);
    }

    private static float quantile(float[] ascending, double share) {
        return ascending[(int) (share * (ascending.length - 1))];
    }

    /** The band after an error; one that is no finite number is not kept. */
    public ErrorBand with(double error) {
        if (!Double.isFinite(error)) {
            return this;
        }
        int from = Math.max(0, errors.length + 1 - MOST);
        float[] next = Arrays.copyOfRange(errors, from, errors.length + 1);
        next[next.length - 1] = (float) error;
        return new ErrorBand(next);
    }
}
