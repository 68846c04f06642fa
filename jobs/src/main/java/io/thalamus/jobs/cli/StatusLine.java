/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

/** One line on a terminal that says how far something is; nothing is shown elsewhere. */
final class StatusLine {
    private final Console console;
    private boolean shown;

    StatusLine(Console console) {
        this.console = console;
    }

    boolean isShown() {
        return console.terminal();
    }

    void show(String text) {
        if (!console.terminal()) {
            return;
        }
        // Back to the start of the line, and the rest of what was there is erased.
        console.err().print("\r" + text + "\033[K");
        console.err().flush();
        shown = true;
    }

    /** Leaves the line. */
    void end() {
        if (shown) {
            console.err().print("\r\033[K");
            console.err().flush();
            shown = false;
        }
    }
}
