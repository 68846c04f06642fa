/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.imputation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code ImputationStepTest} does not show on keyed streams. */
class ImputationTest {
    private static final TestStream STREAM = TestStream.of("s");

    private final Imputation imputation =
            new Imputation(
                    new Slicing(Span.ofSamples(8), Span.ofSamples(8), Padding.SHIFT),
                    StandardTaper.HANN);
    private final List<SignalFrame> out = new ArrayList<>();
    private ImputationState state = ImputationState.none();

    private void frame(SignalFrame frame) {
        state = imputation.frame(frame, /* isTaken= */ true, state, out::add);
    }

    private void window(SignalFrame window) {
        state = imputation.window(window, state, out::add);
    }

    /** With missing values at indices of the frame. */
    private static SignalFrame holed(SignalFrame frame, int... missing) {
        float[] samples = frame.samples().clone();
        for (int index : missing) {
            samples[index] = Float.NaN;
        }
        return frame.withSamples(samples, Quality.MISSING.bit());
    }

    private static SignalFrame filled(SignalFrame window, float value) {
        float[] samples = new float[window.samples().length];
        Arrays.fill(samples, value);
        return window.withSamples(samples, Quality.FILLED.bit());
    }

    @Test
    void countsValuesThatWereFilledAndThatWereNot() {
        frame(holed(STREAM.frame(0, 8), 0, 3, 9));
        window(filled(STREAM.frame(0, 8), 7));
        frame(holed(STREAM.frame(8, 3), 1, 2).withSegment(1));
        state = imputation.finish(state, out::add);

        assertThat(out).hasSize(2);
        assertThat(state.filled()).isEqualTo(3);
        assertThat(state.unfilled()).isEqualTo(2);
    }

    @Test
    void aValueThatIsNoneFillsNothing() {
        SignalFrame frame = holed(STREAM.frame(0, 8), 2, 5);
        frame(frame);
        float[] samples = filled(STREAM.frame(0, 8), 7).samples();
        samples[2] = Float.NaN;
        samples[5] = Float.POSITIVE_INFINITY;
        window(STREAM.frame(0, 8).withSamples(samples, Quality.MISSING.bit()));

        assertThat(out).containsExactly(frame);
        assertThat(state.filled()).isZero();
        assertThat(state.unfilled()).isEqualTo(2);
    }

    /** As where the model step refuses it. */
    @Test
    void aWindowThatNeverComesIsWaitedForNoLongerThanItCould() {
        SignalFrame first = holed(STREAM.frame(0, 8), 1);
        SignalFrame second = holed(STREAM.frame(20, 8), 1).withSegment(1);
        SignalFrame third = holed(STREAM.frame(40, 8), 1).withSegment(2);
        frame(first);
        frame(second);
        frame(third);
        assertThat(out).isEmpty();

        window(filled(STREAM.frame(20, 8).withSegment(1), 7));
        assertThat(out).hasSize(2).startsWith(first);

        state = imputation.finish(state, out::add);
        assertThat(out).hasSize(3).endsWith(third);
        assertThat(state.segments()).isEmpty();
        assertThat(state.waiting()).isEmpty();
    }

    @Test
    void refusesAWindowOfOtherChannels() {
        frame(STREAM.frame(0, 8));

        assertThatThrownBy(() -> window(STREAM.withChannels(3).frame(0, 8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no window of the frames of its segment");
    }

    /** Then the windows of the segment before have higher numbers than those to come. */
    @Test
    void aSegmentMayCountItsSamplesAnew() {
        frame(holed(STREAM.frame(1000, 8), 1));
        window(filled(STREAM.frame(1000, 8), 7));
        SignalFrame anew = holed(STREAM.frame(0, 8), 1).withSegment(1);
        frame(anew);
        frame(STREAM.frame(20, 8).withSegment(2)); // ends it while its window is on the way
        assertThat(out).hasSize(1);
        window(filled(STREAM.frame(0, 8).withSegment(1), 9));

        assertThat(out).hasSize(3);
        assertThat(out.get(1).sample(0, 1)).isEqualTo(9);
        assertThat(out.get(1).quality()).isEqualTo(Quality.FILLED.bit());
        assertThat(state.unfilled()).isZero();
    }
}
