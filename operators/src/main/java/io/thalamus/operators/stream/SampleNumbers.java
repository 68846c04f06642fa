/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import java.util.Locale;
import java.util.Optional;

/** Which numbers a frame's samples may have, whatever becomes of them. */
final class SampleNumbers {
    private SampleNumbers() {}

    /** What is wrong with them; empty if nothing is. */
    static Optional<String> objectionTo(SignalFrame frame) {
        return frame.sequence() < 0 || frame.nextSequence() < 0
                ? Optional.of(
                        String.format(
                                Locale.ROOT, "sequence number %d cannot be", frame.sequence()))
                : Optional.empty();
    }
}
