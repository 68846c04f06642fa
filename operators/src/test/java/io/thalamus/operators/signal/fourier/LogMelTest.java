/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

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

class LogMelTest {
    private static final SampleRate RATE = SampleRate.ofHertz(8000);
    private static final StreamShape MIC = new StreamShape(List.of("mic"), RATE);

    static class Streamed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return logMel(16, 4, new MelBank(MelScale.SLANEY, 3, 100, 4000), 1e-3);
        }

        @Override
        protected SampleRate rate() {
            return RATE;
        }
    }

    private static LogMel logMel(int length, int hop, MelBank bank, double floor) {
        return new LogMel(
                new Stft(length, hop, StandardTaper.HANN, false),
                bank,
                floor,
                LogMel.Logarithm.NATURAL);
    }

    /** Reference figures by NumPy: {@code log(bank @ abs(rfft(block * hann)) ** 2 + 1e-6)}. */
    @Test
    void isTheFrontEndOfASpeechNetwork() {
        double[] in = new double[640];
        for (int n = 0; n < in.length; n++) {
            in[n] = Math.sin(0.05 * n) * 0.3 + 0.1 * Math.cos(0.0007 * n * n);
        }
        LogMel logMel = logMel(256, 128, new MelBank(MelScale.HTK, 32, 60, 4000), 1e-6);
        double[][] found = SignalChain.whole(new double[][] {in}, MIC, List.of(logMel));
        assertThat(found).hasDimensions(32, 4);
        assertThat(block(found, 0))
                .containsExactly(
                        new double[] {
                            4.464683128166648,
                            2.2216777686236533,
                            -3.205244106846066,
                            -13.81452124161573,
                            -13.8155060414797
                        },
                        within(1e-9));
        assertThat(block(found, 3))
                .containsExactly(
                        new double[] {
                            4.621791937842527,
                            -4.72069509904136,
                            -10.197610831868943,
                            -13.714843437407952,
                            -13.815471035385196
                        },
                        within(1e-9));
        LogMel decibels =
                new LogMel(logMel.stft(), logMel.bank(), logMel.floor(), LogMel.Logarithm.DECIBELS);
        double[][] inDecibels = SignalChain.whole(new double[][] {in}, MIC, List.of(decibels));
        assertThat(inDecibels[7][0])
                .isCloseTo(10 * Math.log10(Math.exp(found[7][0])), within(1e-9));
    }

    private static double[] block(double[][] found, int block) {
        return new double[] {
            found[0][block], found[1][block], found[7][block], found[20][block], found[31][block]
        };
    }

    /** The first figures of {@code librosa.filters.mel(sr=16000, n_fft=400, n_mels=80)}. */
    @Test
    void slaneysFiltersAreThoseOfLibrosa() {
        double[][] weights =
                new MelBank(MelScale.SLANEY, 80, 0, Double.POSITIVE_INFINITY)
                        .weights(400, SampleRate.ofHertz(16000));
        assertThat(weights).hasDimensions(80, 201);
        assertThat(weights[0][0]).isZero();
        assertThat(weights[0][1]).isCloseTo(0.024862593, within(1e-9));
        assertThat(weights[1][1]).isCloseTo(0.001990821, within(1e-9));
        assertThat(weights[1][2]).isCloseTo(0.022871772, within(1e-9));
        // Above 1000 Hz the scale is logarithmic: the last triangle ends at 8000 Hz.
        double last = Math.exp(Math.log(8) - (Math.log(8) + 15 * Math.log(6.4) / 27) / 81);
        double before = last * last / 8 * 1e3;
        assertThat(weights[79][200]).isZero();
        assertThat(weights[79][199])
                .isCloseTo(40 / (8000 - 1e3 * last) * 2 / (8000 - before), within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"HTK, 700, 781.1728", "HTK, 4000, 2146.0645", "SLANEY, 600, 9", "SLANEY, 6400, 42"})
    void scalesHaveTheirFigures(MelScale scale, double hertz, double mel) {
        assertThat(scale.ofHertz(hertz)).isCloseTo(mel, within(1e-4));
        assertThat(scale.toHertz(scale.ofHertz(hertz))).isCloseTo(hertz, within(1e-9));
    }

    @Test
    void namesItsChannels() {
        PreparedTransform prepared =
                logMel(16, 4, new MelBank(MelScale.HTK, 2, 0, 4000), 1).prepare(MIC);
        assertThat(prepared.outputShape().channels()).containsExactly("mic:mel0", "mic:mel1");
        assertThat(prepared.outputShape().rate()).isEqualTo(SampleRate.ofHertz(2000));
        assertThat(prepared.latency()).isEqualTo(15);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new MelBank(MelScale.HTK, 4, 300, 300))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "log-mel: there are 4 bands from 300.0 to 300.0 Hz; give at least 1 band,"
                                + " and a low from 0 to below the high");
        assertThatThrownBy(() -> new MelBank(MelScale.HTK, 4, 300, 4001).weights(256, RATE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("they must end at 4000.0 Hz or below");
        assertThatThrownBy(() -> new MelBank(MelScale.HTK, 40, 0, 4000).weights(64, RATE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "log-mel: band 0, from 0 to 68 Hz, holds none of the frequencies,"
                                + " which are 125.0 Hz apart");
        assertThatThrownBy(() -> logMel(16, 4, new MelBank(MelScale.HTK, 2, 0, 4000), 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("floor is 0.0");
    }
}
