/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorBandTest {

    @Test
    void holdsTheUpperHalfButForTheHighest() {
        ErrorBand band = of(1, 101);
        // the last 64: 37 to 100
        assertThat(band.errors()).hasSize(64);
        assertThat(band.holds(67.9)).isFalse();
        assertThat(band.holds(68)).isTrue();
        assertThat(band.holds(96)).isTrue();
        assertThat(band.holds(96.1)).isFalse();
        assertThat(band.holds(Double.NaN)).isFalse();
    }

    @Test
    void holdsAnyNumberUntilItKnowsTen() {
        assertThat(of(0, 9).holds(1000)).isTrue();
        assertThat(of(0, 10).holds(1000)).isFalse();
        assertThat(of(0, 9).holds(Double.POSITIVE_INFINITY)).isFalse();
    }

    /** Which is kept in single precision, and is as good as itself. */
    @Test
    void holdsTheErrorAtItsBounds() {
        for (double error : new double[] {0.1, 0.3, 0.7}) {
            ErrorBand band = ErrorBand.in(Map.of());
            for (int i = 0; i < 20; i++) {
                band = band.with(error);
            }
            assertThat(band.holds(error)).isTrue();
        }
    }

    @Test
    void isAsItWasInAMemory() {
        Map<String, float[]> memory = new HashMap<>();
        of(0, 30).putInto(memory);
        assertThat(ErrorBand.in(memory).errors()).isEqualTo(of(0, 30).errors());
        assertThat(ErrorBand.in(Map.of()).errors()).isEmpty();
        assertThat(of(0, 5).with(Double.NaN).errors()).hasSize(5);
    }

    private static ErrorBand of(int from, int to) {
        ErrorBand band = ErrorBand.in(Map.of());
        for (int i = from; i < to; i++) {
            band = band.with(i);
        }
        return band;
    }
}
