/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * One line on a terminal that says how far a command is.
 *
 * @param <T> what has been counted
 */
final class Progress<T> implements Consumer<T> {
    private static final double NANOS = 1e9;

    private final Console console;
    private final BiFunction<T, Double, String> line;
    private final long start = System.nanoTime();
    private boolean shown;

    /**
     * @param line what the line says, from what was counted in how many seconds
     */
    Progress(Console console, BiFunction<T, Double, String> line) {
        this.console = console;
        this.line = line;
    }

    @Override
    public void accept(T counted) {
        if (!console.terminal()) {
            return;
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        // Back to the start of the line, and the rest of what was there is erased.
        console.err().print("\r" + line.apply(counted, seconds) + "\033[K");
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
