/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;

/**
 * Converts every value from one unit into another of the same quantity. A missing value stays
 * missing. Without memory or latency.
 *
 * <p>Known are V mV uV nV; A mA uA; K degC degF; Pa hPa kPa bar; m/s2 g mg; m/s km/h; rad/s deg/s;
 * T mT uT nT fT; W kW MW.
 *
 * @param from the unit that the data has
 * @param to the unit that they get
 */
public record ConvertUnits(String from, String to) implements SignalTransform {

    public ConvertUnits {
        Unit.Quantity before = Unit.of(from).quantity();
        Unit.Quantity after = Unit.of(to).quantity();
        if (before != after) {
            throw new InvalidInputException(
                    "convert-units: %s is a unit of %s and %s one of %s; give two of one quantity"
                            .formatted(from, before, to, after));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        Unit before = Unit.of(from);
        Unit after = Unit.of(to);
        double factor = before.in(after);
        return new Pointwise(input, value -> (value + before.shift()) * factor - after.shift());
    }
}
