/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TriggerFunctionTest {
    /** The channel c1 rises every nine samples or so. */
    private static final TestStream S = TestStream.of("s").withRate(SampleRate.ofHertz(10));

    private static TriggerFunction step(int offsetMillis) {
        return new TriggerFunction(
                "window",
                new Trigger("c1", 1, Duration.ofMillis(offsetMillis)),
                Span.ofSamples(12));
    }

    @Property(tries = 50)
    void restoredEqualsUninterrupted(
            @ForAll @IntRange(min = 1, max = 30) int length,
            @ForAll @IntRange(max = 60) int restoreBefore,
            @ForAll @IntRange(min = -15, max = 15) int offset)
            throws Exception {
        List<SignalFrame> frames = S.frames(0, 90, length);
        List<SignalFrame> windows =
                StepHarness.run(frames, restoreBefore, step(100 * offset), step(100 * offset));
        assertThat(windows).hasSizeGreaterThan(4);
        assertThat(windows)
                .isEqualTo(
                        StepHarness.run(
                                S.frames(0, 90, 90), 0, step(100 * offset), step(100 * offset)));
    }

    @Test
    void aTriggerWhoseWindowIsNotWhollyInItsSegmentIsToldOf() throws Exception {
        try (StepHarness harness = StepHarness.of(step(-300))) {
            harness.send(pulse(0, 0, 2, 20), pulse(20, 0, 15, 20), pulse(40, 1, 17, 30));
            harness.end();
            assertThat(harness.output()).map(SignalFrame::sequence).containsExactly(54L);
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .map(Annotation::onsetNanos)
                    .containsExactly(S.rate().nanosOf(2), S.rate().nanosOf(35));
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .map(Annotation::text)
                    .containsExactly(
                            "the trigger has no window, which is not wholly in its segment: it"
                                    + " starts before it",
                            "the trigger has no window, which is not wholly in its segment: it"
                                    + " ends behind it");
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(2);
        }
    }

    @Test
    void aStreamWithoutTheTriggerGoesToTheDeadLetters() throws Exception {
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(pulse(0, 0, 5, 10), S.withChannels(1).frame(10, 5).withSegment(1));
            harness.end();
            assertThat(harness.output()).isEmpty();
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::reason)
                    .containsExactly(
                            "window: there is no trigger channel c1; the channels are [c0]");
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(1);
        }
    }

    @Test
    void anOffsetBetweenSamplesGoesToTheDeadLetters() throws Exception {
        try (StepHarness harness = StepHarness.of(step(250))) {
            harness.send(pulse(0, 0, 5, 10));
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::reason)
                    .first()
                    .asString()
                    .contains("0.25s is no whole number of samples at 10 Hz");
        }
    }

    /** A frame in which the trigger is high at one sample. */
    private static SignalFrame pulse(long from, int segment, int at, int length) {
        float[] samples = new float[2 * length];
        samples[length + at] = 5;
        SignalFrame frame = S.frame(from, length).withSegment(segment);
        return new SignalFrame(
                "s",
                from,
                segment,
                S.rate().nanosOf(from),
                frame.rate(),
                frame.channels(),
                samples,
                0);
    }
}
