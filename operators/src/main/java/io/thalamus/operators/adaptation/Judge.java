/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Optional;
import java.util.function.BiFunction;

/** What a network's windows are to learning. */
public interface Judge {
    /** To whom every window teaches, and none shows how the network does. */
    Judge BLIND =
            new Judge() {
                @Override
                public boolean teaches(SignalFrame window) {
                    return true;
                }

                @Override
                public boolean judges(SignalFrame window) {
                    return false;
                }

                @Override
                public Feedback feedback(SignalFrame window, float[] output) {
                    throw new IllegalStateException("no window shows how the network does");
                }
            };

    /** To whom every window teaches and shows how the network does. */
    static Judge ofAll(BiFunction<SignalFrame, float[], Feedback> feedback) {
        return ofAll(/* classes= */ 0, feedback);
    }

    /** The same of a network with classes. */
    static Judge ofAll(int classes, BiFunction<SignalFrame, float[], Feedback> feedback) {
        return new Judge() {
            @Override
            public int classes() {
                return classes;
            }

            @Override
            public boolean teaches(SignalFrame window) {
                return true;
            }

            @Override
            public boolean judges(SignalFrame window) {
                return true;
            }

            @Override
            public Feedback feedback(SignalFrame window, float[] output) {
                return feedback.apply(window, output);
            }
        };
    }

    /** How many classes its feedback tells of; 0 if that is of none. */
    default int classes() {
        return 0;
    }

    /** Whether a window may be learned from. */
    boolean teaches(SignalFrame window);

    /** Whether a window shows how the network does, whatever it makes of it. */
    boolean judges(SignalFrame window);

    /**
     * How the network seems to do at a window that this {@link #judges}.
     *
     * @param output what it made of it
     */
    Feedback feedback(SignalFrame window, float[] output);

    /** The same; empty unless this {@link #judges} the window. */
    default Optional<Feedback> of(SignalFrame window, float[] output) {
        return judges(window) ? Optional.of(feedback(window, output)) : Optional.empty();
    }
}
