/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

/**
 * A line of a chart.
 *
 * @param name for the legend
 * @param role what it stands for, which gives it its colour
 * @param x where each point is, ascending
 * @param y its value; NaN leaves a gap
 */
public record Line(String name, Role role, double[] x, double[] y) {

    /** What a line stands for. */
    public enum Role {
        /** What was measured. */
        MEASURED,
        /** What was made of it before a model sees it. */
        PREPARED,
        /** What a model says. */
        MODEL,
        /** What a model is compared with. */
        BASELINE
    }
}
