/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;

/**
 * What a source hands on: a frame, input that it had to refuse, a remark that the input carries, or
 * a command. Exactly one of the four is set. Sources have no side output, so {@link Ingest} parts
 * them behind them.
 *
 * @param frame the frame, or null
 * @param deadLetter what was refused, or null
 * @param annotation the remark, or null
 * @param command the command, or null
 */
public record Received(
        SignalFrame frame, DeadLetter deadLetter, Annotation annotation, ControlCommand command) {
    /** Values of a frame at most, over all its channels; sources refuse one with more. */
    public static final int MAX_FRAME_VALUES = 1 << 20;

    public Received {
        int set = (frame == null ? 0 : 1) + (deadLetter == null ? 0 : 1);
        set += (annotation == null ? 0 : 1) + (command == null ? 0 : 1);
        if (set != 1) {
            throw new IllegalArgumentException(
                    "one frame, one dead letter, one annotation or one command is received");
        }
    }

    public static Received frame(SignalFrame frame) {
        return new Received(frame, null, null, null);
    }

    public static Received refused(DeadLetter deadLetter) {
        return new Received(null, deadLetter, null, null);
    }

    public static Received annotation(Annotation annotation) {
        return new Received(null, null, annotation, null);
    }

    public static Received command(ControlCommand command) {
        return new Received(null, null, null, command);
    }
}
