/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import io.thalamus.schemas.SignalFrame;

/** Takes what an {@link Aligner} gives, in the order of the joined stream. */
public interface AlignmentOutput {

    /** The next samples of the joined stream. */
    void joined(SignalFrame frame);

    /** Samples of a member that came after the joined stream had gone on without them. */
    void late(SignalFrame frame);

    /** Another so many points of the common clock at which a member is missing where one is not. */
    void missing(long points);

    /**
     * A member has been interrupted since the joined stream began.
     *
     * @param reason in words
     * @param onsetNanos the first point at which it is not there, in nanoseconds since the epoch
     * @param resumedNanos the first point at which it is there again, or nobody is any more
     */
    void interrupted(String reason, long onsetNanos, long resumedNanos);
}
