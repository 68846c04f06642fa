/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.amplitude.RunningStandardise;
import io.thalamus.operators.signal.echo.LinearEcho;
import io.thalamus.operators.signal.filter.Band;
import io.thalamus.operators.signal.filter.Butterworth;
import io.thalamus.operators.signal.filter.DcRemoval;
import io.thalamus.operators.signal.filter.Notch;
import io.thalamus.operators.signal.fourier.SpectralGate;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class DenormalsTest {
    private static final int BLOCK = 4096;
    private static final StreamShape SHAPE =
            new StreamShape(List.of("a", "b"), SampleRate.ofHertz(1000));

    static final List<Arguments> TRANSFORMS =
            List.of(
                    Arguments.of(new Butterworth(Band.lowPass(20), 4), 0),
                    Arguments.of(new DcRemoval(5), 0),
                    Arguments.of(new Notch(50, 5), 0),
                    Arguments.of(new RunningStandardise(Duration.ofMillis(100)), 0),
                    Arguments.of(
                            new LinearEcho(
                                    Duration.ofMillis(32),
                                    Duration.ofMillis(64),
                                    Duration.ofMillis(8),
                                    LinearEcho.Reference.ECHO),
                            0),
                    // Here what decays is the reduction, in sound that is far above the noise.
                    Arguments.of(
                            new SpectralGate(
                                    8, 10, 12, Duration.ofMillis(20), Duration.ofMillis(20), 1e-9),
                            1e9));

    /** After a signal's end, or its beginning, what is remembered of the time before is gone. */
    @ParameterizedTest(name = "{0}")
    @FieldSource("TRANSFORMS")
    void noneAreLeftInAMemory(SignalTransform transform, double strength) {
        PreparedTransform prepared = transform.prepare(SHAPE);
        TransformState state = prepared.start();
        SampleBlock out = new SampleBlock(2);
        prepared.apply(noise(1), state, out);
        for (int block = 0; block < 100; block++) {
            out.clear();
            prepared.apply(noise(strength), state, out);
            assertThat(Arrays.stream(state.values()).filter(DenormalsTest::is))
                    .as("after block %d", block)
                    .isEmpty();
        }
    }

    private static SampleBlock noise(double strength) {
        Random random = new Random(3);
        double[][] samples = new double[2][BLOCK];
        for (double[] channel : samples) {
            Arrays.setAll(channel, n -> strength * random.nextGaussian());
        }
        return SampleBlock.of(samples);
    }

    private static boolean is(double value) {
        return value != 0 && Math.abs(value) < Double.MIN_NORMAL;
    }

    @Test
    void nothingElseIsTouched() {
        assertThat(Denormals.flushed(-1e-150)).isEqualTo(-1e-150);
        assertThat(Denormals.flushed(-1e-201)).isZero();
        assertThat(Denormals.flushed(Double.NaN)).isNaN();
    }
}
