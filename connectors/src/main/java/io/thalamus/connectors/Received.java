/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;

/**
 * What a source hands on: a frame, input that it had to refuse, or a remark that the input carries.
 * Exactly one of the three is set. Sources have no side output, so {@link Ingest} parts them behind
 * them.
 *
 * @param frame the frame, or null
 * @param deadLetter what was refused, or null
 * @param annotation the remark, or null
 */
public record Received(SignalFrame frame, DeadLetter deadLetter, Annotation annotation) {
    /** Values of a frame at most, over all its channels; sources refuse one with more. */
    public static final int MAX_FRAME_VALUES = 1 << 20;

    public Received {
        int set = (frame == null ? 0 : 1) + (deadLetter == null ? 0 : 1);
        if (set + (annotation == null ? 0 : 1) != 1) {
            throw new IllegalArgumentException(
                    "one frame, one dead letter or one annotation is received");
        }
    }

    public static Received frame(SignalFrame frame) {
        return new Received(frame, null, null);
    }

    public static Received refused(DeadLetter deadLetter) {
        return new Received(null, deadLetter, null);
    }

    public static Received annotation(Annotation annotation) {
        return new Received(null, null, annotation);
    }
}
