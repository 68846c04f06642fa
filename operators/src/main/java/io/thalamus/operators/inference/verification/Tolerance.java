/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

/**
 * How far a tensor may be from its reference.
 *
 * @param metric what is measured
 * @param value the most that is allowed
 */
record Tolerance(Metric metric, double value) {
    /** Equal values. */
    static final Tolerance EXACT = new Tolerance(Metric.MAX_ABS, 0);

    /** What configurations call what is measured. */
    enum Metric {
        MAX_ABS("maxAbs"),
        RELATIVE_L2("relativeL2"),
        RELATIVE_MAX("relativeMax"),
        BEYOND_SHARE("beyondShare");

        private final String spelling;

        Metric(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String toString() {
            return spelling;
        }
    }

    /** Whether a difference is within; one that is NaN is not. */
    boolean allows(Difference difference) {
        double measured =
                switch (metric) {
                    case MAX_ABS -> difference.maxAbs();
                    case RELATIVE_L2 -> difference.relativeL2();
                    case RELATIVE_MAX -> difference.relativeMax();
                    case BEYOND_SHARE -> difference.beyondShare();
                };
        return measured <= value;
    }
}
