/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Locale;

/** Bytes that are no whole and sound FLAC frame; the message says why. */
final class FlacFault extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean unfinished;

    private FlacFault(String reason, boolean unfinished) {
        super(reason, null, false, false);
        this.unfinished = unfinished;
    }

    static FlacFault of(String reason, Object... values) {
        return new FlacFault(String.format(Locale.ROOT, reason, values), false);
    }

    /** The bytes end within a frame: with more of them it may turn out to be sound. */
    static FlacFault unfinished() {
        return new FlacFault("the file ends within a frame", true);
    }

    boolean isUnfinished() {
        return unfinished;
    }
}
