/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import java.time.Instant;

/** Nanoseconds since the epoch as people read them. */
final class IsoTime {
    private static final long NANOS = 1_000_000_000L;

    private IsoTime() {}

    /** In UTC and ISO form, with as many digits as the time has. */
    static String of(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
                .toString();
    }
}
