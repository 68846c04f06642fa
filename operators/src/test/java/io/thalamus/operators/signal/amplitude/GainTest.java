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
import org.junit.jupiter.params.provider.ValueSource;

class GainTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return Gain.ofDecibels(-3);
    }

    @Test
    void multiplies() {
        assertThat(Values.through(new Gain(-2.5), 1, -2, Double.NaN))
                .containsExactly(-2.5, 5, Double.NaN);
    }

    @Test
    void countsDecibelsOfAmplitude() {
        assertThat(Gain.ofDecibels(20).factor()).isEqualTo(10);
        assertThat(Gain.ofDecibels(0).factor()).isEqualTo(1);
        assertThat(Gain.ofDecibels(-6).factor()).isCloseTo(0.5011872336272722, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, Double.NaN, Double.POSITIVE_INFINITY})
    void wantsAFactor(double factor) {
        assertThatThrownBy(() -> new Gain(factor))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("gain: the factor is %s; give a number other than 0", factor);
    }
}
