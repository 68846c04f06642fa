/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.amplitude.ConvertUnits;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.operators.signal.amplitude.RunningStandardise;
import io.thalamus.operators.signal.filter.Band;
import io.thalamus.operators.signal.filter.Butterworth;
import io.thalamus.operators.signal.filter.Envelope;
import io.thalamus.operators.signal.filter.FirFilter;
import io.thalamus.operators.signal.filter.HighGamma;
import io.thalamus.operators.signal.filter.Notch;
import io.thalamus.operators.signal.fourier.BandPower;
import io.thalamus.operators.signal.fourier.DctBands;
import io.thalamus.operators.signal.fourier.DominantPeriods;
import io.thalamus.operators.signal.fourier.FrequencyBand;
import io.thalamus.operators.signal.fourier.InverseStft;
import io.thalamus.operators.signal.fourier.RunningWelch;
import io.thalamus.operators.signal.fourier.SpectralGate;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.fourier.Welch;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Transforms that work on each channel by itself give it the same bits in company as alone, however
 * many channels are taken at a time; one that is missing throughout, or at times, spoils no other.
 */
class ManyChannelsTest {
    /** More than are filtered side by side, and no multiple of what is taken at a time. */
    private static final int CHANNELS = 19;

    private static final SampleRate RATE = SampleRate.ofHertz(1000);
    private static final Stft STFT = new Stft(30, 10, StandardTaper.HANN, true);

    static Stream<Arguments> transforms() {
        return Stream.of(
                of("butterworth", new Butterworth(Band.bandPass(5, 200), 3)),
                of("notch", new Notch(50, 30)),
                of("fir", fir(21)),
                of("fir by FFT", fir(131)),
                of("resample", new Resample(2, 5)),
                of("envelope", new Envelope(21, StandardTaper.HAMMING)),
                of("high-gamma", HighGamma.STANDARD),
                of("stft", STFT),
                of("stft and istft", STFT, new InverseStft(STFT)),
                of("welch", new RunningWelch(Welch.density(30), 3)),
                of("dominant-periods", new DominantPeriods(30, 20, 2)),
                of("band-power", new BandPower(STFT, List.of(new FrequencyBand("a", 50, 200)))),
                of(
                        "spectral-gate",
                        new SpectralGate(
                                64, 10, 12, Duration.ofMillis(5), Duration.ofMillis(50), 3)),
                of("dct-bands", new DctBands(64, 9, 3, 1)),
                of("fill-missing", new FillMissing(3)),
                of("standardise-running", new RunningStandardise(Duration.ofMillis(100))),
                of("convert-units", new ConvertUnits("degF", "K")));
    }

    private static FirFilter fir(int taps) {
        return new FirFilter(Band.bandPass(70, 150), taps, StandardTaper.HAMMING, true);
    }

    private static Arguments of(String name, SignalTransform... transforms) {
        return Arguments.of(name, List.of(transforms));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transforms")
    void leaveEachChannelToItself(String name, List<SignalTransform> transforms) {
        double[][] in = signal();
        double[][] together = SignalChain.whole(in, shape(0, CHANNELS), transforms);
        int each = together.length / CHANNELS;
        for (int channel = 0; channel < CHANNELS; channel++) {
            double[][] alone =
                    SignalChain.whole(
                            new double[][] {in[channel]}, shape(channel, channel + 1), transforms);
            assertThat(alone).hasDimensions(each, together[0].length);
            for (int i = 0; i < each; i++) {
                assertThat(together[channel * each + i])
                        .as("channel %d, output %d", channel, i)
                        .isEqualTo(alone[i]);
            }
        }
    }

    private static StreamShape shape(int from, int to) {
        return new StreamShape(
                IntStream.range(from, to).mapToObj(channel -> "c" + channel).toList(), RATE);
    }

    private static double[][] signal() {
        Random random = new Random(5);
        double[][] in = new double[CHANNELS][2000];
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int n = 0; n < in[channel].length; n++) {
                boolean missing = channel == 4 || channel == 17 && n % 500 < 3;
                in[channel][n] = missing ? Double.NaN : random.nextGaussian();
            }
        }
        return in;
    }
}
