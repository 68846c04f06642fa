/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.amplitude.Clip;
import io.thalamus.operators.signal.amplitude.ConvertUnits;
import io.thalamus.operators.signal.amplitude.Gain;
import io.thalamus.operators.signal.amplitude.RunningStandardise;
import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.signal.corruption.Corruption;
import io.thalamus.operators.signal.echo.LinearEcho;
import io.thalamus.operators.signal.filter.Band;
import io.thalamus.operators.signal.filter.Butterworth;
import io.thalamus.operators.signal.filter.DcRemoval;
import io.thalamus.operators.signal.filter.Envelope;
import io.thalamus.operators.signal.filter.FirFilter;
import io.thalamus.operators.signal.filter.HighGamma;
import io.thalamus.operators.signal.filter.Notch;
import io.thalamus.operators.signal.fourier.BandPower;
import io.thalamus.operators.signal.fourier.DctBands;
import io.thalamus.operators.signal.fourier.DominantPeriods;
import io.thalamus.operators.signal.fourier.FrequencyBand;
import io.thalamus.operators.signal.fourier.Kaiser;
import io.thalamus.operators.signal.fourier.LogMel;
import io.thalamus.operators.signal.fourier.MelBank;
import io.thalamus.operators.signal.fourier.MelScale;
import io.thalamus.operators.signal.fourier.RunningWelch;
import io.thalamus.operators.signal.fourier.SpectralGate;
import io.thalamus.operators.signal.fourier.Spectrogram;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.fourier.Welch;
import io.thalamus.operators.signal.spatial.AverageReference;
import io.thalamus.operators.signal.spatial.Bipolar;
import io.thalamus.operators.signal.spatial.Laplacian;
import io.thalamus.operators.signal.spatial.MedianReference;
import io.thalamus.operators.signal.spatial.RenameChannels;
import io.thalamus.operators.signal.spatial.SelectChannels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps as they are written, and what is made of them. */
class TransformTypeTest {
    private static final Stft HANN_8 = new Stft(8, 4, StandardTaper.HANN, true);

    @TempDir private Path folder;

