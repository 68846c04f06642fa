/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Says on a terminal how far a job is. */
final class Progress implements Consumer<RunMetrics> {
    private static final double NANOS = 1e9;

    private final StatusLine status;
    private final BiFunction<RunMetrics, Double, String> line;
    private final long start = System.nanoTime();

    /**
     * @param line what the line says, from what was counted in how many seconds
     */
    Progress(Console console, BiFunction<RunMetrics, Double, String> line) {
        this.status = new StatusLine(console);
        this.line = line;
    }

    @Override
    public void accept(RunMetrics metrics) {
        if (status.isShown()) {
            status.show(line.apply(metrics, (System.nanoTime() - start) / NANOS));
        }
    }

    /** Leaves the line. */
    void end() {
        status.end();
    }
}
