/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import static io.thalamus.operators.signal.filter.Golden.SHAPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResampleTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new Resample(2, 5);
    }

    @Override
    protected int samples() {
        return 400;
    }

    /** Values of scipy.signal.resample_poly for sin(0.3 n) + 0.01 (n mod 7), n below 37. */
    @ParameterizedTest
    @CsvSource({
        "3, 2, 5, 56, 0.18391526667322, -0.59102449752922, -0.30060060827170",
        "7, 5, 5, 52, 0.20120976794799, -0.61445717836824, -0.56878193377402",
        "1, 10, 5, 4, -0.02329086505542, -0.15673691242629, 0.46476253916293",
        "5, 1, 5, 185, 0.03914458224000, -0.65375556541388, -0.16400954915304",
        "4, 5, 5, 30, 0.37498806505778, -0.56102981449133, -0.70132975306708",
        "3, 2, 0, 56, 0.18564436817828, -0.62046231759499, -0.32134318699835",
        "3, 2, 8.6, 56, 0.18439863555324, -0.58943375490603, -0.29988669052985",
        "2, 5, 12, 15, 0.69535841212828, -0.81905811440577, -0.85714203475791"
    })
    void givesTheReferencesNumbersAtOtherRatios(
            long up,
            long down,
            double beta,
            int length,
            double second,
            double middle,
            double last) {
        StreamShape one = new StreamShape(List.of("a"), SampleRate.ofHertz(1));
        Resample resample = new Resample(up, down, beta);
        double[] out = SignalChain.whole(wave(37, 1), one, List.of(resample))[0];
        assertThat(out).hasSize(length);
        assertThat(out[1]).isCloseTo(second, within(1e-9));
        assertThat(out[length / 2]).isCloseTo(middle, within(1e-9));
        assertThat(out[length - 1]).isCloseTo(last, within(1e-9));
    }

    /** As the definition has it, for any number of channels, of which four are taken at once. */
    @Property(tries = 100)
    void isTheFilterOfTheRaisedSignal(
            @ForAll @IntRange(min = 1, max = 9) int up,
            @ForAll @IntRange(min = 1, max = 9) int down,
            @ForAll @IntRange(min = 1, max = 9) int channels,
            @ForAll @IntRange(min = 1, max = 60) int length) {
        double[][] in = wave(length, channels);
        double[][] out = resampled(in, up, down);
        Resample ratio = new Resample(up, down);
        if (ratio.up() == ratio.down()) {
            assertThat(out).isDeepEqualTo(in);
            return;
        }
        int half = (int) (10 * Math.max(ratio.up(), ratio.down()));
        double sum = 0;
        for (int i = -half; i <= half; i++) {
            sum += kernel(i, half);
        }
        assertThat(out[0]).hasSize((int) ((length * ratio.up() + ratio.down() - 1) / ratio.down()));
        for (int channel = 0; channel < channels; channel++) {
            for (int m = 0; m < out[0].length; m++) {
                double expected = 0;
                for (int n = 0; n < length; n++) {
                    double distance = m * ratio.down() - n * ratio.up();
                    expected += in[channel][n] * kernel(distance, half) * ratio.up() / sum;
                }
                assertThat(out[channel][m]).isCloseTo(expected, within(1e-12));
            }
        }
    }

    /** A sinc with its zeros {@code half / 10} apart, under a Kaiser window of beta 5. */
    private static double kernel(double distance, int half) {
        double edge = distance / half;
        if (Math.abs(edge) > 1) {
            return 0;
        }
        double angle = Math.PI * distance * 10 / half;
        return (angle == 0 ? 1 : Math.sin(angle) / angle) * bessel(5 * Math.sqrt(1 - edge * edge));
    }

    private static double bessel(double x) {
        double sum = 0;
        double term = 1;
        for (int k = 1; k < 40; k++) {
            sum += term;
            term *= x * x / 4 / k / k;
        }
        return sum;
    }

    @Test
    void knowsItsLatency() {
        assertThat(prepared(1, 2).latency()).isEqualTo(20);
        assertThat(prepared(3, 1).latency()).isEqualTo(10);
        assertThat(prepared(160, 441).latency()).isEqualTo(28);
        assertThat(prepared(2, 2).latency()).isZero();
        PreparedTransform half = prepared(1, 2);
        TransformState state = half.start();
        SampleBlock out = new SampleBlock(3);
        half.apply(SampleBlock.of(new double[3][20]), state, out);
        assertThat(out.length()).isZero();
        half.apply(SampleBlock.of(new double[3][1]), state, out);
        assertThat(out.length()).isEqualTo(1);
    }

    @Test
    void changesTheRate() {
        assertThat(prepared(160, 441).outputShape())
                .isEqualTo(new StreamShape(SHAPE.channels(), new SampleRate(160_000, 441)));
    }

    @Test
    void refusesWhatIsNoRatio() {
        assertThatThrownBy(() -> new Resample(0, 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("resample: the ratio is 0/3; give whole numbers of at least 1");
        assertThatThrownBy(() -> new Resample(100_001, 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "resample: the ratio 100001/3 needs a filter of 2000021 coefficients;"
                                + " choose a rate whose ratio to the stream's has no number above"
                                + " 100000");
        StreamShape fast = new StreamShape(List.of("a"), SampleRate.ofHertz(400_000_000));
        assertThatThrownBy(() -> new Resample(2, 1).prepare(fast))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("resample: 2/1 of 400000000 Hz is no rate that a stream can have");
        assertThat(new Resample(200_002, 200_002)).isEqualTo(new Resample(1, 1));
    }

    private static PreparedTransform prepared(long up, long down) {
        return new Resample(up, down).prepare(SHAPE);
    }

    private static double[][] wave(int length, int channels) {
        double[][] samples = new double[channels][length];
        for (int channel = 0; channel < channels; channel++) {
            int turn = channel;
            Arrays.setAll(samples[channel], n -> Math.sin(0.3 * n + turn) + 0.01 * (n % 7));
        }
        return samples;
    }

    private static double[][] resampled(double[][] in, long up, long down) {
        List<String> names = IntStream.range(0, in.length).mapToObj(i -> "c" + i).toList();
        StreamShape shape = new StreamShape(names, SampleRate.ofHertz(100));
        return SignalChain.whole(in, shape, List.of(new Resample(up, down)));
    }
}
