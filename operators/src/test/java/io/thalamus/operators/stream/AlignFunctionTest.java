/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.alignment.Alignment.Missing;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignFunctionTest {
    private static final SampleRate CLOCK = SampleRate.ofHertz(5);
    private static final Alignment ALIGNMENT =
            new Alignment(
                    List.of("near", "far"),
                    CLOCK,
                    Missing.SPLIT,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60));
    private static final TestStream NEAR = TestStream.of("a.near").withMissing(0.05);
    private static final TestStream FAR = TestStream.of("a.far").withRate(CLOCK).withChannels(1);

    private static AlignFunction step() {
        return new AlignFunction("align", ALIGNMENT);
    }

    private static String group(SignalFrame frame) {
        return ALIGNMENT.groupOf(frame.streamId());
    }

    private static StepHarness harness() throws Exception {
        return StepHarness.keyedBy(AlignFunctionTest::group, step());
    }

    /** Two groups; far has a hole from sample 250 to 300, after which its segment is another. */
    private static List<SignalFrame> traffic() {
        List<SignalFrame> frames = new ArrayList<>();
        for (String group : List.of("a", "b")) {
            TestStream near = TestStream.of(group + ".near").withMissing(0.05);
            TestStream far = TestStream.of(group + ".far").withRate(CLOCK).withChannels(1);
            frames.addAll(near.frames(0, 300, 7));
            frames.addAll(far.frames(0, 250, 11));
            far.frames(300, 500, 11).forEach(frame -> frames.add(frame.withSegment(1)));
        }
        frames.sort(Comparator.comparingLong(SignalFrame::endNanos));
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 130})
    void goesOnAsIfItHadNotBeenStored(int restoreBefore) throws Exception {
        List<SignalFrame> frames = traffic();
        List<SignalFrame> expected;
        try (StepHarness whole = harness()) {
            whole.send(frames);
            whole.end();
            expected = whole.output();
            assertThat(whole.side(SideOutputs.ANNOTATIONS))
                    .extracting(Annotation::streamId, Annotation::text)
                    .containsExactlyInAnyOrder(
                            tuple("a", "far is missing"), tuple("b", "far is missing"));
            assertThat(whole.counter(StreamMetrics.MISSING_PARTNERS)).isEqualTo(2);
            assertThat(whole.counter(StreamMetrics.MISSING_PARTNER_SAMPLES)).isGreaterThan(99);
            assertThat(whole.histogram(StreamMetrics.STEP_LATENCY_MICROS).getCount())
                    .isEqualTo(frames.size());
        }
        List<SignalFrame> found =
                StepHarness.run(frames, restoreBefore, AlignFunctionTest::group, step(), step());
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(found).extracting(SignalFrame::streamId).containsOnly("a", "b");
        assertThat(found)
                .allSatisfy(
                        frame ->
                                assertThat(frame.channels())
                                        .containsExactly("near.c0", "near.c1", "far.c0"));
    }

    @Test
    void theTailComesAtTheEndOfTheInput() throws Exception {
        try (StepHarness harness = harness()) {
            harness.send(NEAR.frame(0, 30));
            harness.send(FAR.frame(0, 50));
            assertThat(harness.output()).isEmpty();
            harness.end();
            assertThat(harness.output().stream().mapToInt(SignalFrame::length).sum()).isEqualTo(49);
            assertThat(harness.side(SideOutputs.ANNOTATIONS)).isEmpty();
        }
    }

    @Test
    void withoutWatermarksThatTellOfItNoPartnerIsMissingSoon() throws Exception {
        try (StepHarness harness = harness()) {
            harness.send(NEAR.frame(0, 120)); // 40 s
            harness.send(FAR.frame(0, 150));
            assertThat(harness.side(SideOutputs.LATE_FRAMES)).isEmpty();

            harness.watermark(NEAR.frame(150, 1).startNanos() / 1_000_000);
            harness.send(NEAR.frame(120, 60)); // up to 60 s
            harness.send(FAR.frame(150, 100)); // from 30 s on
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.error()).isEqualTo("late frame");
                                assertThat(letter.reason())
                                        .isEqualTo(
                                                "50 samples came after stream a had gone on"
                                                        + " without them");
                            });
            assertThat(harness.counter(StreamMetrics.LATE_FRAMES)).isOne();
        }
    }

    @Test
    void whatIsNoMemberIsADeadLetter() throws Exception {
        SignalFrame stranger = TestStream.of("a.other").frame(0, 3);
        try (StepHarness harness = harness()) {
            harness.send(stranger);
            harness.end();
            assertThat(harness.output()).isEmpty();
            DeadLetter letter = harness.side(SideOutputs.DEAD_LETTERS).get(0);
            assertThat(letter.stage()).isEqualTo("align");
            assertThat(letter.reason()).contains("a.other is no member of a group");
            assertThat(letter.payload()).isEqualTo(WireFormat.encode(stranger));
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isOne();
        }
    }
}
