/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.Trigger;

/**
 * Leaves a trigger's channel out, and the others as they are. Without memory or latency.
 *
 * @param trigger the channel
 */
public record WithoutTrigger(Trigger trigger) implements SignalTransform {

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new SelectChannels(trigger.without(input).channels()).prepare(input);
    }
}
