/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlicingFunctionTest {
    private static final TestStream S = TestStream.of("s");

    private static SlicingFunction step() {
        return new SlicingFunction("window", Slicing.ofSamples(10, 4));
    }

    @Property(tries = 50)
    void restoredEqualsUninterrupted(
            @ForAll @IntRange(min = 1, max = 30) int length,
            @ForAll @IntRange(max = 60) int restoreBefore)
            throws Exception {
        List<SignalFrame> windows =
                StepHarness.run(S.frames(0, 60, length), restoreBefore, step(), step());
        assertThat(windows).hasSize(13);
        for (int i = 0; i < windows.size(); i++) {
            assertThat(windows.get(i)).isEqualTo(S.frame(4L * i, 10));
        }
    }

    @Test
    void windowsDoNotStraddleSegments() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frame(0, 12), S.frame(12, 15).withSegment(1));
            assertThat(harness.output())
                    .containsExactly(
                            S.frame(0, 10),
                            S.frame(12, 10).withSegment(1),
                            S.frame(16, 10).withSegment(1));
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(1);
            harness.end();
            assertThat(harness.output()).hasSize(3);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(2);
        }
    }

    @Test
    void aSegmentThatEndsWithAWindowLeavesNothing() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frame(0, 14));
            harness.end();
            assertThat(harness.output()).hasSize(2);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isZero();
        }
    }

    @Test
    void padsTheLastWindowOfASegmentAndOfTheInput() throws Exception {
        Slicing padding = new Slicing(Span.ofSamples(10), Span.ofSamples(4), Padding.EDGE);
        try (StepHarness harness = StepHarness.of(new SlicingFunction("window", padding))) {
            harness.send(S.frame(0, 12), S.frame(12, 11).withSegment(1));
            assertThat(harness.output()).map(SignalFrame::sequence).containsExactly(0L, 4L, 12L);
            harness.end();
            assertThat(harness.output())
                    .map(SignalFrame::sequence)
                    .containsExactly(0L, 4L, 12L, 16L);
            assertThat(harness.output())
                    .map(frame -> Quality.PADDED.in(frame.quality()))
                    .containsExactly(false, true, false, true);
            SignalFrame last = harness.output().get(3);
            assertThat(last.segment()).isEqualTo(1);
            assertThat(last.sample(1, 9)).isEqualTo(S.value(1, 22));
            assertThat(harness.counter(StreamMetrics.PADDED_WINDOWS)).isEqualTo(2);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isZero();
        }
    }

    /** Two seconds are 6 samples of one stream and 8 of the other; half a second is 2 at 4 Hz. */
    @Test
    void aTimeIsSoManySamplesAtTheStreamsOwnRate() throws Exception {
        TestStream faster = TestStream.of("t").withRate(SampleRate.ofHertz(4));
        Slicing seconds =
                new Slicing(
                        Span.of(Duration.ofSeconds(2)),
                        Span.of(Duration.ofSeconds(1)),
                        Padding.DROP);
        try (StepHarness harness = StepHarness.of(new SlicingFunction("window", seconds))) {
            harness.send(S.frame(0, 9), faster.frame(0, 12));
            assertThat(harness.output())
                    .containsExactly(
                            S.frame(0, 6), S.frame(3, 6), faster.frame(0, 8), faster.frame(4, 8));
        }
        Slicing half =
                new Slicing(Span.ofSamples(4), Span.of(Duration.ofMillis(500)), Padding.DROP);
        SignalFrame refused = S.frame(20, 9).withSegment(1);
        try (StepHarness harness = StepHarness.of(new SlicingFunction("window", half))) {
            SignalFrame before = new TestStream("s", 1, 0, SampleRate.ofHertz(4), 2, 0).frame(0, 7);
            harness.send(before, refused);
            assertThat(harness.output()).map(SignalFrame::sequence).containsExactly(0L, 2L);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(1);
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .containsExactly(
                            new DeadLetter(
                                    "s",
                                    0,
                                    20,
                                    refused.startNanos(),
                                    "window",
                                    "unfit frame",
                                    "window: 0.5s is no whole number of samples at 3 Hz; give a"
                                        + " multiple of a sample's time, or a number of samples",
                                    WireFormat.encode(refused)));
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isEqualTo(1);
            harness.end();
            assertThat(harness.output()).hasSize(2);
        }
    }

    @Test
    void measuresWhatAFrameTakes() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frames(0, 40, 10));
            assertThat(harness.histogram(StreamMetrics.STEP_LATENCY_MICROS).getCount())
                    .isEqualTo(4);
        }
    }

    /** A source that has ended beside a silent one sends the last watermark; more may come. */
    @Test
    void theLastWatermarkIsNotTheEndOfTheInput() throws Exception {
        try (StepHarness harness = StepHarness.of(step())) {
            harness.send(S.frame(0, 12));
            harness.watermark(Long.MAX_VALUE);
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isZero();
            harness.send(S.frame(12, 3));
            assertThat(harness.output()).containsExactly(S.frame(0, 10), S.frame(4, 10));
            harness.end();
            assertThat(harness.counter(StreamMetrics.PARTIAL_WINDOWS)).isEqualTo(1);
        }
    }
}
