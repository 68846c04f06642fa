/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;

/**
 * Multiplies every value by one factor. A missing value stays missing. Without memory or latency.
 *
 * @param factor any number but 0; a negative one turns the polarity round
 */
public record Gain(double factor) implements SignalTransform {

    public Gain {
        if (!Double.isFinite(factor) || factor == 0) {
            throw new InvalidInputException(
                    "gain: the factor is %s; give a number other than 0".formatted(factor));
        }
    }

    /** A gain of amplitudes in decibels: {@code 10^(decibels / 20)}. */
    public static Gain ofDecibels(double decibels) {
        return new Gain(StrictMath.pow(10, decibels / 20));
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new Pointwise(input, value -> value * factor);
    }
}
