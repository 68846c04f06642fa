/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.util.Map;

/**
 * How often windows were given the wrong class, stream by stream.
 *
 * @param byStream by the stream's id, in the order of the ids
 */
public record ErrorRates(Map<String, Rate> byStream) {

    /**
     * Of one stream.
     *
     * @param windows with a label
     * @param wrong of them
     */
    public record Rate(long windows, long wrong) {
        /** In percent. */
        public double percent() {
            return 100.0 * wrong / windows;
        }

        static Rate of(boolean isWrong) {
            return new Rate(1, isWrong ? 1 : 0);
        }

        Rate plus(Rate other) {
            return new Rate(windows + other.windows, wrong + other.wrong);
        }
    }
}
