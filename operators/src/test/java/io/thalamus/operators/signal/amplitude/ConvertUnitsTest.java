/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvertUnitsTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new ConvertUnits("degC", "degF");
    }

    @ParameterizedTest
    @CsvSource({
        "0.000123, V, uV, 123",
        "123, uV, V, 0.000123",
        "2.5, V, mV, 2500",
        "3, mV, nV, 3e6",
        "7, nV, uV, 0.007",
        "5, \u00b5V, \u03bcV, 5",
        "2, mA, uA, 2000",
        "0.5, A, mA, 500",
        "36.6, degC, K, 309.75",
        "0, K, degC, -273.15",
        "100, degC, degF, 212",
        "-40, degF, degC, -40",
        "451, degF, K, 505.92777777777775",
        "1013.25, hPa, Pa, 101325",
        "1.5, bar, kPa, 150",
        "2, g, m/s2, 19.6133",
        "250, mg, g, 0.25",
        "10, m/s, km/h, 36",
        "180, deg/s, rad/s, 3.141592653589793",
        "1, T, mT, 1000",
        "50, uT, nT, 50000",
        "3e-15, T, fT, 3",
        "2, MW, kW, 2000",
        "15, kW, W, 15000",
    })
    void converts(double value, String from, String to, double wanted) {
        assertThat(Values.through(new ConvertUnits(from, to), value)[0])
                .isCloseTo(wanted, within(1e-13 * Math.max(1, Math.abs(wanted))));
    }

    @Test
    void leavesWhatIsMissing() {
        assertThat(Values.through(transform(), Double.NaN)).containsExactly(Double.NaN);
    }

    @Test
    void refusesUnitsOfDifferentQuantities() {
        assertThatThrownBy(() -> new ConvertUnits("V", "degC"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "convert-units: V is a unit of voltage and degC one of temperature; give"
                                + " two of one quantity");
        assertThatThrownBy(() -> new ConvertUnits("mT", "m/s2"))
                .hasMessageContaining("magnetic flux density and m/s2 one of acceleration");
    }

    @Test
    void refusesUnknownUnits() {
        assertThatThrownBy(() -> new ConvertUnits("V", "volts"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(
                        "convert-units: 'volts' is no known unit; the units are V, mV, uV, nV, A,");
    }
}
