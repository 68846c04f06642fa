/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.amplitude.Clip;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.operators.signal.amplitude.Gain;
import io.thalamus.operators.signal.amplitude.RunningStandardise;
import io.thalamus.operators.signal.amplitude.Standardise;
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
import io.thalamus.operators.signal.fourier.InverseStft;
import io.thalamus.operators.signal.fourier.LogMel;
import io.thalamus.operators.signal.fourier.MelBank;
import io.thalamus.operators.signal.fourier.MelScale;
import io.thalamus.operators.signal.fourier.RunningWelch;
import io.thalamus.operators.signal.fourier.SpectralGate;
import io.thalamus.operators.signal.fourier.Spectrogram;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.fourier.Welch;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.signal.spatial.AverageReference;
import io.thalamus.operators.signal.spatial.Bipolar;
import io.thalamus.operators.signal.spatial.Laplacian;
import io.thalamus.operators.signal.spatial.MedianReference;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What transforms cost on one core: blocks of {@value #BLOCK} samples a second, of a stream at 2000
 * Hz. Times the block and the channels, it is samples a second; {@code seeg} over {@code 2000 /
 * }{@value #BLOCK} is how many times faster than real time the chain is, and {@code
 * seeg-one-missing} the same with a channel in which every value is missing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TransformBenchmark {
    static final int BLOCK = 512;
    private static final Stft STFT = new Stft(512, 256, StandardTaper.HANN, true);
    private static final List<FrequencyBand> BANDS =
            List.of(
                    new FrequencyBand("theta", 4, 8),
                    new FrequencyBand("alpha", 8, 13),
                    new FrequencyBand("beta", 13, 30),
                    new FrequencyBand("gamma", 30, 70),
                    new FrequencyBand("high-gamma", 70, 150));

    @Param({
        "butterworth",
        "notch",
        "remove-dc",
        "fir-65",
        "fir-513",
        "resample-1-2",
        "resample-160-441",
        "bipolar",
        "laplacian",
        "average-reference",
        "median-reference",
        "fill-missing",
        "gain",
        "clip",
        "standardise",
        "standardise-running",
        "stft-512-256",
        "stft-istft",
        "spectrogram-512-256",
        "welch-512-256",
        "dominant-periods-512-256",
        "log-mel-512-256",
        "band-power-512-256",
        "spectral-gate-512",
        "dct-bands-512",
        "envelope-65",
        "high-gamma",
        "seeg",
        "seeg-one-missing"
    })
    public String transform;

    @Param({"1", "16", "128"})
    public int channels;

    private SignalChain chain;
    private SampleBlock in;
    private SampleBlock out;

    @Setup
    public void prepare() {
        List<String> names = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            names.add("L" + (channel + 1));
        }
        SplittableRandom random = new SplittableRandom(1);
        double[][] samples = new double[channels][BLOCK];
        for (double[] row : samples) {
            Arrays.setAll(row, n -> 100 * (random.nextDouble() - 0.5));
        }
        if (transform.equals("seeg-one-missing")) {
            Arrays.fill(samples[0], Double.NaN);
        }
        in = SampleBlock.of(samples);
        chain = new SignalChain(new StreamShape(names, SampleRate.ofHertz(2000)), transforms());
        out = new SampleBlock(chain.outputShape().channels().size());
    }

    private List<SignalTransform> transforms() {
        SignalTransform bandPass = new Butterworth(Band.bandPass(0.5, 200), 4);
        SignalTransform bipolar =
                channels == 1 ? new AverageReference() : new Bipolar(Bipolar.Neighbours.ON_SHAFTS);
        return switch (transform) {
            case "butterworth" -> List.of(bandPass);
            case "notch" -> List.of(new Notch(50, 30));
            case "remove-dc" -> List.of(new DcRemoval(0.5));
            case "fir-65" -> List.of(fir(65));
            case "fir-513" -> List.of(fir(513));
            case "resample-1-2" -> List.of(new Resample(1, 2));
            case "resample-160-441" -> List.of(new Resample(160, 441));
            case "bipolar" -> List.of(bipolar);
            case "laplacian" -> List.of(channels == 1 ? new AverageReference() : new Laplacian());
            case "average-reference" -> List.of(new AverageReference());
            case "median-reference" -> List.of(new MedianReference());
            case "fill-missing" -> List.of(new FillMissing(4));
            case "gain" -> List.of(new Gain(0.1));
            case "clip" -> List.of(new Clip(-40, 40));
            case "standardise" -> List.of(standardise(channels));
            case "standardise-running" -> List.of(new RunningStandardise(Duration.ofSeconds(10)));
            case "stft-512-256" -> List.of(STFT);
            case "stft-istft" -> List.of(STFT, new InverseStft(STFT));
            case "spectrogram-512-256" ->
                    List.of(new Spectrogram(STFT, Spectrogram.Scaling.DECIBELS));
            case "welch-512-256" -> List.of(new RunningWelch(Welch.density(512), 8));
            case "dominant-periods-512-256" -> List.of(new DominantPeriods(512, 256, 5));
            case "log-mel-512-256" ->
                    List.of(
                            new LogMel(
                                    STFT,
                                    new MelBank(MelScale.HTK, 40, 0, 1000),
                                    1e-6,
                                    LogMel.Logarithm.NATURAL));
            case "band-power-512-256" -> List.of(new BandPower(STFT, BANDS));
            case "spectral-gate-512" ->
                    List.of(
                            new SpectralGate(
                                    512, 10, 12, Duration.ofMillis(5), Duration.ofMillis(50), 3));
            case "dct-bands-512" -> List.of(new DctBands(512, 32, 8, 1));
            case "envelope-65" -> List.of(new Envelope(65, StandardTaper.HAMMING));
            case "high-gamma" -> List.of(HighGamma.STANDARD);
            case "seeg", "seeg-one-missing" ->
                    List.of(
                            bandPass,
                            new Notch(50, 30),
                            new Resample(1, 2),
                            bipolar,
                            standardise(Math.max(1, channels - 1)));
            default -> throw new IllegalArgumentException(transform);
        };
    }

    private static FirFilter fir(int taps) {
        return new FirFilter(Band.bandPass(70, 150), taps, StandardTaper.HAMMING, false);
    }

    private static Standardise standardise(int outputs) {
        double[] deviation = new double[outputs];
        Arrays.fill(deviation, 30);
        return new Standardise(new double[outputs], deviation);
    }

    @Benchmark
    public double block() {
        out.clear();
        chain.apply(in, out);
        return out.length() == 0 ? 0 : out.values()[0];
    }
}
