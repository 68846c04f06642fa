/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyticSignalTest {

    @ParameterizedTest
    @ValueSource(ints = {30, 60, 90, 45})
    void turnsCosinesIntoSinesAndFindsTheirEnvelope(int length) {
        double[] cosine = new double[length];
        for (int n = 0; n < length; n++) {
            cosine[n] = 2 * Math.cos(2 * Math.PI * 4 * n / length + 0.3);
        }
        AnalyticSignal analytic = AnalyticSignal.of(cosine);
        for (int n = 0; n < length; n++) {
            double sine = 2 * Math.sin(2 * Math.PI * 4 * n / length + 0.3);
            assertThat(analytic.im()[n]).isCloseTo(sine, within(1e-12));
            assertThat(analytic.envelope()[n]).isCloseTo(2, within(1e-12));
        }
        assertThat(analytic.re()).containsExactly(cosine);
    }

    @Test
    void takesAnyLengthButNone() {
        assertThat(AnalyticSignal.of(new double[] {3}).im()).containsExactly(0);
        assertThatThrownBy(() -> AnalyticSignal.of(new double[0]))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("hilbert: there are no samples; give at least 1");
    }
}
