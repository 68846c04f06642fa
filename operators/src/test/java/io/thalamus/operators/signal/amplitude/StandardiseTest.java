/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.Frames;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardiseTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new Standardise(new double[] {1, -0.1, 1e6}, new double[] {0.3, 7, 1e-3});
    }

    @Test
    void computesInDoubleAndRoundsOnce() {
        // 16777217 is no float: a difference taken in float would be 0 or 2.
        Standardise standardise = new Standardise(new double[] {16777217}, new double[] {3});
        SignalFrame frame = TestStream.of("s").withChannels(1).frame(0, 1);
        SignalFrame given = frame.withSamples(new float[] {16777216f}, 0);
        assertThat(Frames.through(standardise, List.of(given)).get(0).samples())
                .containsExactly((float) (-1.0 / 3));
    }

    @Test
    void restoresForecastsByChannel() {
        Standardise standardise = new Standardise(new double[] {10, -1}, new double[] {2, 0.5});
        Forecast forecast = forecast(List.of("a", "b"), 1, 2, 3, 4);
        assertThat(standardise.restore(forecast))
                .isEqualTo(forecast(List.of("a", "b"), 12, 14, 0.5f, 1));
        assertThat(forecast.values()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void saysWhatIsWrongWithItsFigures() {
        assertThatThrownBy(() -> new Standardise(new double[] {1}, new double[] {1, 2}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "standardise has 1 means and 2 deviations; give one of each for every"
                                + " channel");
        assertThatThrownBy(() -> new Standardise(new double[] {1, 2}, new double[] {1, 0}))
                .hasMessage(
                        "standardise: the deviation of channel 2 is 0.0; give a positive number");
        assertThatThrownBy(() -> new Standardise(new double[] {Double.NaN}, new double[] {1}))
                .hasMessage("standardise: the mean of channel 1 is NaN; give a number");
    }

    @Test
    void refusesAnotherNumberOfChannels() {
        SignalTransform transform = transform();
        StreamShape two = new StreamShape(List.of("a", "b"), SampleRate.ofHertz(1));
        assertThatThrownBy(() -> transform.prepare(two))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("standardise has figures for 3 channels, the stream has 2");
    }

    private static Forecast forecast(List<String> channels, float... values) {
        return new Forecast("s", 5, 0, 1, SampleRate.ofHertz(1), channels, values, "m");
    }
}
