/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.amplitude.GapFill;
import io.thalamus.operators.signal.amplitude.SampleChecks;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentFunctionTest {
    private static final TestStream S = TestStream.of("s").withMissing(0.1);
    private static final long SECOND = 1_000_000_000L;

    private static SegmentFunction step(long reorder) {
        return new SegmentFunction("order", OrderPolicy.DEFAULT.withReorder(reorder));
    }

    /**
     * Frames that are at most the bound late, with any part of them sent again: the stream comes
     * out whole, in order and once.
     */
    @Property(tries = 200)
    void anyOrderWithinTheBoundGivesTheSame(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 20) Integer> lengths,
            @ForAll @IntRange(max = 40) int reorder,
            @ForAll @IntRange(max = 30) int from,
            @ForAll @IntRange(max = 5) int repeats,
            @ForAll @IntRange(max = 30) int restoreBefore,
            @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        List<Delayed> arrivals = new ArrayList<>();
        int[] cut = lengths.stream().mapToInt(Integer::intValue).toArray();
        for (SignalFrame frame : S.frames(from, from + 120, cut)) {
            arrivals.add(Delayed.by(random.nextInt(reorder + 1), frame));
        }
        for (int i = 0; i < repeats; i++) {
            SignalFrame again = S.frame(from + random.nextInt(110), 1 + random.nextInt(10));
            arrivals.add(Delayed.by(random.nextInt(reorder + 1), again));
        }
        arrivals.sort(
                Comparator.comparingLong(Delayed::arrival)
                        .thenComparingLong(delayed -> delayed.frame().sequence()));
        List<SignalFrame> frames = arrivals.stream().map(Delayed::frame).toList();

        List<SignalFrame> out =
                StepHarness.run(frames, restoreBefore, step(reorder), step(reorder));

        long next = from;
        for (SignalFrame frame : out) {
            assertThat(frame.sequence()).isEqualTo(next);
            assertThat(frame.segment()).isZero();
            SignalFrame original = S.frame(next, frame.length());
            assertThat(frame.samples()).isEqualTo(original.samples());
            assertThat(frame.startNanos())
                    .isEqualTo(S.frame(from, 1).startNanos() + S.rate().nanosOf(next - from));
            next = frame.nextSequence();
        }
        assertThat(next).isEqualTo(from + 120);
    }

    private record Delayed(long arrival, SignalFrame frame) {
        static Delayed by(int samples, SignalFrame frame) {
            return new Delayed(frame.sequence() + samples, frame);
        }
    }

    @Test
    void lostSamplesBeginTheNextSegment() throws Exception {
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), S.frame(6, 4), S.frame(10, 4));
            assertThat(harness.output())
                    .containsExactly(
                            S.frame(0, 4), resumed(S.frame(6, 4), 1), segmentTime(10, 6, 1));
            assertThat(harness.counter(StreamMetrics.GAPS)).isEqualTo(1);
        }
    }

    @Test
    void tellsOfEachBreakAndCountsItByItsKind() throws Exception {
        TestStream even = S.withRate(SampleRate.ofHertz(4)); // whole milliseconds
        SignalFrame ahead = even.startingAt(even.startNanos() + 60 * SECOND).frame(10, 4);
        SignalFrame back = even.frame(14, 4);
        SignalFrame wider = even.withChannels(3).frame(18, 4);
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(even.frame(0, 4), even.frame(6, 4), ahead, back, wider);
            assertThat(harness.counter(StreamMetrics.BREAKS)).isEqualTo(4);
            assertThat(harness.counter(StreamMetrics.GAPS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.SHAPE_CHANGES)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.LOST_SAMPLES)).isEqualTo(2);
            assertThat(harness.counter(StreamMetrics.CLOCK_JUMPS)).isEqualTo(2);
            long lost = even.frame(4, 1).startNanos();
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .containsExactly(
                            new Annotation(
                                    "s",
                                    lost,
                                    even.frame(6, 1).startNanos() - lost,
                                    "2 samples are missing"),
                            new Annotation(
                                    "s",
                                    even.frame(10, 1).startNanos(),
                                    60 * SECOND,
                                    "its time jumps to %d ns where %d ns is due"
                                            .formatted(
                                                    ahead.startNanos(),
                                                    even.frame(10, 1).startNanos())),
                            new Annotation(
                                    "s",
                                    ahead.startNanos() + even.rate().nanosOf(4),
                                    0,
                                    "its time jumps to %d ns where %d ns is due"
                                            .formatted(
                                                    back.startNanos(),
                                                    ahead.startNanos() + even.rate().nanosOf(4))),
                            new Annotation(
                                    "s",
                                    wider.startNanos(),
                                    0,
                                    "its channels change from [c0, c1] to [c0, c1, c2]"));
        }
    }

    @Test
    void waitsForMissingSamplesNoLongerThanTheBound() throws Exception {
        try (StepHarness harness = StepHarness.of(step(8))) {
            harness.send(S.frame(0, 4), S.frame(8, 4), S.frame(12, 4));
            assertThat(harness.output()).hasSize(1);
            harness.watermark(Long.MAX_VALUE - 1);
            assertThat(harness.output()).as("watermarks play no part").hasSize(1);
            harness.send(S.frame(16, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence)
                    .containsExactly(0L, 8L, 12L, 16L);
            assertThat(harness.output()).map(SignalFrame::segment).containsExactly(0, 1, 1, 1);
        }
    }

    @Test
    void endOfInputReleasesWhatIsHeld() throws Exception {
        try (StepHarness harness = StepHarness.of(step(100))) {
            harness.send(S.frame(0, 4), S.frame(8, 4), S.frame(20, 4));
            harness.end();
            assertThat(harness.output()).map(SignalFrame::sequence).containsExactly(0L, 8L, 20L);
            assertThat(harness.output()).map(SignalFrame::segment).containsExactly(0, 1, 2);
        }
    }

    @Test
    void lateSamplesGoToTheSideWithTheirBytes() throws Exception {
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), S.frame(8, 4));
            // Samples 2 to 13: two duplicates and four late ones, four duplicates, two new ones.
            harness.send(S.frame(4, 10));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::length)
                    .containsExactly(tuple(0L, 4), tuple(8L, 4), tuple(12L, 2));
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .containsExactly(
                            new DeadLetter(
                                    "s",
                                    0,
                                    4,
                                    S.frame(4, 1).startNanos(),
                                    "order",
                                    "late frame",
                                    "4 samples from 4 on came after the stream had gone on"
                                            + " without them",
                                    WireFormat.encode(S.frame(4, 4))));
            assertThat(harness.counter(StreamMetrics.LATE_FRAMES)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isEqualTo(4);
        }
    }

    @Test
    void duplicatesAreDroppedAndCounted() throws Exception {
        try (StepHarness harness = StepHarness.of(step(10))) {
            harness.send(S.frame(0, 4), S.frame(0, 4), S.frame(6, 2), S.frame(6, 4));
            harness.send(S.frame(2, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::length)
                    .containsExactly(tuple(0L, 4), tuple(4L, 2), tuple(6L, 4));
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isEqualTo(4 + 2 + 2);
            assertThat(harness.counter(StreamMetrics.GAPS)).isZero();
            assertThat(harness.side(SideOutputs.LATE_FRAMES)).isEmpty();
        }
    }

    @Test
    void aChangeOfRateOrChannelsBeginsTheNextSegment() throws Exception {
        SignalFrame other = S.frame(4, 4);
        SignalFrame faster =
                new SignalFrame(
                        "s",
                        4,
                        0,
                        other.startNanos(),
                        SampleRate.ofHertz(5),
                        S.names(),
                        other.samples(),
                        other.quality());
        SignalFrame wider = S.withChannels(3).frame(8, 4);
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), faster, wider);
            assertThat(harness.output())
                    .containsExactly(S.frame(0, 4), resumed(faster, 1), resumed(wider, 2));
        }
    }

    @Test
    void aJumpOfTheClockBeginsTheNextSegmentAndJitterDoesNot() throws Exception {
        TestStream jittered = S.startingAt(S.startNanos() + SECOND / 2);
        TestStream jumped = S.startingAt(S.startNanos() - 3600 * SECOND);
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), jittered.frame(4, 4), jumped.frame(8, 4));
            assertThat(harness.output())
                    .containsExactly(S.frame(0, 4), S.frame(4, 4), resumed(jumped.frame(8, 4), 1));
            assertThat(harness.counter(StreamMetrics.CLOCK_JUMPS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.GAPS)).isZero();
        }
    }

    @Test
    void aSourceThatCountsAnewBeginsTheNextSegment() throws Exception {
        TestStream restarted = S.startingAt(S.startNanos() + 3600 * SECOND);
        try (StepHarness harness = StepHarness.of(step(8))) {
            harness.send(S.frame(0, 4), S.frame(4, 4), S.frame(12, 4));
            harness.send(restarted.frame(4, 4), restarted.frame(0, 4), restarted.frame(8, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::segment)
                    .containsExactly(
                            tuple(0L, 0),
                            tuple(4L, 0),
                            tuple(12L, 1),
                            tuple(0L, 2),
                            tuple(4L, 2),
                            tuple(8L, 2));
            assertThat(harness.side(SideOutputs.LATE_FRAMES)).isEmpty();
        }
    }

    @Test
    void aBreakFailsTheJobIfThatIsThePolicy() throws Exception {
        try (StepHarness harness =
                StepHarness.of(
                        new SegmentFunction(
                                "order", OrderPolicy.DEFAULT.withGap(OrderPolicy.Gap.FAIL)))) {
            harness.send(S.frame(3, 4));
            assertThatThrownBy(() -> harness.send(S.frame(9, 4)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage(
                            "stream s is broken at sample 9: 2 samples are missing; set order.gap"
                                    + " to split to begin a new segment there");
        }
    }

    /**
     * At 4 Hz: flat for 5 samples before a gap that is filled, 3 before one that is not, 3 more.
     */
    @Test
    void aFailureEndsWhereItsSamplesDo() throws Exception {
        TestStream even = TestStream.of("s").withRate(SampleRate.ofHertz(4)).withChannels(1);
        OrderPolicy policy =
                OrderPolicy.DEFAULT
                        .withFill(new GapFill(GapFill.Method.HOLD, Span.ofSamples(4)))
                        .withChecks(
                                new SampleChecks(
                                        null,
                                        new SampleChecks.FlatLine(Span.ofSamples(3), 0, false)));
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(flat(even.frame(0, 5)), flat(even.frame(8, 3)), flat(even.frame(20, 3)));
            harness.end();
            String flat =
                    "channel %s does not change".formatted(even.frame(0, 1).channels().get(0));
            String end = flat + "; its samples end there";
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .filteredOn(remark -> remark.text().startsWith("channel"))
                    .containsExactly(
                            remark(even, 0, 3, flat),
                            remark(even, 0, 5, end),
                            remark(even, 8, 3, flat),
                            remark(even, 8, 3, end),
                            remark(even, 20, 3, flat),
                            remark(even, 20, 3, end));
            assertThat(harness.counter(StreamMetrics.CHANNEL_FAILURES)).isEqualTo(3);
        }
    }

    private static SignalFrame flat(SignalFrame frame) {
        return frame.withSamples(new float[frame.length()], frame.quality());
    }

    private static Annotation remark(TestStream of, long first, int samples, String text) {
        return new Annotation(
                "s", of.frame(first, 1).startNanos(), of.rate().nanosOf(samples), text);
    }

    @Test
    void aGapIsFilledAndWhatComesLaterIsLate() throws Exception {
        TestStream whole = TestStream.of("s").withRate(SampleRate.ofHertz(4));
        OrderPolicy policy =
                OrderPolicy.DEFAULT.withFill(
                        new GapFill(GapFill.Method.HOLD, Span.of(Duration.ofSeconds(1))));
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(whole.frame(0, 4), whole.frame(8, 4), whole.frame(17, 4));
            harness.send(whole.frame(2, 8));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::segment, SignalFrame::quality)
                    .containsExactly(
                            tuple(0L, 0, 0),
                            tuple(4L, 0, Quality.FILLED.bit()),
                            tuple(8L, 0, Quality.RESUMED.bit()),
                            tuple(17L, 1, Quality.RESUMED.bit()));
            SignalFrame filler = harness.output().get(1);
            assertThat(filler.startNanos()).isEqualTo(whole.frame(4, 1).startNanos());
            assertThat(filler.samples()).containsOnly(whole.value(0, 3), whole.value(1, 3));
            assertThat(harness.counter(StreamMetrics.GAPS)).isEqualTo(2);
            assertThat(harness.counter(StreamMetrics.BREAKS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.FILLED_SAMPLES)).isEqualTo(4);
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .map(Annotation::text)
                    .containsExactly("4 samples are missing; filled in", "5 samples are missing");
            // The segment that was filled is over, but what came of it is known.
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isEqualTo(4);
            assertThat(harness.counter(StreamMetrics.LATE_FRAMES)).isEqualTo(1);
        }
    }

    @Test
    void aGapIsLeftMissingForAModel() throws Exception {
        TestStream whole = TestStream.of("s");
        OrderPolicy policy =
                OrderPolicy.DEFAULT.withFill(new GapFill(GapFill.Method.MODEL, Span.ofSamples(4)));
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(whole.frame(0, 4), whole.frame(8, 4), whole.frame(17, 4));
            harness.end();
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::segment, SignalFrame::quality)
                    .containsExactly(
                            tuple(0L, 0, 0),
                            tuple(4L, 0, Quality.MISSING.bit()),
                            tuple(8L, 0, Quality.RESUMED.bit()),
                            tuple(17L, 1, Quality.RESUMED.bit()));
            assertThat(harness.output().get(1).samples()).hasSize(8).containsOnly(Float.NaN);
            assertThat(harness.counter(StreamMetrics.LOST_SAMPLES)).isEqualTo(9);
            assertThat(harness.counter(StreamMetrics.FILLED_SAMPLES)).isZero();
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .map(Annotation::text)
                    .containsExactly(
                            "4 samples are missing; left for the model to fill",
                            "5 samples are missing");
        }
    }

    @Test
    void aLongGapIsFilledInFramesAsLongAsTheOneBehindIt() throws Exception {
        TestStream even = S.withRate(SampleRate.ofHertz(4));
        OrderPolicy policy =
                OrderPolicy.DEFAULT.withFill(
                        new GapFill(GapFill.Method.LINEAR, Span.of(Duration.ofHours(1))));
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(even.frame(0, 4), even.frame(14, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::length, SignalFrame::startNanos)
                    .containsExactly(
                            tuple(0L, 4, even.frame(0, 1).startNanos()),
                            tuple(4L, 4, even.frame(4, 1).startNanos()),
                            tuple(8L, 4, even.frame(8, 1).startNanos()),
                            tuple(12L, 2, even.frame(12, 1).startNanos()),
                            tuple(14L, 4, even.frame(14, 1).startNanos()));
            assertThat(harness.counter(StreamMetrics.FILLED_SAMPLES)).isEqualTo(10);
        }
    }

    @Test
    void samplesThatWereFilledInAreLateAndThoseAroundThemDuplicates() throws Exception {
        TestStream even = S.withRate(SampleRate.ofHertz(4));
        OrderPolicy policy =
                OrderPolicy.DEFAULT.withFill(new GapFill(GapFill.Method.ZEROS, Span.ofSamples(9)));
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(even.frame(0, 4), even.frame(8, 4), even.frame(14, 4));
            harness.send(even.frame(2, 15));
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .map(DeadLetter::payload)
                    .containsExactly(
                            WireFormat.encode(even.frame(4, 4)),
                            WireFormat.encode(even.frame(12, 2)));
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isEqualTo(2 + 4 + 3);
        }
    }

    @Test
    void aJumpMayBeKeptAndIsCountedOnce() throws Exception {
        OrderPolicy policy =
                OrderPolicy.DEFAULT.withJump(OrderPolicy.Jump.KEEP, Duration.ofMillis(200));
        TestStream jumped = S.startingAt(S.startNanos() + SECOND);
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(S.frame(0, 4), jumped.frame(4, 4), jumped.frame(8, 4));
            assertThat(harness.output())
                    .containsExactly(
                            S.frame(0, 4), resumed(S.frame(4, 4), 0), segmentTime(8, 0, 0));
            assertThat(harness.counter(StreamMetrics.CLOCK_JUMPS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.BREAKS)).isZero();
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .map(Annotation::text)
                    .containsExactly(
                            "its time jumps to %d ns where %d ns is due; the segment goes on by its"
                                            .formatted(
                                                    jumped.frame(4, 1).startNanos(),
                                                    S.frame(4, 1).startNanos())
                                    + " own clock");
        }
    }

    @Test
    void aJumpFailsTheJobIfThatIsThePolicy() throws Exception {
        OrderPolicy policy =
                OrderPolicy.DEFAULT.withJump(OrderPolicy.Jump.FAIL, OrderPolicy.TOLERANCE);
        TestStream jumped = S.startingAt(S.startNanos() + 60 * SECOND);
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(S.frame(0, 4), S.frame(8, 4));
            assertThatThrownBy(() -> harness.send(jumped.frame(12, 4)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageEndingWith(
                            "is due; set order.jump to split to begin a new segment there");
        }
    }

    /** By its number it has been, and by its time it has not, since the clock was set back. */
    @ParameterizedTest
    @EnumSource(
            value = OrderPolicy.Jump.class,
            names = {"SPLIT", "KEEP"})
    void whatComesAgainFromBeforeAJumpIsNoRestart(OrderPolicy.Jump jump) throws Exception {
        OrderPolicy policy = OrderPolicy.DEFAULT.withJump(jump, OrderPolicy.TOLERANCE);
        TestStream back = S.startingAt(S.startNanos() - 3600 * SECOND);
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(S.frame(0, 4), S.frame(6, 4), back.frame(10, 4));
            harness.send(S.frame(3, 7), back.frame(14, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence)
                    .containsExactly(0L, 6L, 10L, 14L);
            assertThat(harness.counter(StreamMetrics.RESTARTS)).isZero();
            assertThat(harness.counter(StreamMetrics.CLOCK_JUMPS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isEqualTo(1 + 4);
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .map(DeadLetter::payload)
                    .containsExactly(WireFormat.encode(S.frame(4, 2)));
        }
    }

    /** A frame that was overtaken by the first of the new counting, and one that comes again. */
    @Test
    void whatIsOfBeforeARestartIsLate() throws Exception {
        TestStream restarted = S.startingAt(S.startNanos() + 3600 * SECOND);
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(96, 4), S.frame(100, 4), restarted.frame(0, 4));
            harness.send(S.frame(104, 4), S.frame(100, 4), restarted.frame(4, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::segment, SignalFrame::quality)
                    .containsExactly(
                            tuple(96L, 0, S.frame(96, 4).quality()),
                            tuple(100L, 0, S.frame(100, 4).quality()),
                            tuple(0L, 1, resumed(S.frame(0, 4), 1).quality()),
                            tuple(4L, 1, S.frame(4, 4).quality()));
            assertThat(harness.counter(StreamMetrics.BREAKS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.LOST_SAMPLES)).isZero();
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .map(DeadLetter::reason)
                    .containsExactly(
                            "4 samples from 104 on came after its source had begun to count anew",
                            "4 samples from 100 on came after its source had begun to count anew");
        }
    }

    /** But where two sources take turns, what is by the numbers of the one is new. */
    @Test
    void sourcesMayTakeTurns() throws Exception {
        TestStream other = S.startingAt(S.startNanos() + 3600 * SECOND);
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), other.frame(0, 4), S.frame(4 * 3600, 4));
            harness.send(S.frame(4 * 3600 + 4, 4));
            assertThat(harness.output()).hasSize(4);
            assertThat(harness.side(SideOutputs.LATE_FRAMES)).isEmpty();
        }
    }

    /** As a device that has lost its power, and with it the time. */
    @Test
    void aSourceMayStartAnewAtATimeLongBefore() throws Exception {
        TestStream restarted = S.startingAt(0);
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), S.frame(4, 4));
            harness.send(restarted.frame(0, 4), restarted.frame(4, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::segment)
                    .containsExactly(tuple(0L, 0), tuple(4L, 0), tuple(0L, 1), tuple(4L, 1));
            assertThat(harness.counter(StreamMetrics.RESTARTS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isZero();
        }
    }

    /** What is not known any more to have come, may be wanted: it is not dropped. */
    @Test
    void samplesOfBeforeManyGapsAreLate() throws Exception {
        try (StepHarness harness = StepHarness.of(step(0))) {
            for (int i = 0; i <= 33; i++) {
                harness.send(S.frame(10 * i, 4));
            }
            harness.send(S.frame(0, 4), S.frame(4, 6), S.frame(10, 4));
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .map(DeadLetter::payload)
                    .containsExactly(
                            WireFormat.encode(S.frame(0, 4)), WireFormat.encode(S.frame(4, 6)));
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isEqualTo(4);
        }
    }

    @Test
    void aSourceThatStartsAnewIsToldOf() throws Exception {
        TestStream restarted = S.startingAt(S.startNanos() + 3600 * SECOND);
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), restarted.frame(0, 4));
            assertThat(harness.counter(StreamMetrics.RESTARTS)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.BREAKS)).isEqualTo(1);
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .containsExactly(
                            new Annotation(
                                    "s",
                                    S.frame(4, 1).startNanos(),
                                    restarted.startNanos() - S.frame(4, 1).startNanos(),
                                    "its source counts its samples anew, from 0 on"));
        }
    }

    /**
     * A clock that is slow by so many parts in a million: the frames of a tone that it takes.
     *
     * @param jitter of the time stamps, in seconds
     */
    private static List<SignalFrame> slow(double ppm, int seconds, double jitter) {
        Random random = new Random(1);
        List<SignalFrame> frames = new ArrayList<>();
        int length = 50;
        for (int from = 0; from < 500 * seconds; from += length) {
            float[] samples = new float[length];
            for (int n = 0; n < length; n++) {
                samples[n] = tone((from + n) / 500.0 * (1 + ppm * 1e-6));
            }
            double stray = from / 500.0 * ppm * 1e-6;
            stray += from == 0 ? 0 : jitter * (random.nextDouble() - 0.5);
            frames.add(
                    new SignalFrame(
                            "s",
                            from,
                            0,
                            S.startNanos() + from * 2_000_000L + Math.round(stray * 1e9),
                            SampleRate.ofHertz(500),
                            List.of("c0"),
                            samples,
                            from == 0 ? Quality.PADDED.bit() : 0));
        }
        return frames;
    }

    private static float tone(double seconds) {
        return (float) Math.sin(2 * Math.PI * 5 * seconds);
    }

    @Test
    void aClockThatStraysIsToldOfAndIsNoJump() throws Exception {
        OrderPolicy policy =
                OrderPolicy.DEFAULT.withJump(OrderPolicy.Jump.SPLIT, Duration.ofMillis(10));
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(slow(200, 100, 1e-4)); // strays by 20 ms in the end
            assertThat(harness.counter(StreamMetrics.CLOCK_JUMPS)).isZero();
            assertThat(harness.counter(StreamMetrics.DRIFT_REPORTS)).isEqualTo(1);
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .singleElement()
                    .satisfies(
                            told ->
                                    assertThat(told.text())
                                            .matches(
                                                    "its sample clock is slow by (19|20)\\d"
                                                            + " parts per million"));
            SignalFrame last = harness.output().get(harness.output().size() - 1);
            assertThat(last.quality()).isEqualTo(Quality.DRIFTING.bit());
            assertThat(last.startNanos() - S.startNanos()).isEqualTo(last.sequence() * 2_000_000);
            assertThat(harness.histogram(StreamMetrics.CLOCK_DRIFT_PPM).getStatistics().getMax())
                    .isBetween(195L, 220L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 900})
    void aClockThatStraysIsCorrectedAndRestoredToTheBit(int restoreBefore) throws Exception {
        OrderPolicy policy = OrderPolicy.DEFAULT.withDrift(new OrderPolicy.Drift(100, true));
        List<SignalFrame> out =
                StepHarness.run(
                        slow(-300, 100, 1e-4),
                        restoreBefore,
                        new SegmentFunction("order", policy),
                        new SegmentFunction("order", policy));

        long next = 0;
        for (SignalFrame frame : out) {
            assertThat(frame.sequence()).isEqualTo(next);
            assertThat(frame.startNanos()).isEqualTo(S.startNanos() + next * 2_000_000);
            assertThat(frame.segment()).isZero();
            next = frame.nextSequence();
            if (frame.sequence() > 30_000 && frame.nextSequence() < 49_900) {
                for (int n = 0; n < frame.length(); n++) {
                    float expected = tone((frame.sequence() + n) / 500.0);
                    assertThat(frame.sample(0, n)).isCloseTo(expected, within(5e-3f));
                }
            }
        }
        assertThat(next).as("a fast clock takes more than it should").isCloseTo(49_985, within(1L));
        assertThat(out.get(0).quality()).isEqualTo(Quality.PADDED.bit());
        assertThat(out.get(1).quality()).as("its first sample waited").isEqualTo(64);
        assertThat(out.get(2).quality()).isZero();
        assertThat(out).isEqualTo(withoutRestart(policy));
    }

    private static List<SignalFrame> withoutRestart(OrderPolicy policy) throws Exception {
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(slow(-300, 100, 1e-4));
            harness.end();
            return harness.output();
        }
    }

    @Test
    void theNextSegmentsNumbersFollowOnThoseThatWereGiven() throws Exception {
        OrderPolicy policy = OrderPolicy.DEFAULT.withDrift(new OrderPolicy.Drift(100, true));
        List<SignalFrame> frames = slow(-300, 100, 0);
        try (StepHarness harness = StepHarness.of(new SegmentFunction("order", policy))) {
            harness.send(frames.subList(0, 900));
            harness.send(frames.subList(910, 920));
            harness.end();
            List<SignalFrame> out = harness.output();
            SignalFrame first =
                    out.stream().filter(frame -> frame.segment() == 1).findFirst().orElseThrow();
            SignalFrame before = out.get(out.indexOf(first) - 1);
            assertThat(first.sequence()).isEqualTo(before.nextSequence() + 10 * 50);
            assertThat(first.sequence()).isLessThan(910 * 50);
        }
    }

    @Test
    void impossibleFramesAreDeadLetters() throws Exception {
        SignalFrame good = S.frame(0, 4);
        List<SignalFrame> bad =
                List.of(
                        at(-1, good.startNanos(), good.rate()),
                        at(Long.MAX_VALUE - 1, good.startNanos(), good.rate()),
                        at(0, Long.MAX_VALUE - 5, good.rate()),
                        at(0, -5, new SampleRate(1, 1L << 33)));
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(good);
            harness.send(bad);
            harness.send(S.frame(4, 4));
            assertThat(harness.output()).map(SignalFrame::segment).containsExactly(0, 0);
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::payload)
                    .containsExactlyElementsOf(bad.stream().map(WireFormat::encode).toList());
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isEqualTo(bad.size());
        }
    }

    /** By its own time the second frame can be, but not by the clock of its segment. */
    @Test
    void framesThatTheSegmentsClockCannotTimeAreDeadLetters() throws Exception {
        SampleRate ofCentury = new SampleRate(1, 36_525L * 24 * 3600);
        long century = ofCentury.nanosOf(1);
        SignalFrame past2262 = at(1, century + century / 2, ofCentury, 1);
        SignalFrame again = at(0, 0, ofCentury, 1);
        try (StepHarness harness = StepHarness.of(step(0))) {
            SignalFrame first = at(0, century, ofCentury, 1);
            harness.send(first, past2262, first);
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::error, DeadLetter::payload)
                    .containsExactly(tuple("impossible frame", WireFormat.encode(past2262)));
            assertThat(harness.output()).hasSize(1);
        }
        try (StepHarness harness = StepHarness.of(step(0))) {
            SignalFrame early = at(0, Long.MIN_VALUE + century, ofCentury, 2);
            harness.send(early, at(2, early.endNanos(), ofCentury, 1), again);
            assertThat(harness.output()).hasSize(1);
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isEqualTo(1);
        }
    }

    /** A number that is far off, but possible, breaks the stream and does not kill it. */
    @Test
    void survivesAWildSequenceNumber() throws Exception {
        SignalFrame wild = at(Long.MAX_VALUE / 2, S.frame(4, 1).startNanos(), S.rate());
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), wild, S.frame(40, 4), S.frame(44, 4));
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::segment)
                    .containsExactly(tuple(0L, 0), tuple(4L, 1), tuple(40L, 2), tuple(44L, 2));
            assertThat(harness.counter(StreamMetrics.RESTARTS)).isEqualTo(2);
            assertThat(harness.counter(StreamMetrics.LOST_SAMPLES)).isZero();
        }
    }

    /** The times go on as before, so that what is put in order again is not of before. */
    @Test
    void framesMayBeOutOfOrderBehindAWildSequenceNumber() throws Exception {
        SignalFrame wild = at(Long.MAX_VALUE / 2, S.frame(4, 1).startNanos(), S.rate());
        try (StepHarness harness = StepHarness.of(step(8))) {
            harness.send(S.frame(0, 4), wild, S.frame(6, 4), S.frame(14, 4), S.frame(10, 4));
            harness.end();
            assertThat(harness.output())
                    .map(SignalFrame::sequence, SignalFrame::segment)
                    .containsExactly(
                            tuple(0L, 0), tuple(4L, 1), tuple(6L, 2), tuple(10L, 2), tuple(14L, 2));
            assertThat(harness.side(SideOutputs.LATE_FRAMES)).isEmpty();
        }
    }

    @Test
    void aReasonIsTheSameInEveryLocale() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), S.frame(8, 4), S.frame(4, 4));
            harness.send(at(-12, 0, S.rate()));
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .map(DeadLetter::reason)
                    .containsExactly(
                            "4 samples from 4 on came after the stream had gone on without them");
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::reason)
                    .containsExactly("sequence number -12 cannot be");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void streamsDoNotMeet() throws Exception {
        TestStream t = TestStream.of("t");
        try (StepHarness harness = StepHarness.of(step(0))) {
            harness.send(S.frame(0, 4), t.frame(100, 4), S.frame(8, 4), t.frame(104, 4));
            assertThat(harness.output())
                    .map(SignalFrame::streamId, SignalFrame::segment)
                    .containsExactly(tuple("s", 0), tuple("t", 0), tuple("s", 1), tuple("t", 0));
        }
    }

    private static SignalFrame at(long sequence, long startNanos, SampleRate rate) {
        return at(sequence, startNanos, rate, 4 / S.names().size());
    }

    private static SignalFrame at(long sequence, long startNanos, SampleRate rate, int length) {
        float[] samples = new float[S.names().size() * length];
        return new SignalFrame("s", sequence, 0, startNanos, rate, S.names(), samples, 0);
    }

    private static SignalFrame resumed(SignalFrame frame, int segment) {
        return frame.withSegment(segment)
                .withSamples(frame.samples(), frame.quality() | Quality.RESUMED.bit());
    }

    /** The frame of four samples from a number on, timed by the clock of its segment. */
    private static SignalFrame segmentTime(long from, long first, int segment) {
        SignalFrame frame = S.frame(from, 4);
        long nanos = S.frame(first, 1).startNanos() + S.rate().nanosOf(from - first);
        return new SignalFrame(
                "s",
                from,
                segment,
                nanos,
                frame.rate(),
                frame.channels(),
                frame.samples(),
                frame.quality());
    }
}
