/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Says on a terminal how far a command is.
 *
 * @param <T> what has been counted
 */
final class Progress<T> implements Consumer<T> {
    private static final double NANOS = 1e9;

    private final StatusLine status;
    private final BiFunction<T, Double, String> line;
    private final long start = System.nanoTime();

    /**
     * @param line what the line says, from what was counted in how many seconds
     */
    Progress(Console console, BiFunction<T, Double, String> line) {
        this.status = new StatusLine(console);
        this.line = line;
    }

    @Override
    public void accept(T counted) {
        if (status.isShown()) {
            status.show(line.apply(counted, (System.nanoTime() - start) / NANOS));
        }
    }

    /** Leaves the line. */
    void end() {
        status.end();
    }
}
