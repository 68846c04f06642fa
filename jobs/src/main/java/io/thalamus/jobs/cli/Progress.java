/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.SourceSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** One line on a terminal that says how far a run is. */
final class Progress implements Consumer<RunMetrics> {
    private static final double NANOS = 1e9;

    private final Console console;
    private final boolean live;
    private final long start = System.nanoTime();
    private boolean shown;

    /**
     * @param source only for a source that does not end is it of interest how far results lie
     *     behind
     */
    Progress(Console console, SourceSpec source) {
        this.console = console;
        this.live = !source.ends();
    }

    @Override
    public void accept(RunMetrics metrics) {
        if (!console.terminal()) {
            return;
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        StringBuilder line =
                new StringBuilder(
                        "%,d frames  %,d windows  %.0f windows/s"
                                .formatted(
                                        metrics.frames(),
                                        metrics.windows(),
                                        metrics.windows() / seconds));
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
