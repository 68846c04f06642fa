/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static io.thalamus.operators.signal.filter.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.signal.filter.Band;
import io.thalamus.operators.signal.filter.Butterworth;
import io.thalamus.operators.signal.filter.FirFilter;
import io.thalamus.operators.signal.filter.Golden;
import io.thalamus.operators.signal.filter.Notch;
import io.thalamus.operators.signal.fourier.InverseStft;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.signal.spatial.AverageReference;
import io.thalamus.operators.signal.spatial.Bipolar;
import io.thalamus.operators.signal.spatial.MedianReference;
import io.thalamus.operators.testing.Frames;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames of float32, with float64 inside each step and float32 between them as in a pipeline, stay
 * within 1e-5 of the float64 references.
 */
class FloatPathTest {
    private static final double TOLERANCE = 1e-5;
    private static final int FRAME = 250;
    private static final SignalTransform BIPOLAR = new Bipolar(Bipolar.Neighbours.IN_ORDER);
    private static final Butterworth BAND_PASS = new Butterworth(Band.bandPass(0.5, 200), 4);
    private static final Notch NOTCH = new Notch(50, 30);
    private static final Resample HALF = new Resample(1, 2);

    /** Folder, output, rate of the input in Hz, steps. */
    static Stream<Arguments> golden() {
        return Stream.of(
                of("iir-lowpass-60", "causal", new Butterworth(Band.lowPass(60), 4)),
                of("iir-highpass-1", "causal", new Butterworth(Band.highPass(1), 2)),
                of("iir-bandpass-0.5-200", "causal", BAND_PASS),
                of("iir-bandstop-48-52", "causal", new Butterworth(Band.bandStop(48, 52), 2)),
                of("iir-notch", "out", NOTCH),
                of("fir-lowpass", "out", fir(Band.lowPass(40))),
                of("resample-1-2", "out", HALF),
                of("resample-160-441", "out", new Resample(160, 441)),
                of("resample-2-1", "out", new Resample(2, 1)),
                of("resample-2-5", "out", new Resample(2, 5)),
                of("rereference", "average", new AverageReference()),
                of("rereference", "median", new MedianReference()),
                of("rereference", "bipolar", BIPOLAR),
                of("stft-320-160-hann", "inverse", stft(320, 160, StandardTaper.HANN)),
                of("stft-512-256-sqrthann", "inverse", stft(512, 256, StandardTaper.SQRT_HANN)),
                seeg("bandpass", BAND_PASS),
                seeg("notch", BAND_PASS, NOTCH),
                seeg("resample", BAND_PASS, NOTCH, HALF),
                seeg("bipolar", BAND_PASS, NOTCH, HALF, BIPOLAR),
                seeg("out", BAND_PASS, NOTCH, HALF, BIPOLAR, scaling()));
    }

    private static FirFilter fir(Band band) {
        return new FirFilter(band, 129, StandardTaper.HAMMING, false);
    }

    private static SignalTransform[] stft(int length, int hop, StandardTaper taper) {
        Stft stft = new Stft(length, hop, taper, true);
        return new SignalTransform[] {stft, new InverseStft(stft)};
    }

    /** The figures of the folder's {@code config.json}. */
    private static Standardise scaling() {
        return new Standardise(
                new double[] {
                    -1.7586457281371,
                    1.166866359738273,
                    1.1681006204686835,
                    -1.331792957770677,
                    0.7262989894170246
                },
                new double[] {
                    13.329493452291803,
                    9.779274630427377,
                    9.474233961959172,
                    13.488386448249042,
                    9.169238388489866
                });
    }

    private static Arguments of(String folder, String output, SignalTransform... steps) {
        return Arguments.of(folder, output, 1000, List.of(steps));
    }

    private static Arguments seeg(String output, SignalTransform... steps) {
        return Arguments.of("chain-seeg", output, 2000, List.of(steps));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("golden")
    void staysWithinTheTolerance(
            String folder, String output, int hertz, List<SignalTransform> steps) {
        Golden golden = Golden.of(folder);
        List<SignalFrame> frames = frames(golden.signal("in"), SampleRate.ofHertz(hertz));
        for (SignalTransform step : steps) {
            frames = Frames.through(step, frames);
        }
        double[][] found = samples(frames);
        double[][] expected = golden.signal(output);
        for (int channel = 0; channel < expected.length; channel++) {
            // Of the inverse of an stft, a stream ends up to a hop early.
            if (output.equals("inverse")) {
                assertThat(found[channel].length).isGreaterThan(expected[channel].length - 256);
                expected[channel] = Arrays.copyOf(expected[channel], found[channel].length);
            }
        }
        assertClose(found, expected, TOLERANCE);
    }

    private static List<SignalFrame> frames(double[][] samples, SampleRate rate) {
        List<String> names = IntStream.range(0, samples.length).mapToObj(i -> "c" + i).toList();
        List<SignalFrame> frames = new ArrayList<>();
        for (int from = 0; from < samples[0].length; from += FRAME) {
            int length = Math.min(FRAME, samples[0].length - from);
            float[] values = new float[samples.length * length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) samples[i / length][from + i % length];
            }
            frames.add(new SignalFrame("s", from, 0, rate.nanosOf(from), rate, names, values, 0));
        }
        return frames;
    }

    private static double[][] samples(List<SignalFrame> frames) {
        int length = frames.stream().mapToInt(SignalFrame::length).sum();
        double[][] samples = new double[frames.get(0).channels().size()][length];
        for (SignalFrame frame : frames) {
            for (int channel = 0; channel < samples.length; channel++) {
                for (int i = 0; i < frame.length(); i++) {
                    samples[channel][(int) frame.sequence() + i] = frame.sample(channel, i);
                }
            }
        }
        return samples;
    }
}
