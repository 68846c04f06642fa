/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors;

import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;

/**
 * What a source hands on: a frame, or input that it had to refuse. Exactly one of the two is set.
 * Sources have no side output, so {@link Ingest} parts the two behind them.
 *
 * @param frame the frame, or null
 * @param deadLetter what was refused, or null
 */
public record Received(SignalFrame frame, DeadLetter deadLetter) {

    public Received {
        if ((frame == null) == (deadLetter == null)) {
            throw new IllegalArgumentException("either a frame or a dead letter is received");
        }
    }

    public static Received frame(SignalFrame frame) {
        return new Received(frame, null);
    }

    public static Received refused(DeadLetter deadLetter) {
        return new Received(null, deadLetter);
    }
}
