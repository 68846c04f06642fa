/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.thalamus.operators.signal.rate.Grid;
import io.thalamus.operators.signal.rate.Grid.Method;
import io.thalamus.operators.signal.rate.Grid.Stretch;
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
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GridFunctionTest {
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final SampleRate NOMINAL = SampleRate.ofHertz(10);
    private static final float N = Float.NaN;

    private static GridFunction step(int reorder, Method method) {
        return new GridFunction(
                "grid", reorder, new Grid(SampleRate.ofHertz(1), method, Duration.ofSeconds(5)));
    }

    /**
     * Readings that are overtaken by at most so many others, some of them sent again: the same as
     * the library makes of them in their order, wherever the state is stored.
     */
    @Property(tries = 150)
    void anyOrderWithinTheBoundGivesTheSame(
            @ForAll Method method,
            @ForAll @IntRange(max = 6) int reorder,
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @IntRange(max = 5) int missing,
            @ForAll @IntRange(max = 60) int restoreBefore,
            @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        List<SignalFrame> readings = new ArrayList<>();
        long time = START;
        for (int i = 0; i < count; i++) {
            time += random.nextInt(15) == 0 ? 8 * SECOND : 1 + random.nextInt(1_500_000_000);
            readings.add(
                    reading(
                            i,
                            time,
                            random.nextInt(10) < missing ? N : random.nextFloat(),
                            random.nextFloat()));
        }
        List<SignalFrame> arrivals = disordered(readings, reorder, random);

        List<SignalFrame> out =
                StepHarness.run(
                        arrivals, restoreBefore, step(reorder, method), step(reorder, method));

        long[] times = readings.stream().mapToLong(SignalFrame::startNanos).toArray();
        double[][] values = new double[2][count];
        for (int i = 0; i < count; i++) {
            values[0][i] = readings.get(i).sample(0, 0);
            values[1][i] = readings.get(i).sample(1, 0);
        }
        Grid grid = new Grid(SampleRate.ofHertz(1), method, Duration.ofSeconds(5));
        List<String> expected = new ArrayList<>();
        for (Stretch stretch : grid.regularise(times, values)) {
            for (int n = 0; n < stretch.samples()[0].length; n++) {
                expected.add(
                        (stretch.startNanos() + n * SECOND)
                                + " "
                                + (float) stretch.samples()[0][n]
                                + " "
                                + (float) stretch.samples()[1][n]);
            }
        }
        List<String> found = new ArrayList<>();
        long origin = out.isEmpty() ? 0 : out.get(0).startNanos() / SECOND - out.get(0).sequence();
        int segment = 0;
        long end = Long.MIN_VALUE;
        for (SignalFrame frame : out) {
            assertThat(frame.rate()).isEqualTo(SampleRate.ofHertz(1));
            assertThat(frame.sequence()).isEqualTo(frame.startNanos() / SECOND - origin);
            assertThat(frame.segment()).isGreaterThanOrEqualTo(segment);
            if (frame.segment() == segment && end > Long.MIN_VALUE) {
                assertThat(frame.startNanos()).isEqualTo(end);
            }
            segment = frame.segment();
            end = frame.endNanos();
            boolean any = false;
            for (int i = 0; i < frame.length(); i++) {
                found.add(
                        (frame.startNanos() + i * SECOND)
                                + " "
                                + frame.sample(0, i)
                                + " "
                                + frame.sample(1, i));
                any |= Float.isNaN(frame.sample(0, i)) || Float.isNaN(frame.sample(1, i));
            }
            assertThat(Quality.MISSING.in(frame.quality())).isEqualTo(any);
        }
        assertThat(found).isEqualTo(expected);
    }

    /**
     * Each is moved behind at most so many later ones; some come again, while held or just taken.
     */
    private static List<SignalFrame> disordered(
            List<SignalFrame> readings, int reorder, Random random) {
        record Arrival(long place, SignalFrame frame) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            int late = random.nextInt(reorder + 1);
            arrivals.add(new Arrival(4L * (i + late) + 1, readings.get(i)));
        }
        arrivals.sort(
                Comparator.comparingLong(Arrival::place)
                        .thenComparingLong(arrival -> arrival.frame().sequence()));
        List<SignalFrame> frames = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            frames.add(arrival.frame());
            if (random.nextInt(6) == 0) {
                frames.add(arrival.frame());
            }
        }
        return frames;
    }

    @Test
    void aFrameOfSeveralReadingsIsTheSameAsEachAlone() throws Exception {
        SignalFrame frame =
                new SignalFrame(
                        "s",
                        3,
                        0,
                        START - SECOND / 20,
                        NOMINAL,
                        List.of("a"),
                        new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
                        0);
        try (StepHarness whole = StepHarness.of(step(0, Method.LINEAR));
                StepHarness single = StepHarness.of(step(0, Method.LINEAR))) {
            whole.send(frame);
            for (int i = 0; i < frame.length(); i++) {
                single.send(frame.slice(i, i + 1));
            }
            assertThat(whole.output()).isEqualTo(single.output());
            assertThat(whole.output())
                    .map(SignalFrame::startNanos, f -> f.sample(0, 0))
                    .containsExactly(tuple(START, 1.5f), tuple(START + SECOND, 11.5f));
        }
    }

    @Test
    void lateReadingsGoToTheSideWithTheirBytes() throws Exception {
        SignalFrame late = reading(1, START + SECOND / 2, 3, 3);
        try (StepHarness harness = StepHarness.of(step(0, Method.PREVIOUS))) {
            harness.send(reading(0, START, 1, 1), reading(2, START + 2 * SECOND, 2, 2), late);
            assertThat(harness.output()).map(SignalFrame::length).containsExactly(1, 2);
            assertThat(harness.side(SideOutputs.LATE_FRAMES))
                    .containsExactly(
                            new DeadLetter(
                                    "s",
                                    0,
                                    1,
                                    late.startNanos(),
                                    "grid",
                                    "late frame",
                                    "1 readings from 1700000000500000000 ns on came after one of"
                                            + " 1700000002000000000 ns had been taken",
                                    WireFormat.encode(late)));
            assertThat(harness.counter(StreamMetrics.LATE_FRAMES)).isEqualTo(1);
            assertThat(harness.counter(StreamMetrics.GAPS)).isZero();
        }
    }

    @Test
    void duplicatesAreDroppedAndCounted() throws Exception {
        SignalFrame first = reading(0, START, 1, 1);
        SignalFrame second = reading(1, START + SECOND, 2, 2);
        try (StepHarness harness = StepHarness.of(step(1, Method.PREVIOUS))) {
            harness.send(first, first, second, first, second, reading(2, START + SECOND, 9, 9));
            harness.end();
            assertThat(harness.output()).map(f -> f.sample(0, 0)).containsExactly(1f, 2f);
            assertThat(harness.counter(StreamMetrics.DUPLICATE_SAMPLES)).isEqualTo(4);
            assertThat(harness.side(SideOutputs.LATE_FRAMES)).isEmpty();
        }
    }

    @Test
    void aHoleOrOtherChannelsBeginTheNextSegment() throws Exception {
        SignalFrame other =
                new SignalFrame(
                        "s", 3, 0, START + 12 * SECOND, NOMINAL, List.of("x"), new float[] {7}, 0);
        try (StepHarness harness = StepHarness.of(step(0, Method.LINEAR))) {
            harness.send(
                    reading(0, START, 1, 1),
                    reading(1, START + 5 * SECOND, 2, 2),
                    reading(2, START + 11 * SECOND, 3, 3),
                    other);
            assertThat(harness.output())
                    .map(SignalFrame::segment, SignalFrame::sequence, SignalFrame::length)
                    .containsExactly(
                            tuple(0, 0L, 1), tuple(0, 1L, 5), tuple(1, 11L, 1), tuple(2, 12L, 1));
            int resumed = Quality.RESUMED.bit();
            assertThat(harness.output())
                    .map(SignalFrame::quality)
                    .containsExactly(0, 0, resumed, resumed);
            assertThat(harness.side(SideOutputs.ANNOTATIONS))
                    .containsExactly(
                            new Annotation(
                                    "s",
                                    START + 5 * SECOND,
                                    6 * SECOND,
                                    "there are no readings for longer than the grid's limit"),
                            new Annotation(
                                    "s",
                                    START + 11 * SECOND,
                                    SECOND,
                                    "its channels change from [a, b] to [x]"));
            assertThat(harness.counter(StreamMetrics.CLOCK_JUMPS)).isZero();
            assertThat(harness.counter(StreamMetrics.BREAKS)).isEqualTo(2);
            assertThat(harness.counter(StreamMetrics.SAMPLES)).isEqualTo(4);
        }
    }

    @Test
    void whatWaitsForAValueEndsAsMissing() throws Exception {
        try (StepHarness harness = StepHarness.of(step(0, Method.LINEAR))) {
            harness.send(reading(0, START, 1, 1), reading(1, START + 3 * SECOND, N, 4));
            assertThat(harness.output()).map(SignalFrame::length).containsExactly(1);
            harness.end();
            assertThat(harness.output().get(1).samples()).containsExactly(N, N, N, 2, 3, 4);
            assertThat(harness.output().get(1).quality()).isEqualTo(Quality.MISSING.bit());
        }
    }

    /** A clock that is set back by more than the limit is no reason to lose all that follows. */
    @Test
    void aClockThatIsSetBackBeginsTheNextSegment() throws Exception {
        try (StepHarness harness = StepHarness.of(step(0, Method.PREVIOUS))) {
            harness.send(
                    reading(0, START, 1, 1),
                    reading(1, START + 3_000_000 * SECOND, 2, 2),
                    reading(2, START + SECOND, 3, 3),
                    reading(1, START, 9, 9),
                    reading(3, START + 2 * SECOND, 4, 4));
            assertThat(harness.output())
                    .map(SignalFrame::segment, SignalFrame::sequence, f -> f.sample(0, 0))
                    .containsExactly(
                            tuple(0, 0L, 1f),
                            tuple(1, 3_000_000L, 2f),
                            tuple(2, 0L, 3f),
                            tuple(2, 1L, 4f));
            assertThat(harness.counter(StreamMetrics.CLOCK_JUMPS)).isEqualTo(1);
            assertThat(harness.side(SideOutputs.ANNOTATIONS).get(1))
                    .isEqualTo(
                            new Annotation(
                                    "s",
                                    START + 3_000_000 * SECOND,
                                    0,
                                    "its time jumps back to %d ns".formatted(START + SECOND)));
            assertThat(harness.counter(StreamMetrics.BREAKS)).isEqualTo(2);
            assertThat(harness.counter(StreamMetrics.LATE_FRAMES)).isEqualTo(1);
        }
    }

    @Test
    void impossibleFramesAreDeadLetters() throws Exception {
        List<SignalFrame> bad =
                List.of(
                        reading(-1, START, 1, 1),
                        reading(5, Long.MAX_VALUE - 5, 1, 1),
                        reading(5, Long.MIN_VALUE, 1, 1));
        try (StepHarness harness = StepHarness.of(step(0, Method.LINEAR))) {
            harness.send(reading(0, START, 1, 1));
            harness.send(bad);
            harness.send(reading(1, START + SECOND, 1, 1));
            assertThat(harness.output()).hasSize(2);
            assertThat(harness.side(SideOutputs.DEAD_LETTERS))
                    .map(DeadLetter::payload)
                    .containsExactlyElementsOf(bad.stream().map(WireFormat::encode).toList());
            assertThat(harness.counter(StreamMetrics.DEAD_LETTERS)).isEqualTo(3);
        }
    }

    /** Times at both ends of what a long holds follow on one another and harm nobody. */
    @Test
    void survivesWildTimes() throws Exception {
        long far = Long.MAX_VALUE - 10 * SECOND;
        try (StepHarness harness = StepHarness.of(step(0, Method.LINEAR))) {
            harness.send(
                    reading(0, -far, 1, 1),
                    reading(1, far, 2, 2),
                    reading(2, -far, 3, 3),
                    reading(3, START, 4, 4));
            harness.end();
            assertThat(harness.output()).map(SignalFrame::segment).isSorted().endsWith(3);
            assertThat(harness.side(SideOutputs.DEAD_LETTERS)).isEmpty();
        }
    }

    @Test
    void flagsAreThoseOfTheReadingsSinceTheLastPoint() throws Exception {
        int filled = Quality.FILLED.bit();
        try (StepHarness harness = StepHarness.of(step(0, Method.LINEAR))) {
            harness.send(
                    reading(0, START, 1, 1),
                    reading(1, START + 1, 1, 1).withSamples(new float[] {1, 1}, filled),
                    reading(2, START + 2, 1, 1),
                    reading(3, START + SECOND, 1, 1),
                    reading(4, START + 2 * SECOND, 1, 1));
            assertThat(harness.output()).map(SignalFrame::quality).containsExactly(0, filled, 0);
        }
    }

    @Test
    void streamsDoNotMeet() throws Exception {
        SignalFrame other =
                new SignalFrame(
                        "t", 9, 0, START, NOMINAL, List.of("a", "b"), new float[] {5, 5}, 0);
        try (StepHarness harness = StepHarness.of(step(0, Method.PREVIOUS))) {
            harness.send(reading(0, START, 1, 1), other, reading(1, START + SECOND, 2, 2));
            assertThat(harness.output())
                    .map(SignalFrame::streamId, SignalFrame::segment)
                    .containsExactly(tuple("s", 0), tuple("t", 0), tuple("s", 0));
        }
    }

    @Test
    void wantsABound() {
        assertThatThrownBy(() -> step(-1, Method.LINEAR))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("order: reorder is -1; give a number of samples, or 0");
    }

    private static SignalFrame reading(long sequence, long nanos, float a, float b) {
        return new SignalFrame(
                "s",
                sequence,
                0,
                nanos,
                NOMINAL,
                List.of("a", "b"),
                new float[] {a, b},
                Float.isNaN(a) || Float.isNaN(b) ? Quality.MISSING.bit() : 0);
    }
}
