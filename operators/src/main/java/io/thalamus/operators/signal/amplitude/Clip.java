/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;

/**
 * Holds values between two limits: what is below becomes the lower, what is above the upper. A
 * missing value stays missing. Without memory or latency.
 *
 * @param low the lower limit, in the data's unit; negative infinity for none
 * @param high the upper limit, in the data's unit; infinity for none
 */
public record Clip(double low, double high) implements SignalTransform {

    public Clip {
        if (!(low < high)) {
            throw new InvalidInputException(
                    "clip: low is %s and high is %s; give a low below the high"
                            .formatted(low, high));
        }
        if (Double.isInfinite(low) && Double.isInfinite(high)) {
            throw new InvalidInputException("clip has no limit; give low, high or both");
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new Pointwise(input, value -> Math.min(Math.max(value, low), high));
    }
}
