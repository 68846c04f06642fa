/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/** Gathers what signals inside a network are like on the windows that it was trained for. */
public interface Calibration extends AutoCloseable {

    /** Takes one more window, of the signature's form and with nothing missing. */
    void add(SignalFrame window);

    /**
     * Passes over a window in which values are missing: what comes next does not go on from what
     * came before. A network that carries no state from window to window has nothing to forget.
     */
    default void skip() {}

    /** What {@link ModelBundle#SOURCE_STATISTICS} is to hold, of all windows so far. */
    Map<String, Tensor> statistics();

    @Override
    void close();
}
