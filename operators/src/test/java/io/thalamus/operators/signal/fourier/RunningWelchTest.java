/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunningWelchTest extends SignalTransformContract {
    private static final int RATE = 200;
    private static final StreamShape TWO =
            new StreamShape(List.of("a", "b"), SampleRate.ofHertz(RATE));

    @Override
    protected SignalTransform transform() {
        return new RunningWelch(Welch.density(8), 3);
    }

    @ParameterizedTest
    @CsvSource({
        "16, 8, 1, CONSTANT, DENSITY",
        "16, 4, 3, NONE, DENSITY",
        "15, 0, 4, CONSTANT, SPECTRUM",
        "97, 90, 7, CONSTANT, DENSITY"
    })
    void eachSpectrumIsThatOfItsStretch(
            int segment, int overlap, int average, Welch.Detrend detrend, Welch.Scaling scaling) {
        Welch welch = new Welch(segment, overlap, StandardTaper.HANN, detrend, scaling);
        double[][] in = Noise.ofTwoChannels(500);
        double[][] found = SignalChain.whole(in, TWO, List.of(new RunningWelch(welch, average)));
        int hop = segment - overlap;
        int stretch = (average - 1) * hop + segment;
        int bins = segment / 2 + 1;
        assertThat(found).hasDimensions(2 * bins, (500 - stretch) / (hop * average) + 1);
        for (int m = 0; m < found[0].length; m++) {
            int first = m * hop * average;
            double[][] part = {
                Arrays.copyOfRange(in[0], first, first + stretch),
                Arrays.copyOfRange(in[1], first, first + stretch)
            };
            double[][] expected = welch.spectra(part, RATE);
            for (int row = 0; row < 2 * bins; row++) {
                assertThat(found[row][m]).isEqualTo(expected[row / bins][row % bins]);
            }
        }
    }

    @Test
    void aMissingValueSpoilsItsSpectraInItsChannel() {
        double[][] in = Noise.ofTwoChannels(40);
        in[1][17] = Double.POSITIVE_INFINITY;
        double[][] out = SignalChain.whole(in, TWO, List.of(new RunningWelch(Welch.density(8), 2)));
        // The parts from 8 to 16 and from 12 to 20 are one spectrum, those from 16 and 20 the next.
        for (int m = 0; m < out[0].length; m++) {
            assertThat(out[0][m]).isFinite();
            assertThat(Double.isNaN(out[5][m])).as("spectrum %d", m).isEqualTo(m == 1 || m == 2);
        }
    }

    @Test
    void hasAShapeALatencyAndALag() {
        PreparedTransform prepared = new RunningWelch(Welch.density(8), 5).prepare(TWO);
        assertThat(prepared.outputShape().rate()).isEqualTo(SampleRate.ofHertz(10));
        assertThat(prepared.outputShape().channels()).hasSize(10).contains("a:density0");
        assertThat(prepared.latency()).isEqualTo(4 * 4 + 7);
        // The middle of 24 samples.
        assertThat(prepared.groupDelay()).isEqualTo(-12);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new RunningWelch(Welch.density(8), 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("welch: average is 0; give at least 1 part of the signal");
        StreamShape slow = new StreamShape(List.of("a"), new SampleRate(1, 9_000_000));
        assertThatThrownBy(() -> new RunningWelch(Welch.density(8), 1_000).prepare(slow))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is too slow a stream; give fewer samples");
    }
}
