/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.io.Serializable;

/**
 * Returns a stream to its source weights when its error has risen: a fast average of it is well
 * above a slow one, or it is no number.
 *
 * @param gate opens plasticity; shut for the first {@code warm} values after each start
 * @param fastRate of the fast average
 * @param slowRate of the slow average, which outlives resets
 * @param ratio of the two above which it resets
 * @param warm values after a start before it may reset
 * @param hold values after a reset in which it does not reset again
 */
public record ResetRule(
        SurpriseGate gate, double fastRate, double slowRate, double ratio, int warm, int hold)
        implements Serializable {
    /** Never resets. */
    public static final ResetRule NONE =
            new ResetRule(
                    new SurpriseGate(0.1, 0.05, 2), 0.2, 0.01, Double.POSITIVE_INFINITY, 20, 20);

    /**
     * What the rule remembers of one stream.
     *
     * @param level of the error, as the gate has it
     * @param fast average; NaN before the first value after a start
     * @param slow average; NaN before the first value of the stream
     * @param seen values since the start
     * @param holding values in which it does not reset
     */
    public record Watch(
            SurpriseGate.Level level, double fast, double slow, long seen, int holding) {
        private static final Watch START =
                new Watch(SurpriseGate.Level.unknown(), Double.NaN, Double.NaN, 0, 0);

        /** At the start of a stream. */
        public static Watch start() {
            return START;
        }

        private Watch restarted(int hold) {
            return new Watch(SurpriseGate.Level.unknown(), Double.NaN, slow, 0, hold);
        }
    }

    /**
     * What follows from one value.
     *
     * @param gate how far plasticity is open
     * @param reset whether the stream returns to its source weights
     * @param after what is remembered
     */
    public record Verdict(double gate, boolean reset, Watch after) {}

    /** Judges the next error of a stream. */
    public Verdict judge(Watch before, double error) {
        if (!Double.isFinite(error)) {
            return new Verdict(0, true, before.restarted(hold));
        }
        long seen = before.seen + 1;
        double opening = seen > warm ? gate.opening(before.level, error) : 0;
        double fast = average(before.fast, error, fastRate);
        double slow = average(before.slow, error, slowRate);
        boolean reset = seen > warm && before.holding == 0 && fast > ratio * slow;
        Watch after =
                new Watch(
                        gate.after(before.level, error),
                        fast,
                        slow,
                        seen,
                        Math.max(0, before.holding - 1));
        return new Verdict(reset ? 0 : opening, reset, reset ? after.restarted(hold) : after);
    }

    private static double average(double before, double value, double rate) {
        return Double.isNaN(before) ? value : before + rate * (value - before);
    }
}
