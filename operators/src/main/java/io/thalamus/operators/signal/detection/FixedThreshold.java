/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * A threshold that is known beforehand.
 *
 * @param value the threshold
 */
public record FixedThreshold(double value) implements ThresholdRule {

    public FixedThreshold {
        if (!Double.isFinite(value)) {
            throw new InvalidInputException(
                    "threshold: %s is no threshold; give a number".formatted(value));
        }
    }

    @Override
    public ThresholdState start(SampleRate rate) {
        return new ThresholdState(new long[0], new double[0], new double[0], new double[0]);
    }

    @Override
    public double threshold(ThresholdState state) {
        return value;
    }

    @Override
    public void take(double score, ThresholdState state) {
        // Nothing is learned.
    }
}
