/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

/**
 * An anomaly that was put into a series on purpose.
 *
 * @param kind what it is
 * @param channel the channel's index
 * @param other of a channel swap, the other channel's index; else the same
 * @param first the first sample that is anomalous
 * @param samples how many are
 */
public record InjectedAnomaly(Kind kind, int channel, int other, int first, int samples) {

    /** What can be anomalous. */
    public enum Kind {
        SPIKE("spike"),
        LEVEL_SHIFT("level shift"),
        DRIFT("drift"),
        FLAT_LINE("flat line"),
        NOISE_BURST("noise burst"),
        CHANGED_PERIOD("changed period"),
        PHASE_SHIFT("phase shift"),
        CHANNEL_SWAP("channel swap");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
