/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Optional;

/** What a network's windows are to learning. */
public interface Judge {

    /** Whether a window may be learned from. */
    boolean teaches(SignalFrame window);

    /**
     * How the network seems to do at a window.
     *
     * @param output what it made of it
     * @return empty if the window does not show it
     */
    Optional<Feedback> feedback(SignalFrame window, float[] output);
}
