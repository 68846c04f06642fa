/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaperTest {
    private static final Offset<Double> EXACT = within(1e-15);

    static Stream<Taper> tapers() {
        return Stream.concat(
                Stream.of(StandardTaper.values()),
                Stream.of(new Kaiser(0), new Kaiser(5), new Kaiser(14), new Kaiser(700)));
    }

    @ParameterizedTest
    @MethodSource("tapers")
    void oneSampleIsKept(Taper taper) {
        assertThat(taper.symmetric(1)).containsExactly(1);
        assertThat(taper.periodic(1)).containsExactly(1);
    }

    @ParameterizedTest
    @MethodSource("tapers")
    void isSymmetricToTheBit(Taper taper) {
        for (int length : new int[] {2, 3, 8, 97}) {
            double[] weights = taper.symmetric(length);
            for (int n = 0; n < length; n++) {
                assertThat(weights[n]).isEqualTo(weights[length - 1 - n]).isBetween(-1e-16, 1.0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tapers")
    void aPeriodicOneIsASymmetricOneLessTheLastSample(Taper taper) {
        for (int length : new int[] {2, 3, 8, 97}) {
            assertThat(taper.periodic(length))
                    .containsExactly(Arrays.copyOf(taper.symmetric(length + 1), length), EXACT);
        }
    }

    /** From {@code scipy.signal.get_window(name, 5, fftbins=False)}, the first three. */
    @Test
    void hasTheValuesOfSciPy() {
        assertThat(half(StandardTaper.BOXCAR)).containsExactly(new double[] {1, 1, 1}, EXACT);
        assertThat(half(StandardTaper.HANN)).containsExactly(new double[] {0, 0.5, 1}, EXACT);
        assertThat(half(StandardTaper.HAMMING))
                .containsExactly(new double[] {0.08, 0.54, 1}, EXACT);
        assertThat(half(StandardTaper.BLACKMAN)).containsExactly(new double[] {0, 0.34, 1}, EXACT);
        assertThat(half(StandardTaper.BLACKMAN_HARRIS))
                .containsExactly(new double[] {6e-5, 0.21747, 1}, EXACT);
        assertThat(half(StandardTaper.BARTLETT)).containsExactly(new double[] {0, 0.5, 1}, EXACT);
        assertThat(half(StandardTaper.SQRT_HANN))
                .containsExactly(new double[] {0, Math.sqrt(0.5), 1}, EXACT);
        assertThat(half(new Kaiser(5)))
                .containsExactly(
                        new double[] {0.036710892271286676, 0.5528517696991324, 1.0}, EXACT);
        assertThat(half(new Kaiser(14)))
                .containsExactly(
                        new double[] {7.726866835270368e-06, 0.16493218754795197, 1.0}, EXACT);
    }

    private static double[] half(Taper taper) {
        return Arrays.copyOf(taper.symmetric(5), 3);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 701, Double.NaN})
    void refusesABetaThatIsNone(double beta) {
        assertThatThrownBy(() -> new Kaiser(beta))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("kaiser: beta is " + beta);
    }
}
