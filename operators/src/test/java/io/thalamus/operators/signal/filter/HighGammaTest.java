/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HighGammaTest {

    static class Streamed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return HighGamma.STANDARD;
        }

        @Override
        protected SampleRate rate() {
            return SampleRate.ofHertz(500);
        }

        @Override
        protected int samples() {
            return 400;
        }
    }

    /** Of waves in the band their amplitude, and hardly anything of others. */
    @ParameterizedTest
    @CsvSource({
        "1000, 100, 1",
        "1000, 85, 1",
        "1000, 130, 1",
        "1000, 20, 0",
        "1000, 300, 0",
        "2048, 100, 1",
        "2048, 12, 0",
        "512, 100, 1",
        "512, 220, 0"
    })
    void isTheAmplitudeInTheBand(int rate, double hertz, double share) {
        double[] in = new double[2 * rate];
        for (int n = 0; n < in.length; n++) {
            in[n] = 5 * Math.sin(2 * Math.PI * hertz * n / rate);
        }
        double[] found = whole(in, rate);
        for (int n = rate; n < in.length - rate / 20; n++) {
            assertThat(found[n]).as("sample %d", n).isCloseTo(5 * share, within(0.05 * 5));
        }
    }

    /** A burst comes out where it went in, but for the lag of the filters, and no earlier. */
    @Test
    void followsABurst() {
        double[] in = new double[3000];
        for (int n = 1000; n < 2000; n++) {
            in[n] = 2 * Math.sin(2 * Math.PI * 110 * n / 1000);
        }
        double[] found = whole(in, 1000);
        for (int n = 0; n < 3000; n++) {
            if (n < 980 || n > 2200) {
                assertThat(Math.abs(found[n])).as("sample %d", n).isLessThan(0.05);
            } else if (n > 1100 && n < 1980) {
                assertThat(found[n]).as("sample %d", n).isCloseTo(2, within(0.1));
            }
        }
    }

    @Test
    void takesAsManyTapsAsTheLowestFrequencyNeeds() {
        assertThat(prepared(HighGamma.STANDARD, 1000).latency()).isEqualTo(15);
        assertThat(prepared(HighGamma.STANDARD, 2000).latency()).isEqualTo(29);
        assertThat(prepared(HighGamma.STANDARD, 2000).groupDelay()).isNaN();
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new HighGamma(List.of(150.0, 70.0), 4, 10))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("give the lower one first");
        assertThatThrownBy(() -> new HighGamma(List.of(70.0, 150.0), 4, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("smoothing is 0.0 Hz");
        assertThatThrownBy(() -> prepared(HighGamma.STANDARD, 300))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("150.0 Hz");
        assertThatThrownBy(() -> prepared(new HighGamma(List.of(0.01, 150.0), 1, 10), 1000))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "high-gamma: the lower cutoff is 0.01 Hz; at a sample rate of");
    }

    private static PreparedTransform prepared(HighGamma highGamma, int rate) {
        return highGamma.prepare(shape(rate));
    }

    private static StreamShape shape(int rate) {
        return new StreamShape(List.of("LA1"), SampleRate.ofHertz(rate));
    }

    private static double[] whole(double[] in, int rate) {
        return SignalChain.whole(new double[][] {in}, shape(rate), List.of(HighGamma.STANDARD))[0];
    }
}
