/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

/**
 * Why a stream cannot go on in its segment.
 *
 * @param reason in words
 * @param onsetNanos when the next sample was due, or where the last one was, in nanoseconds since
 *     the epoch
 * @param resumedNanos when the stream goes on, by its own clock
 * @param lostSamples how many samples are missing; 0 if none are, or if their number is not known
 * @param clockJumps whether all that is wrong is the time
 */
record StreamBreak(
        String reason, long onsetNanos, long resumedNanos, long lostSamples, boolean clockJumps) {

    /** How long the stream has been without samples; 0 if its clock was set back. */
    long durationNanos() {
        if (resumedNanos <= onsetNanos) {
            return 0;
        }
        long duration = resumedNanos - onsetNanos;
        return duration < 0 ? Long.MAX_VALUE : duration; // longer than a long holds
    }
}
