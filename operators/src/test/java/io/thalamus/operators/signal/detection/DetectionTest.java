/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.testing.Scores;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DetectionTest {

    /** What came out of one stream. */
    private static final class Run implements Detection.Output {
        private final Detection detection;
        private final List<AnomalyScore> scores = new ArrayList<>();
        private final List<AnomalyEvent> events = new ArrayList<>();
        private DetectionState state;
        private int above;
        private double threshold;

        Run(Detection detection) {
            this.detection = detection;
        }

        Run take(List<AnomalyScore> records) {
            for (AnomalyScore record : records) {
                state =
                        detection.take(
                                record, state == null ? detection.before(record) : state, this);
            }
            return this;
        }

        Run end() {
            detection.finish(scores.get(0).streamId(), state, events::add);
            return this;
        }

        @Override
        public void scored(AnomalyScore score) {
            scores.add(score);
        }

        @Override
        public void found(AnomalyEvent event) {
            events.add(event);
        }

        @Override
        public void measured(int more, double next) {
            above += more;
            threshold = next;
        }

        List<Float> joint() {
            List<Float> all = new ArrayList<>();
            for (AnomalyScore score : scores) {
                for (float each : score.joint()) {
                    all.add(each);
                }
            }
            return all;
        }
    }

    private static Detection fixed(int quiet, int minLength) {
        return new Detection(
                new FixedThreshold(1), Span.ofSamples(quiet), Span.ofSamples(minLength));
    }

    private static AnomalyEvent event(long from, long to, double peak) {
        return new AnomalyEvent(
                "s",
                0,
                Scores.nanosOf(from),
                to == 0 ? 0 : Scores.nanosOf(to),
                (float) peak,
                1,
                List.of("b", "a"),
                "model");
    }

    @Test
    void anEventIsToldOfAsItStartsAndOnceItIsOver() {
        Scores scores = Scores.of("s", 0, 1, 2, 3, 0, 1.5, 0, 0);
        Run run = new Run(fixed(2, 1));

        run.take(List.of(scores.record(0, 0, 3)));
        assertThat(run.events).containsExactly(event(2, 0, 2));
        run.take(List.of(scores.record(0, 3, 7)));
        assertThat(run.events).hasSize(1); // one quiet sample is not enough, and 1 is not above 1
        run.take(List.of(scores.record(0, 7, 8)));

        assertThat(run.events).containsExactly(event(2, 0, 2), event(2, 6, 3));
        assertThat(run.above).isEqualTo(3);
        assertThat(run.end().events).hasSize(2);
    }

    @Test
    void theEndOfTheInputEndsAnEvent() {
        Run run = new Run(fixed(5, 1)).take(List.of(Scores.of("s", 0, 4, 0).record(0, 0, 3))).end();

        assertThat(run.events).containsExactly(event(1, 0, 4), event(1, 2, 4));
    }

    @Test
    void theEndOfTheSegmentEndsAnEvent() {
        Scores scores = Scores.of("s", 0, 4, 0, 0, 5);

        Run run =
                new Run(fixed(5, 1)).take(List.of(scores.record(0, 0, 3), scores.record(1, 4, 6)));

        assertThat(run.events)
                .startsWith(event(1, 0, 4), event(1, 2, 4))
                .hasSize(3)
                .last()
                .matches(next -> next.segment() == 1)
                .matches(next -> next.startNanos() == Scores.nanosOf(4));
    }

    @Test
    void aShortEventIsNotToldOf() {
        // From its first sample above to its last, it has two samples, then three.
        Scores scores = Scores.of("s", 2, 2, 0, 0, 2, 0, 3, 0, 0);

        Run run = new Run(fixed(2, 3)).take(scores.records(9, 1, 1));

        assertThat(run.events).containsExactly(event(4, 0, 3), event(4, 7, 3));
    }

    /** As a window that was skipped leaves them. */
    @Test
    void samplesWithoutAScoreAreQuiet() {
        Scores scores = new Scores("s", n -> 2, 0.25);

        Run whole =
                new Run(fixed(4, 1)).take(List.of(scores.record(0, 0, 3), scores.record(0, 6, 8)));
        Run two =
                new Run(fixed(3, 1)).take(List.of(scores.record(0, 0, 3), scores.record(0, 6, 8)));

        assertThat(whole.events).containsExactly(event(0, 0, 2));
        assertThat(two.events).containsExactly(event(0, 0, 2), event(0, 3, 2), event(6, 0, 2));
    }

    @Test
    void aScoreThatIsNoNumberIsNotAboveAndAnInfiniteOneIs() {
        Scores scores =
                Scores.of("s", Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN, 0);
        Detection detection =
                new Detection(
                        new PercentileThreshold(50, Span.ofSamples(1)),
                        Span.ofSamples(1),
                        Span.ofSamples(1));

        Run run = new Run(detection).take(List.of(Scores.of("s").record(0, 0, 1)));
        run.take(List.of(scores.record(0, 1, 5)));

        assertThat(run.above).isEqualTo(1);
        assertThat(run.threshold).isZero();
        assertThat(run.events).extracting(AnomalyEvent::peak).contains(Float.POSITIVE_INFINITY);
    }

    @Test
    void namesTheChannelsThatMakeUpNineTenths() {
        Scores mostlyA = new Scores("s", n -> n == 1 ? 4 : 0, 0.92);

        Run run = new Run(fixed(1, 1)).take(List.of(mostlyA.record(0, 0, 3)));

        assertThat(run.events).extracting(AnomalyEvent::channels).containsOnly(List.of("a"));

        Scores both = new Scores("s", n -> n == 1 ? 4 : 0, 0.88);
        assertThat(new Run(fixed(1, 1)).take(List.of(both.record(0, 0, 3))).events)
                .extracting(AnomalyEvent::channels)
                .containsOnly(List.of("a", "b"));
    }

    @Test
    void timesAreInSamplesOfTheStream() {
        Scores scores = Scores.of("s", 2, 0, 0, 0, 2);
        Detection twoSamples =
                new Detection(
                        new FixedThreshold(1),
                        Span.of(Duration.ofMillis(900)),
                        Span.of(Duration.ofMillis(1)));

        assertThat(new Run(twoSamples).take(List.of(scores.record(0, 0, 5))).events)
                .isEqualTo(new Run(fixed(2, 1)).take(List.of(scores.record(0, 0, 5))).events);
    }

    @Test
    void aTimeShorterThanASampleIsOneSample() {
        Scores scores = Scores.of("s", 2, 3, 0, 2);
        Detection shortest =
                new Detection(
                        new FixedThreshold(1),
                        Span.of(Duration.ofMillis(1)),
                        Span.of(Duration.ofMillis(1)));

        assertThat(new Run(shortest).take(List.of(scores.record(0, 0, 5))).events)
                .containsExactly(event(0, 0, 2), event(0, 2, 3), event(3, 0, 2), event(3, 4, 2));
    }

    /** Times are reckoned at the rate that the samples had. */
    @Test
    void anotherRateEndsAnEvent() {
        AnomalyScore first = Scores.of("s", 0, 4).record(0, 0, 2);
        AnomalyScore faster =
                new AnomalyScore(
                        "s",
                        2,
                        0,
                        Scores.nanosOf(2),
                        SampleRate.ofHertz(1000),
                        Scores.CHANNELS,
                        new float[1],
                        new float[2],
                        "model");

        Run run = new Run(fixed(5, 1)).take(List.of(first, faster));

        assertThat(run.events).containsExactly(event(1, 0, 4), event(1, 2, 4));
    }

    private static Run underAnotherRule(Run before) {
        Run after =
                new Run(
                        new Detection(
                                new PercentileThreshold(50, Span.ofSamples(3)),
                                Span.ofSamples(2),
                                Span.ofSamples(1)));
        after.state = before.state;
        return after;
    }

    @Test
    void anotherRuleStartsAnewAndTheEventGoesOn() {
        Scores scores = new Scores("s", n -> 2, 0.25);
        Run after = underAnotherRule(new Run(fixed(2, 1)).take(List.of(scores.record(0, 0, 4))));

        after.take(List.of(scores.record(0, 4, 6)));
        assertThat(after.threshold).isNaN();
        after.take(List.of(scores.record(0, 6, 7)));

        assertThat(after.threshold).isEqualTo(2);
        assertThat(after.events).containsExactly(event(0, 4, 2));
    }

    @Test
    void aScoreIsComparedWithWhatTheOnesBeforeItTaught() {
        Detection detection =
                new Detection(
                        new PercentileThreshold(50, Span.ofSamples(3)),
                        Span.ofSamples(1),
                        Span.ofSamples(1));
        Scores scores = Scores.of("s", 1, 1, 5, 3);

        Run run = new Run(detection).take(List.of(scores.record(0, 0, 4)));

        // The third completes the threshold, which is 1, and is itself above; it is not judged.
        assertThat(run.above).isEqualTo(1);
        assertThat(run.events)
                .extracting(AnomalyEvent::startNanos)
                .containsExactly(Scores.nanosOf(3));
    }

    @Test
    void anotherRuleStartsAnewWithASegmentToo() {
        Scores scores = new Scores("s", n -> 2, 0.25);
        Run after = underAnotherRule(new Run(fixed(2, 1)).take(List.of(scores.record(0, 0, 4))));

        after.take(List.of(scores.record(1, 4, 7)));

        assertThat(after.threshold).isEqualTo(2);
        assertThat(after.events).containsExactly(event(0, 4, 2));
    }

    @Test
    void aRecordThatHasBeenIsNotTakenAgain() {
        Scores scores = Scores.of("s", 2, 0, 0, 0);
        Run run = new Run(fixed(1, 1)).take(List.of(scores.record(0, 0, 4)));

        run.take(List.of(scores.record(0, 0, 2), scores.record(0, 1, 4)));

        assertThat(run.above).isEqualTo(1);
        assertThat(run.events).containsExactly(event(0, 0, 2), event(0, 1, 2));
        assertThat(run.scores).containsExactly(scores.record(0, 0, 4));
    }

    /** What a stream has learned outlasts a gap. */
    @Test
    void theThresholdIsTheStreams() {
        Detection detection =
                new Detection(
                        new PercentileThreshold(50, Span.ofSamples(4)),
                        Span.ofSamples(1),
                        Span.ofSamples(1));
        Scores scores = new Scores("s", n -> n < 4 ? 1 : 2, 0.25);

        Run run =
                new Run(detection)
                        .take(
                                List.of(
                                        scores.record(0, 0, 3),
                                        scores.record(1, 3, 4),
                                        scores.record(2, 4, 5)));

        assertThat(run.threshold).isEqualTo(1);
        assertThat(run.events).hasSize(1);
    }

    /** Nor does the overlap of the records: each sample counts once. */
    @Property(tries = 60)
    void theCuttingIntoRecordsChangesNothing(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll @IntRange(min = 1, max = 40) int hopOrMore) {
        int hop = Math.min(length, hopOrMore);
        Random random = new Random(seed);
        double[] joint = new double[700];
        for (int i = 0; i < joint.length; i++) {
            joint[i] = StrictMath.exp(2 * random.nextGaussian());
        }
        Scores scores = Scores.of("s", joint);
        Detection detection =
                new Detection(
                        new PeaksOverThreshold(0.01, 0.9, Span.ofSamples(102), 5),
                        Span.ofSamples(3),
                        Span.ofSamples(2));
        int covered = (700 - length) / hop * hop + length;

        Run whole = new Run(detection).take(List.of(scores.record(0, 0, covered))).end();
        Run cut = new Run(detection).take(scores.records(700, length, hop)).end();

        assertThat(cut.events).isEqualTo(whole.events);
        assertThat(cut.joint()).isEqualTo(whole.joint()).hasSize(covered);
        assertThat(cut.above).isEqualTo(whole.above);
        for (AnomalyScore score : cut.scores) {
            assertThat(score)
                    .isEqualTo(
                            scores.record(
                                    0, score.sequence(), score.sequence() + score.joint().length));
        }
    }
}
