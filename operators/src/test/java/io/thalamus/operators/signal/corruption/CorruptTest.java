/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.FrameTransform;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformMemory;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.fourier.RealFft;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CorruptTest {
    private static final int RATE = 8000;
    private static final Span SECOND = Span.of(Duration.ofSeconds(1));
    private static final Span BLOCK = Span.ofSamples(30);
    private static final StreamShape MIC =
            new StreamShape(List.of("mic"), SampleRate.ofHertz(RATE));
    private static final StreamShape PAIR =
            new StreamShape(List.of("left", "right"), SampleRate.ofHertz(RATE));

    /** What leaves nothing to chance is the same for arrays as for streams. */
    static class Streamed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return new Corrupt(Corruption.LOWBAND, 3, 1, BLOCK);
        }
    }

    @Property(tries = 200)
    void anyCuttingGivesTheSameBits(
            @ForAll Corruption kind,
            @ForAll @IntRange(min = 1, max = 5) int severity,
            @ForAll @IntRange(min = 1, max = 70) int length,
            @ForAll @IntRange(max = 30) int storedBefore,
            @ForAll @DoubleRange(max = 0.3) double missing) {
        TestStream stream = TestStream.of("s").withChannels(2).withMissing(missing);
        Corrupt corrupt = new Corrupt(kind, severity, 5, BLOCK);
        assertThat(bits(run(corrupt, stream.frames(40, 240, length), storedBefore)))
                .isEqualTo(bits(run(corrupt, stream.frames(40, 240, 200), -1)));
    }

    /** A stream that goes on behind a break has new noise, and each stream its own. */
    @Property(tries = 20)
    void chanceDependsOnSeedStreamAndPlace(@ForAll @IntRange(max = 1000) int seed) {
        Corrupt white = new Corrupt(Corruption.WHITE, 3, seed, BLOCK);
        List<SignalFrame> frames = TestStream.of("s").frames(0, 30, 30);
        List<SignalFrame> later = TestStream.of("s").frames(30, 60, 30);
        List<SignalFrame> other = TestStream.of("t").frames(0, 30, 30);
        List<float[]> noises = new ArrayList<>();
        noises.add(noise(white, frames));
        noises.add(noise(white, later));
        noises.add(noise(white, other));
        noises.add(noise(new Corrupt(Corruption.WHITE, 3, seed + 1, BLOCK), frames));
        noises.add(noise(new Corrupt(Corruption.WHITE, 4, seed, BLOCK), frames));
        for (int i = 0; i < noises.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(Math.abs(correlation(noises.get(i), noises.get(j)))).isLessThan(0.9);
            }
        }
        assertThat(noise(white, frames)).isEqualTo(noises.get(0));
    }

    @ParameterizedTest
    @CsvSource({"WHITE, 1, 20", "WHITE, 5, 0", "PINK, 1, 15", "PINK, 3, 5", "PINK, 5, -5"})
    void noiseHasTheRatioThatIsAskedFor(Corruption kind, int severity, double snr) {
        double[] in = signal(0.1);
        double[] noise = difference(corrupted(kind, severity, in), in);
        assertThat(20 * Math.log10(Corruption.rms(in) / Corruption.rms(noise)))
                .isCloseTo(snr, within(1e-9));
    }

    /** A factor of ten in frequency is one of ten in power where noise is pink, and none else. */
    @Test
    void noiseHasItsColour() {
        for (Corruption kind : List.of(Corruption.WHITE, Corruption.PINK)) {
            double[] in = signal(1);
            double[] noise = difference(corrupted(kind, 5, in), in);
            double fall = power(noise, 200, 300) / power(noise, 2000, 3000) * 10;
            assertThat(10 * Math.log10(fall))
                    .isCloseTo(kind == Corruption.PINK ? 10 : 0, within(1.5));
        }
    }

    @Test
    void noiseIsNormallyDistributed() {
        double[] in = signal(1);
        double[] noise = difference(corrupted(Corruption.WHITE, 5, in), in);
        double rms = Corruption.rms(noise);
        double fourth = Arrays.stream(noise).map(x -> Math.pow(x / rms, 4)).average().orElseThrow();
        double within = Arrays.stream(noise).filter(x -> Math.abs(x) < rms).count();
        assertThat(fourth).isCloseTo(3, within(0.3));
        assertThat(within / noise.length).isCloseTo(0.6827, within(0.02));
    }

    @Test
    void gainDriftsDownAndUpAgain() {
        int length = 25;
        double[] in = new double[500 * length];
        Arrays.fill(in, 1);
        double[] out = whole(new Corrupt(Corruption.GAIN, 5, 1, Span.ofSamples(length)), in);
        for (int n = 0; n < in.length; n++) {
            double sine = Math.sin(Math.PI * (n / length) / 500);
            assertThat(out[n]).isCloseTo(Math.pow(10, -30 * sine * sine / 20), within(1e-12));
        }
        assertThat(out[250 * length]).isCloseTo(Math.pow(10, -1.5), within(1e-12));
    }

    @Test
    void dropsWholePartsInAllChannels() {
        double[][] in = new double[2][40 * RATE];
        Arrays.fill(in[0], 1);
        Arrays.fill(in[1], 2);
        double[][] out =
                SignalChain.whole(in, PAIR, List.of(new Corrupt(Corruption.DROP, 4, 1, SECOND)));
        int dropped = 0;
        for (int part = 0; part < 1000; part++) {
            double first = out[0][part * 320];
            assertThat(first).isIn(0.0, 1.0);
            dropped += first == 0 ? 1 : 0;
            for (int n = part * 320; n < part * 320 + 320; n++) {
                assertThat(out[0][n]).isEqualTo(first);
                assertThat(out[1][n]).isEqualTo(2 * first);
            }
        }
        assertThat(dropped).isBetween(250, 350);
    }

    /** A line through the middle stays a line there, at one pace or the other. */
    @Test
    void warpsAboutTheMiddle() {
        double[][] in = new double[2][100 * RATE];
        for (int n = 0; n < in[0].length; n++) {
            in[0][n] = n % RATE - 4000 + 1e6;
            in[1][n] = 2 * in[0][n];
        }
        double[][] out =
                SignalChain.whole(in, PAIR, List.of(new Corrupt(Corruption.WARP, 5, 1, SECOND)));
        int faster = 0;
        for (int block = 0; block < 100; block++) {
            int middle = block * RATE + 4000;
            double pace = (out[0][middle + 10] - out[0][middle]) / 10;
            faster += pace > 1 ? 1 : 0;
            assertThat(pace).isCloseTo(pace > 1 ? 1.3 : 1 / 1.3, within(1e-6));
            for (int n = -4000; n < 4000; n++) {
                double time = pace * n;
                boolean inside = time >= -4000 && time <= 3999;
                assertThat(out[0][middle + n]).isCloseTo(inside ? time + 1e6 : 0, within(1e-3));
                assertThat(out[1][middle + n]).isEqualTo(2 * out[0][middle + n]);
            }
        }
        assertThat(faster).isBetween(30, 70);
    }

    /**
     * The mains line is a quarter of the wander, whose power is {@code a^2 / 2} of the signal's.
     */
    @Test
    void wandersWithHum() {
        double[] in = signal(0.1);
        double[] out = corrupted(Corruption.WANDER, 5, in);
        double[] added = difference(out, in);
        double amplitude = 8 * Corruption.rms(in);
        double hum = Math.sqrt(power(added, 50, 51)) * 2 / RATE;
        assertThat(hum).isCloseTo(amplitude / 4, within(0.01 * amplitude));
        assertThat(power(added, 60, 4001) / power(added, 0, 4001)).isLessThan(0.01);
        assertThat(Corruption.rms(added))
                .isBetween(amplitude * Math.sqrt(0.2), amplitude * Math.sqrt(0.9));
    }

    @Test
    void losesItsTreble() {
        double[] in = signal(1);
        double[] out = corrupted(Corruption.LOWBAND, 5, in);
        assertThat(power(out, 1001, 4001)).isLessThan(1e-15 * power(in, 1001, 4001));
        assertThat(power(difference(out, in), 0, 1001)).isLessThan(1e-15 * power(in, 0, 1001));
    }

    @Test
    void clipsAtAShareOfTheLargest() {
        double[] in = signal(3);
        double largest = Arrays.stream(in).map(Math::abs).max().orElseThrow();
        double[] out = corrupted(Corruption.CLIP, 4, in);
        for (int n = 0; n < in.length; n++) {
            assertThat(out[n]).isEqualTo(Math.max(-0.1 * largest, Math.min(0.1 * largest, in[n])));
        }
    }

    /** What is missing stays so, and has no part in what is done to the rest; silence stays. */
    @ParameterizedTest
    @EnumSource(Corruption.class)
    void inventsNothing(Corruption kind) {
        double[] in = signal(1);
        in[100] = Double.NaN;
        in[200] = Double.POSITIVE_INFINITY;
        double[] out = corrupted(kind, 2, in);
        assertThat(out[100]).isNaN();
        assertThat(out[200]).isNaN();
        // A line between two samples of which one is missing is missing.
        assertThat(Arrays.stream(out).filter(Double::isNaN).count()).isBetween(2L, 8L);
        double[] missing = new double[RATE];
        Arrays.fill(missing, Double.NaN);
        assertThat(corrupted(kind, 2, missing)).containsOnly(Double.NaN);
        assertThat(corrupted(kind, 2, new double[RATE]))
                .containsOnly(new double[] {0}, within(1e-12));
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> new Corrupt(Corruption.CLIP, 6, 1, SECOND))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("corrupt: severity is 6; give 1 to 5");
        assertThatThrownBy(
                        () -> new Corrupt(Corruption.CLIP, 1, 1, Span.ofSamples(24)).prepare(MIC))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "corrupt: a block of 24 samples has 24 samples at 8000 Hz; give a length of"
                                + " at least 25");
    }

    private static double[] corrupted(Corruption kind, int severity, double[] in) {
        return whole(new Corrupt(kind, severity, 1, SECOND), in);
    }

    private static double[] whole(Corrupt corrupt, double[] in) {
        return SignalChain.whole(new double[][] {in}, MIC, List.of(corrupt))[0];
    }

    /** A second of noise. */
    private static double[] signal(double strength) {
        RandomNumbers random = new RandomNumbers();
        random.seed(77);
        double[] signal = new double[RATE];
        Arrays.setAll(signal, n -> strength * random.gaussian());
        return signal;
    }

    private static double[] difference(double[] some, double[] others) {
        double[] difference = new double[some.length];
        Arrays.setAll(difference, n -> some[n] - others[n]);
        return difference;
    }

    /** Of a second, the bins {@code [from, to)}. */
    private static double power(double[] samples, int from, int to) {
        RealFft fft = new RealFft(samples.length);
        double[] re = new double[fft.bins()];
        double[] im = new double[fft.bins()];
        fft.forward(samples, re, im);
        double sum = 0;
        for (int bin = from; bin < to; bin++) {
            sum += re[bin] * re[bin] + im[bin] * im[bin];
        }
        return sum;
    }

    private static float[] noise(Corrupt corrupt, List<SignalFrame> frames) {
        float[] out = run(corrupt, frames, -1).get(0).samples().clone();
        for (int i = 0; i < out.length; i++) {
            out[i] -= frames.get(0).samples()[i];
        }
        return out;
    }

    private static double correlation(float[] some, float[] others) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < some.length; i++) {
            product += some[i] * others[i];
            first += some[i] * some[i];
            second += others[i] * others[i];
        }
        return product / Math.sqrt(first * second);
    }

    /** Runs a segment; what is remembered is copied before the frame of that index. */
    private static List<SignalFrame> run(
            Corrupt corrupt, List<SignalFrame> segment, int storedBefore) {
        FrameTransform frames = new FrameTransform(corrupt);
        TransformMemory memory = frames.before(segment.get(0));
        List<SignalFrame> out = new ArrayList<>();
        for (int i = 0; i < segment.size(); i++) {
            if (i == storedBefore) {
                frames = new FrameTransform(corrupt);
                memory = copied(memory);
            }
            memory = frames.apply(segment.get(i), memory, out::add);
        }
        frames.finish(memory, out::add);
        return out;
    }

    private static TransformMemory copied(TransformMemory memory) {
        return new TransformMemory(
                memory.streamId(),
                memory.segment(),
                memory.shape(),
                memory.firstSequence(),
                memory.startNanos(),
                memory.received(),
                memory.given(),
                memory.flagEnds(),
                memory.flags(),
                new TransformState(
                        memory.state().counters().clone(), memory.state().values().clone()));
    }

    private static List<String> bits(List<SignalFrame> frames) {
        List<String> bits = new ArrayList<>();
        for (SignalFrame frame : frames) {
            for (int i = 0; i < frame.length(); i++) {
                bits.add(
                        "%d %x %x"
                                .formatted(
                                        frame.sequence() + i,
                                        Float.floatToIntBits(frame.sample(0, i)),
                                        Float.floatToIntBits(frame.sample(1, i))));
            }
        }
        return bits;
    }
}