    static Stream<Arguments> steps() {
        return Stream.of(
                Arguments.of(
                        "butterworth, kind: band-pass, cutoffs: [5, 20], order: 2",
                        new Butterworth(Band.bandPass(5, 20), 2)),
                Arguments.of(
                        "butterworth, kind: low-pass, cutoffs: [20]",
                        new Butterworth(Band.lowPass(20), 4)),
                Arguments.of(
                        "fir, kind: high-pass, cutoffs: [20], taps: 11, taper: blackman-harris,"
                                + " align: true",
                        new FirFilter(Band.highPass(20), 11, StandardTaper.BLACKMAN_HARRIS, true)),
                Arguments.of(
                        "fir, kind: band-stop, cutoffs: [20, 30], taps: 11",
                        new FirFilter(Band.bandStop(20, 30), 11, StandardTaper.HAMMING, false)),
                Arguments.of("notch, frequency: 25", new Notch(25, 30)),
                Arguments.of("notch, frequency: 20, q: 5, harmonics: 2", new Notch(20, 5, 2)),
                Arguments.of("remove-dc, cutoff: 0.5", new DcRemoval(0.5)),
                Arguments.of("envelope", new Envelope(65, StandardTaper.HAMMING)),
                Arguments.of(
                        "envelope, taps: 31, taper: kaiser(5), smoothing: 8",
                        new Envelope(31, new Kaiser(5), 8)),
                Arguments.of(
                        "high-gamma, cutoffs: [20, 40], smoothing: 5",
                        new HighGamma(List.of(20.0, 40.0), 4, 5)),
                Arguments.of(
                        "linear-echo, block: 80ms",
                        linearEcho(250, 500, 80, LinearEcho.Reference.ECHO)),
                Arguments.of(
                        "linear-echo, tail: 1s, max-delay: 80ms, block: 40ms, reference: far-end",
                        linearEcho(1000, 80, 40, LinearEcho.Reference.FAR_END)),
                Arguments.of(
                        "linear-echo, max-delay: 0ms, block: 80ms",
                        linearEcho(250, 0, 80, LinearEcho.Reference.ECHO)),
                Arguments.of("average-reference", new AverageReference()),
                Arguments.of("median-reference", new MedianReference()),
                Arguments.of("bipolar", new Bipolar(Bipolar.Neighbours.ON_SHAFTS)),
                Arguments.of(
                        "bipolar, neighbours: in-order", new Bipolar(Bipolar.Neighbours.IN_ORDER)),
                Arguments.of("laplacian", new Laplacian()),
                Arguments.of(
                        "select-channels, channels: [LA2, '*1']",
                        new SelectChannels(List.of("LA2", "*1"))),
                Arguments.of(
                        "rename-channels, names: {LA1: left}",
                        new RenameChannels(Map.of("LA1", "left"))),
                Arguments.of(
                        "standardise-running, time-constant: 10s",
                        new RunningStandardise(Duration.ofSeconds(10))),
                Arguments.of("clip, high: 3", new Clip(Double.NEGATIVE_INFINITY, 3)),
                Arguments.of("gain, factor: -2", new Gain(-2)),
                Arguments.of("gain, decibels: 20", new Gain(10)),
                Arguments.of("convert-units, from: V, to: uV", new ConvertUnits("V", "uV")),
                Arguments.of("stft, length: 8, hop: 4", HANN_8),
                Arguments.of(
                        "stft, length: 8, hop: 4, taper: sqrt-hann, centred: false",
                        new Stft(8, 4, StandardTaper.SQRT_HANN, false)),
                Arguments.of(
                        "stft, length: 8, hop: 4, taper: kaiser(8.6)",
                        new Stft(8, 4, new Kaiser(8.6), true)),
                Arguments.of(
                        "spectrogram, length: 8, hop: 4, scaling: decibels",
                        new Spectrogram(HANN_8, Spectrogram.Scaling.DECIBELS)),
                Arguments.of(
                        "spectrogram, length: 8, hop: 4",
                        new Spectrogram(HANN_8, Spectrogram.Scaling.DENSITY)),
                Arguments.of(
                        "welch, segment: 64, average: 4", new RunningWelch(Welch.density(64), 4)),
                Arguments.of(
                        "welch, segment: 64, overlap: 0, taper: hamming, average: 1, detrend: none,"
                                + " scaling: spectrum",
                        new RunningWelch(
                                new Welch(
                                        64,
                                        0,
                                        StandardTaper.HAMMING,
                                        Welch.Detrend.NONE,
                                        Welch.Scaling.SPECTRUM),
                                1)),
                Arguments.of(
                        "dominant-periods, length: 96, hop: 24, count: 5",
                        new DominantPeriods(96, 24, 5)),
                Arguments.of(
                        "log-mel, length: 256, hop: 128, centred: false, bands: 3, low: 2, high:"
                                + " 40, floor: 1e-5, scale: slaney, log: decibels",
                        new LogMel(
                                new Stft(256, 128, StandardTaper.HANN, false),
                                new MelBank(MelScale.SLANEY, 3, 2, 40),
                                1e-5,
                                LogMel.Logarithm.DECIBELS)),
                Arguments.of(
                        "log-mel, length: 8, hop: 4, bands: 2",
                        new LogMel(
                                HANN_8,
                                new MelBank(MelScale.HTK, 2, 0, Double.POSITIVE_INFINITY),
                                1e-6,
                                LogMel.Logarithm.NATURAL)),
                Arguments.of(
                        "band-power, length: 100, hop: 50, bands: {theta: [4, 8], alpha: [8, 13]}",
                        new BandPower(
                                new Stft(100, 50, StandardTaper.HANN, true),
                                List.of(
                                        new FrequencyBand("theta", 4, 8),
                                        new FrequencyBand("alpha", 8, 13)))),
                Arguments.of(
                        "spectral-gate, length: 256",
                        new SpectralGate(
                                256, 10, 12, Duration.ofMillis(5), Duration.ofMillis(50), 3)),
                Arguments.of(
                        "spectral-gate, length: 64, threshold: 6, reduction: 20, attack: 1ms,"
                                + " release: 1s, adaptation: 6",
                        new SpectralGate(
                                64, 6, 20, Duration.ofMillis(1), Duration.ofSeconds(1), 6)),
                Arguments.of(
                        "dct-bands, length: 64, bands: 16, keep: 4", new DctBands(64, 16, 4, 1)),
                Arguments.of(
                        "dct-bands, length: 64, bands: 16, share: 0.9",
                        new DctBands(64, 16, 16, 0.9)),
                Arguments.of(
                        "corrupt, kind: white, severity: 3",
                        new Corrupt(Corruption.WHITE, 3, 1, Corrupt.BLOCK)),
                Arguments.of(
                        "corrupt, kind: warp, severity: 5, seed: 7, length: 50",
                        new Corrupt(Corruption.WARP, 5, 7, Span.ofSamples(50))));
    }

