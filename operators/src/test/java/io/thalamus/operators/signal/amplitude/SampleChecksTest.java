/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.amplitude.SampleChecks.Failure;
import io.thalamus.operators.signal.amplitude.SampleChecks.Finding;
import io.thalamus.operators.signal.amplitude.SampleChecks.FlatLine;
import io.thalamus.operators.signal.amplitude.SampleChecks.Remark;
import io.thalamus.operators.signal.amplitude.SampleChecks.Saturation;
import io.thalamus.operators.signal.amplitude.SampleChecks.Stage;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleChecksTest {
    private static final float NAN = Float.NaN;
    private static final float INF = Float.POSITIVE_INFINITY;

    private static SignalFrame frame(float... samples) {
        return new SignalFrame("s", 0, 0, 0, SampleRate.ofHertz(10), List.of("a"), samples, 0);
    }

    @Test
    void anInfiniteValueBecomesAMissingOne() {
        SignalFrame frame = frame(1, NAN, INF, -INF, 2);
        Finding found = SampleChecks.FINITE.check(frame, SampleRuns.of(1));
        assertThat(found.missing()).isEqualTo(1);
        assertThat(found.infinite()).isEqualTo(2);
        assertThat(found.frame().samples()).containsExactly(1, NAN, NAN, NAN, 2);
        assertThat(found.frame().quality()).isEqualTo(Quality.MISSING.bit());
        assertThat(frame.samples()).as("is left as it is").containsExactly(1, NAN, INF, -INF, 2);
    }

    @Test
    void aRunThatIsLongEnoughIsASaturationAcrossFrames() {
        SampleChecks checks = new SampleChecks(new Saturation(-5, 5, 3, false), null);
        SampleRuns runs = SampleRuns.of(1);
        assertThat(checks.check(frame(1, 5, 9), runs).saturated()).isZero();
        Finding found = checks.check(frame(5, -5, 4, 5, 5, NAN, 5), runs);
        assertThat(found.saturated()).isEqualTo(2);
        assertThat(found.frame().quality())
                .isEqualTo(Quality.SATURATED.bit() | Quality.MISSING.bit());
        assertThat(found.frame().samples()).containsExactly(5, -5, 4, 5, 5, NAN, 5);
    }

    @Test
    void whatIsRemovedIsMissing() {
        SampleChecks checks =
                new SampleChecks(
                        new Saturation(Double.NEGATIVE_INFINITY, 5, 1, true),
                        new FlatLine(Span.of(Duration.ofMillis(350)), 0.2, true));
        Finding found = checks.check(frame(5, 1, 1.1f, 0.95f, 1, 1.3f, 6), SampleRuns.of(1));
        assertThat(found.saturated()).isEqualTo(2);
        assertThat(found.flat()).as("from its third sample on").isEqualTo(2);
        assertThat(found.frame().samples()).containsExactly(NAN, 1, 1.1f, NAN, NAN, 1.3f, NAN);
        assertThat(found.frame().quality())
                .isEqualTo(Quality.SATURATED.bit() | Quality.FLAT.bit() | Quality.MISSING.bit());
    }

    @Test
    void aSaturatedChannelIsNotFlatAsWell() {
        SampleChecks checks =
                new SampleChecks(
                        new Saturation(-5, 5, 1, false), new FlatLine(Span.ofSamples(2), 0, false));
        Finding found = checks.check(frame(5, 5, 5, 3, 3), SampleRuns.of(1));
        assertThat(found.saturated()).isEqualTo(3);
        assertThat(found.flat()).isEqualTo(1);
    }

    @Test
    void channelsAreJudgedEachForItself() {
        SignalFrame two =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        0,
                        SampleRate.ofHertz(10),
                        List.of("a", "b"),
                        new float[] {1, 7, 7, 7, 2, 7},
                        0);
        SampleChecks checks = new SampleChecks(null, new FlatLine(Span.ofSamples(3), 0, false));
        assertThat(checks.check(two, SampleRuns.of(2)).flat()).isZero();
    }

    /** At 10 Hz; two frames, between which a flat line goes on. */
    @Test
    void aChannelThatFailsIsToldOfAndWhenItComesBack() {
        SampleChecks checks =
                new SampleChecks(
                        new Saturation(-5, 5, 1, false), new FlatLine(Span.ofSamples(3), 0, true));
        SampleRuns runs = SampleRuns.of(1);
        assertThat(checks.check(frame(2, 1, 1, 1), runs).remarks())
                .containsExactly(new Remark("a", Failure.FLAT, 1, 3, Stage.GOES_ON));
        assertThat(checks.check(frame(1, 1, 2, 5, 5, 4), runs).remarks())
                .containsExactly(new Remark("a", Failure.FLAT, -3, 5, Stage.HAS_COME_BACK));
        assertThat(checks.check(frame(6, 5, 6, NAN, INF, NAN, NAN, 0), runs).remarks())
                .containsExactly(
                        new Remark("a", Failure.SATURATED, 0, 3, Stage.GOES_ON),
                        new Remark("a", Failure.SATURATED, 0, 3, Stage.HAS_COME_BACK),
                        new Remark("a", Failure.MISSING, 3, 3, Stage.GOES_ON),
                        new Remark("a", Failure.MISSING, 3, 4, Stage.HAS_COME_BACK));
        assertThat(SampleChecks.FINITE.check(frame(1, 1, 1, NAN, NAN), runs).remarks()).isEmpty();
    }

    @Test
    void whatHasFailedWhereSamplesEndIsCutOff() {
        SampleChecks checks = new SampleChecks(null, new FlatLine(Span.ofSamples(3), 0, true));
        SampleRuns runs = SampleRuns.of(1);
        StreamShape shape = StreamShape.of(frame(1));
        checks.check(frame(1, 2, 2), runs);
        assertThat(checks.cutOff(shape, runs)).isEmpty();
        checks.check(frame(2, 2), runs);
        assertThat(checks.cutOff(shape, runs))
                .containsExactly(new Remark("a", Failure.FLAT, -4, 4, Stage.IS_CUT_OFF));
        assertThat(SampleChecks.FINITE.cutOff(shape, runs)).isEmpty();
    }

    @Test
    void aSwitchIsNeitherFlatNorSaturated() {
        SampleChecks checks =
                new SampleChecks(
                        new Saturation(-5, 5, 1, true),
                        new FlatLine(Span.ofSamples(2), 0, true),
                        Set.of("a"));
        Finding found = checks.check(frame(0, 0, 0, 5, 5, 5, NAN, NAN), SampleRuns.of(1));
        assertThat(found.frame().samples()).containsExactly(0, 0, 0, 5, 5, 5, NAN, NAN);
        assertThat(found.frame().quality()).isEqualTo(Quality.MISSING.bit());
        assertThat(found.remarks())
                .containsExactly(new Remark("a", Failure.MISSING, 6, 2, Stage.GOES_ON));
    }

    @Test
    void impossibleChecksAreRefused() {
        assertThatThrownBy(() -> new Saturation(1, 1, 1, false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("saturation: low is 1.0 and high is 1.0; give a low below the high");
        assertThatThrownBy(
                        () ->
                                new Saturation(
                                        Double.NEGATIVE_INFINITY,
                                        Double.POSITIVE_INFINITY,
                                        1,
                                        false))
                .hasMessage("saturation has no limit; give low, high or both");
        assertThatThrownBy(() -> new Saturation(0, 1, 0, false))
                .hasMessage("saturation: samples is 0; give at least 1");
        assertThatThrownBy(() -> new FlatLine(Span.ofSamples(2), -1, false))
                .hasMessage("flat-line: tolerance is -1.0; give 0 or more");
    }
}
