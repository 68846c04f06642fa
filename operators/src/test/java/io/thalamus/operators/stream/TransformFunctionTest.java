/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.signal.rate.Resample;
import io.thalamus.operators.testing.Frames;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TransformFunctionTest {
    private static final TestStream S = TestStream.of("s").withMissing(0.5);
    private static final TestStream T = TestStream.of("t").withMissing(0.5);
    private static final SignalTransform FILL = new FillMissing(2);

    @Property(tries = 50)
    void restoredEqualsUninterrupted(
            @ForAll @IntRange(min = 1, max = 9) int length,
            @ForAll @IntRange(max = 40) int restoreBefore)
            throws Exception {
        List<SignalFrame> frames = interleave(S.frames(0, 60, length), T.frames(5, 65, length));
        List<SignalFrame> out =
                StepHarness.run(
                        frames,
                        restoreBefore,
                        new TransformFunction("fill", FILL),
                        new TransformFunction("fill", FILL));
        assertThat(out)
                .filteredOn(frame -> frame.streamId().equals("s"))
                .isEqualTo(alone(S.frames(0, 60, length)));
        assertThat(out)
                .filteredOn(frame -> frame.streamId().equals("t"))
                .isEqualTo(alone(T.frames(5, 65, length)));
    }

    @Test
    void startsAfreshWithASegmentAndWithAShape() throws Exception {
        SignalFrame next = S.frame(10, 10).withSegment(1);
        SignalFrame wider = S.withChannels(3).frame(20, 10).withSegment(1);
        List<SignalFrame> expected = new ArrayList<>(alone(List.of(S.frame(0, 10))));
        expected.addAll(alone(List.of(next)));
        expected.addAll(alone(List.of(wider)));
        try (StepHarness harness = StepHarness.of(new TransformFunction("fill", FILL))) {
            harness.send(S.frame(0, 10), next, wider);
            assertThat(harness.output()).isEqualTo(expected);
        }
        assertThat(alone(List.of(S.frame(0, 10), S.frame(10, 10))).get(1).samples())
                .as("the memory would have made a difference")
                .isNotEqualTo(expected.get(1).samples());
    }

    @Test
    void framesThatDoNotFitAreDeadLetters() throws Exception {
        Standardise two = new Standardise(new double[] {0, 0}, new double[] {1, 1});
        SignalFrame wider = S.withChannels(3).frame(10, 10).withSegment(1);
        try (StepHarness harness = StepHarness.of(new TransformFunction("scale", two))) {
            harness.send(S.frame(0, 10), wider, S.frame(20, 10).withSegment(2));
            assertThat(harness.output()).map(SignalFrame::segment).containsExactly(0, 2);
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .containsExactly(
                            new DeadLetter(
                                    "s",
                                    0,
                                    10,
                                    wider.startNanos(),
                                    "scale",
                                    "unfit frame",
                                    "standardise has figures for 2 channels, the stream has 3",
                                    WireFormat.encode(wider)));
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isEqualTo(1);
        }
    }

    /** A number that is possible may have none at the rate of what is given. */
    @Test
    void framesWithoutANumberAtTheOutputsRateAreDeadLetters() throws Exception {
        SignalFrame good = frameAt(1L << 62, 1);
        SignalFrame wild = frameAt(Long.MAX_VALUE - 100, 2);
        try (StepHarness harness =
                StepHarness.of(new TransformFunction("rate", new Resample(3, 2)))) {
            harness.send(S.frame(0, 100), good, wild, S.frame(200, 100).withSegment(3));
            harness.end();
            assertThat(harness.output())
                    .filteredOn(frame -> frame.segment() == 1)
                    .first()
                    .extracting(SignalFrame::sequence)
                    .isEqualTo(3L << 61);
            assertThat(harness.output()).map(SignalFrame::segment).contains(0, 3);
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::payload)
                    .containsExactly(WireFormat.encode(wild));
        }
    }

    private static SignalFrame frameAt(long sequence, int segment) {
        return new SignalFrame(
                "s",
                sequence,
                segment,
                S.startNanos(),
                S.rate(),
                S.names(),
                S.frame(0, 50).samples(),
                0);
    }

    @Test
    void measuresWhatAFrameTakes() throws Exception {
        try (StepHarness harness = StepHarness.of(new TransformFunction("fill", FILL))) {
            harness.send(S.frames(0, 40, 10));
            assertThat(harness.histogram(StreamMetrics.STEP_LATENCY_MICROS).getCount())
                    .isEqualTo(4);
        }
    }

    private static List<SignalFrame> alone(List<SignalFrame> frames) {
        return Frames.through(FILL, frames);
    }

    private static List<SignalFrame> interleave(List<SignalFrame> a, List<SignalFrame> b) {
        List<SignalFrame> both = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            both.add(a.get(i));
            both.add(b.get(i));
        }
        return both;
    }
}
