/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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

class ResampleTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new Resample(3, 5);
    }

    @Override
    protected SampleRate rate() {
        return SampleRate.ofHertz(25);
    }

    @Override
    protected int samples() {
        return 300;
    }

    /** The sum over all samples of the definition: zeros stuffed, filtered, thinned out. */
    @ParameterizedTest
    @CsvSource({"1, 2, 90", "2, 1, 45", "4, 5, 61", "160, 441, 900", "7, 3, 1"})
    void agreesWithTheDefinition(int up, int down, int length) {
        double[] in = new double[length];
        for (int n = 0; n < length; n++) {
            in[n] = Math.sin(n * 0.9) + 0.3 * Math.cos(n * n * 0.1);
        }
        int half = 10 * Math.max(up, down);
        double[] filter = lowPass(half, 1.0 / Math.max(up, down), up);
        double[] out = resampled(new Resample(up, down), in);
        assertThat(out).hasSize((length * up + down - 1) / down);
        for (int m = 0; m < out.length; m++) {
            double sum = 0;
            for (int n = 0; n < length; n++) {
                int distance = m * down - n * up;
                if (Math.abs(distance) <= half) {
                    sum += in[n] * filter[distance + half];
                }
            }
            assertThat(out[m]).as("sample %d", m).isCloseTo(sum, within(1e-12));
        }
    }

    /** A sinc under a Kaiser window of beta 5, scaled so that its sum is {@code gain}. */
    private static double[] lowPass(int half, double cutoff, double gain) {
        double[] filter = new double[2 * half + 1];
        double sum = 0;
        for (int i = -half; i <= half; i++) {
            double x = Math.PI * cutoff * i;
            double edge = (double) i / half;
            filter[i + half] =
                    (i == 0 ? 1 : Math.sin(x) / x) * bessel(5 * Math.sqrt(1 - edge * edge));
            sum += filter[i + half];
        }
        for (int i = 0; i < filter.length; i++) {
            filter[i] *= gain / sum;
        }
        return filter;
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
    void findsTheRatioToAGivenRate() {
        StreamShape audio = new StreamShape(List.of("mic"), SampleRate.ofHertz(44100));
        SignalTransform to16k = new ResampleTo(SampleRate.ofHertz(16000));
        assertThat(to16k.prepare(audio).outputShape().rate()).isEqualTo(SampleRate.ofHertz(16000));
        assertThat(to16k.prepare(audio).latency()).isEqualTo(28);
        double[] in = {1, -2, 3};
        StreamShape same = new StreamShape(List.of("mic"), SampleRate.ofHertz(16000));
        assertThat(SignalChain.whole(new double[][] {in}, same, List.of(to16k))[0])
                .containsExactly(in);
    }

    @Test
    void saysWhatIsWrongWithARatio() {
        assertThatThrownBy(() -> new Resample(0, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("resample: the ratio is 0/1; give whole numbers of at least 1");
        assertThatThrownBy(() -> new Resample(1, 100_001))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("needs a filter of 2000021 coefficients");
        StreamShape fast = new StreamShape(List.of("mic"), SampleRate.ofHertz(400_000_000));
        assertThatThrownBy(() -> new Resample(2, 1).prepare(fast))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("resample: 2/1 of 400000000 Hz is no rate that a stream can have");
    }

    private static double[] resampled(SignalTransform transform, double[] in) {
        StreamShape shape = new StreamShape(List.of("a"), SampleRate.ofHertz(1));
        return SignalChain.whole(new double[][] {in}, shape, List.of(transform))[0];
    }
}
