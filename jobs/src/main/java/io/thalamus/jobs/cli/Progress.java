/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.PipelineSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** One line on a terminal that says how far a run is. */
final class Progress implements Consumer<RunMetrics> {
    private static final double NANOS = 1e9;

    private final Console console;
    private final boolean live;
    private final boolean windows;
    private final long start = System.nanoTime();
    private boolean shown;

    /**
     * @param spec counts windows if it has a model; and only if its source does not end is it of
     *     interest how far results lie behind
     */
    Progress(Console console, PipelineSpec spec) {
        this.console = console;
        this.live = !spec.source().ends();
        this.windows = spec.model().isPresent();
    }

    @Override
    public void accept(RunMetrics metrics) {
        if (!console.terminal()) {
            return;
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        String unit = windows ? "windows" : "samples";
        long count = windows ? metrics.windows() : metrics.samples();
        StringBuilder line =
                new StringBuilder(
                        "%,d frames  %,d %s  %,.0f %s/s"
                                .formatted(metrics.frames(), count, unit, count / seconds, unit));
        if (metrics.windows() > 0) {
            Duration lag = Duration.ofMillis(metrics.lagMillis());
            line.append("  at ").append(Instant.now().minus(lag).truncatedTo(ChronoUnit.SECONDS));
            if (live) {
                line.append("  %.1f s behind".formatted(lag.toMillis() / 1e3));
            }
        }
        // Back to the start of the line, and the rest of what was there is erased.
        console.err().print("\r" + line + "\033[K");
        console.err().flush();
        shown = true;
    }

    /** Leaves the line. */
    void end() {
        if (shown) {
            console.err().print("\r\033[K");
            console.err().flush();
        }
    }
}
