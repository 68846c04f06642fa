/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

/**
 * A fault that was put into a recording on purpose.
 *
 * @param kind what is wrong
 * @param channel the channel's index; of no meaning where all channels are concerned
 * @param first the first sample that is wrong
 * @param samples how many are
 */
public record Fault(Kind kind, int channel, int first, int samples) {

    /** What can be wrong with a recording. */
    public enum Kind {
        /** A channel's values are missing. */
        MISSING,
        /** The samples of all channels are lost. */
        GAP,
        /** A channel is at the upper end of the converter's range, but for its last bit. */
        SATURATION,
        /** A channel keeps the value that it had. */
        FLAT
    }
}
