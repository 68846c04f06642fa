/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/** A network's first layer, whose weights its streams may learn by a Hebbian rule. */
public interface PlasticLayer {

    /** The bundle's weights, by name. Not to be modified. */
    Map<String, float[]> source();

    /**
     * How weights would change by a window, at a rate of 1, by the same names. The arrays are this
     * layer's and hold until the next call.
     */
    Map<String, double[]> change(Map<String, float[]> weights, SignalFrame window);
}
