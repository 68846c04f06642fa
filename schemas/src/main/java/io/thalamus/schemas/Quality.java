/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/** What may be known against the samples of a frame; a frame's flags are the union of the bits. */
public enum Quality {
    /** At least one value is missing (NaN). */
    MISSING(1),
    /** At least one value was not measured but filled in. */
    FILLED(2),
    /** At least one value lies at the end of what its sensor can measure, or beyond. */
    SATURATED(4),
    /** At least one channel has stopped changing. */
    FLAT(8),
    /** The frame is the first behind a break of its stream, or behind samples that are lost. */
    RESUMED(16),
    /** The sample clock strays from its nominal rate by more than is let pass unsaid. */
    DRIFTING(32),
    /** The end of the segment left a window incomplete, and it was filled up. */
    PADDED(64);

    private final int bit;

    Quality(int bit) {
        this.bit = bit;
    }

    public int bit() {
        return bit;
    }

    /** Flags with {@link #MISSING} set exactly if one of the samples is missing. */
    public static int of(float[] samples, int flags) {
        for (float sample : samples) {
            if (Float.isNaN(sample)) {
                return flags | MISSING.bit;
            }
        }
        return flags & ~MISSING.bit;
    }

    public boolean in(int flags) {
        return (flags & bit) != 0;
    }
}