    private static LinearEcho linearEcho(
            int tail, int maximalDelay, int block, LinearEcho.Reference reference) {
        return new LinearEcho(
                Duration.ofMillis(tail),
                Duration.ofMillis(maximalDelay),
                Duration.ofMillis(block),
                reference);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void areRead(String step, SignalTransform transform) throws IOException {
        assertThat(transforms("  - {id: it, type: %s}".formatted(step)))
                .extracting(TransformSpec::transform)
                .containsExactly(transform);
    }

    @Test
    void theWayBackTakesWhatTheWayThereGives() throws IOException {
        assertThat(
                        transforms(
                                """
                                  - {id: there, type: stft, length: 8, hop: 4}
                                  - {id: back, type: istft, length: 8, hop: 4}\
                                """))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "butterworth, cutoffs: [2] | kind | is missing",
                "butterworth, kind: lowpass, cutoffs: [2] | kind | did you mean 'low-pass'?",
                "butterworth, kind: low-pass, cutoffs: [2, 3] | type | give 1",
                "butterworth, kind: low-pass, cutoffs: [50] | type | 50.0 Hz",
                "fir, kind: low-pass, cutoffs: [2], taps: 10, align: yes | align | neither true nor"
                        + " false",
                "fir, kind: low-pass, cutoffs: [2], taps: 10, align: true | type | odd number",
                "fir, kind: low-pass, cutoffs: [2], taps: 9, taper: haning | taper | did you mean"
                        + " 'hann'?",
                "stft, length: 8, hop: 4, taper: kaiser | taper | 'kaiser' has no number for beta;"
                        + " write one such as kaiser(8.6)",
                "stft, length: 8, hop: 4, taper: kaiser(wide) | taper | 'kaiser(wide)' has no"
                        + " number for beta",
                "stft, length: 8, hop: 4, taper: kaiser(-1) | taper | beta is -1.0; give a number"
                        + " from 0 to 700",
                "log-mel, length: 8, hop: 4, bands: 9 | type | give fewer bands or longer blocks",
                "band-power, length: 8, hop: 4 | bands | is missing",
                "band-power, length: 8, hop: 4, bands: [4, 8] | bands | must be a group of keys",
                "band-power, length: 8, hop: 4, bands: {low: 4} | bands | low must be a list, not"
                        + " '4'; give a lower and an upper frequency, such as [8, 13]",
                "band-power, length: 8, hop: 4, bands: {low: [1, 2, 3]} | bands | low has 3"
                        + " numbers; give a lower",
                "band-power, length: 8, hop: 4, bands: {low: [8, 4]} | bands | band low: it is from"
                        + " 8.0 to 4.0 Hz",
                "band-power, length: 8, hop: 4, bands: {low: [4, 60]} | type | band low: it ends at"
                        + " 60.0 Hz",
                "band-power, length: 8, hop: 4, bands: {} | type | give at least one",
                "spectral-gate, length: 7 | type | length is 7; give an even number",
                "spectral-gate, length: 8, release: 50 | release | has no unit",
                "linear-echo, tail: 0ms | tail | must be longer than nothing",
                "dct-bands, length: 8, bands: 2 | keep | give keep, share or both",
                "dct-bands, length: 8, bands: 2, keep: 3 | type | keep is 3; give a number from 1"
                        + " to the bands, 2",
                "corrupt, kind: wite, severity: 1 | kind | did you mean 'white'?",
                "corrupt, kind: white, severity: 6 | type | severity is 6; give 1 to 5",
                "corrupt, kind: white, severity: 1, length: 20 | type | at least 25",
                "notch, frequency: fifty | frequency | is no number",
                "envelope, taps: 30 | type | odd number",
                "high-gamma | type | 70.0 Hz",
                "high-gamma, cutoffs: [20] | type | band-pass: 1 cutoffs are given; give 2",
                "clip | type | clip has no limit",
                "gain | factor | give either factor or decibels",
                "gain, factor: 2, decibels: 6 | factor | give either factor or decibels",
                "convert-units, from: V, to: K | type | give two of one quantity",
                "select-channels, channels: [ECG] | type | ECG",
                "rename-channels, names: {ECG: x} | type | there is no channel ECG",
                "istft, length: 8, hop: 4 | type | istft: channel 1 is LA1"
            })
    void saysWhatIsWrong(String step, String key, String words) {
        Problem problem =
                catchThrowableOfType(
                                InvalidPipelineException.class,
                                () -> transforms("  - {id: it, type: %s}".formatted(step)))
                        .problems()
                        .get(0);
        assertThat(problem.path()).isEqualTo("transforms[0]." + key);
        assertThat(problem.message()).contains(words);
    }

    /** Of a recording of two contacts at 100 Hz. */
    private List<TransformSpec> transforms(String steps) throws IOException {
        Files.writeString(
                folder.resolve("seeg.csv"),
                "time,LA1,LA2\n2020-01-01 00:00:00.00,1,2\n2020-01-01 00:00:00.01,1,2\n");
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                """
                name: plain
                source: {type: csv, path: seeg.csv, rate: 100}
                transforms:
                %s
                sink: {type: csv, path: out/frames}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """
                        .formatted(steps));
        return PipelineSpec.load(file, List.of()).transforms();
    }
}
