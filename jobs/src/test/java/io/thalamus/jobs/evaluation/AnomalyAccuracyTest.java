/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnomalyAccuracyTest {
    private static final Offset<Double> ROUNDING = within(1e-12);
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    static Stream<JsonNode> references() throws IOException {
        try (InputStream in =
                AnomalyAccuracyTest.class.getResourceAsStream("/anomaly/metrics.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false);
        }
    }

    private static LabelledScores stretch(JsonNode reference) {
        int length = reference.path("scores").size();
        boolean[] truth = new boolean[length];
        float[] scores = new float[length];
        boolean[] found = new boolean[length];
        for (int i = 0; i < length; i++) {
            truth[i] = reference.path("truth").get(i).asInt() == 1;
            scores[i] = (float) reference.path("scores").get(i).asDouble();
            found[i] = scores[i] > reference.path("threshold").asDouble();
        }
        return new LabelledScores(truth, scores, found);
    }

    @ParameterizedTest
    @MethodSource("references")
    void agreesWithTheReference(JsonNode reference) {
        LabelledScores stretch = stretch(reference);

        AnomalyAccuracy accuracy = AnomalyAccuracy.of(List.of(stretch), HOURLY, 16);

        assertPoints(accuracy.points(), reference.path("points"));
        assertPoints(accuracy.adjusted(), reference.path("adjusted"));
        assertThat(accuracy.events().count()).isEqualTo(reference.path("events").asInt());
        assertThat(accuracy.events().found()).isEqualTo(reference.path("detected").asInt());
        double meanDelay =
                StreamSupport.stream(reference.path("delays").spliterator(), false)
                        .mapToInt(JsonNode::asInt)
                        .average()
                        .orElseThrow();
        assertThat(accuracy.events().meanDelay()).isCloseTo(meanDelay, ROUNDING);
        assertThat(accuracy.events().meanDelaySeconds()).isCloseTo(3600 * meanDelay, within(1e-9));
        assertThat(accuracy.aucPr()).isCloseTo(reference.path("aucPr").asDouble(), ROUNDING);
        assertThat(accuracy.vusPr()).isCloseTo(reference.path("vusPr").asDouble(), ROUNDING);
        RangePrecision precision = new RangePrecision(List.of(stretch));
        for (int buffer = 0; buffer < reference.path("rangeAucPr").size(); buffer++) {
            assertThat(precision.area(buffer))
                    .isCloseTo(reference.path("rangeAucPr").get(buffer).asDouble(), ROUNDING);
        }
    }

    private static void assertPoints(AnomalyAccuracy.Points points, JsonNode reference) {
        assertThat(points.precision()).isCloseTo(reference.path("precision").asDouble(), ROUNDING);
        assertThat(points.recall()).isCloseTo(reference.path("recall").asDouble(), ROUNDING);
        assertThat(points.f1()).isCloseTo(reference.path("f1").asDouble(), ROUNDING);
    }

    private static LabelledScores stretch(String truth, String found) {
        boolean[] labels = new boolean[truth.length()];
        boolean[] answers = new boolean[truth.length()];
        float[] scores = new float[truth.length()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = truth.charAt(i) == '1';
            answers[i] = found.charAt(i) == '1';
            scores[i] = answers[i] ? 1 : 0;
        }
        return new LabelledScores(labels, scores, answers);
    }

    @Test
    void anAnomalyEndsWithItsStretch() {
        List<LabelledScores> two = List.of(stretch("0011", "0001"), stretch("1100", "0010"));

        AnomalyAccuracy accuracy = AnomalyAccuracy.of(two, HOURLY, 4);

        assertThat(accuracy.events()).isEqualTo(new AnomalyAccuracy.Events(2, 1, 0.5, 1, 1, 3600));
        assertThat(accuracy.points()).isEqualTo(new AnomalyAccuracy.Points(0.5, 0.25, 1 / 3.0));
        assertThat(accuracy.adjusted().precision()).isCloseTo(2 / 3.0, ROUNDING);
        assertThat(accuracy.adjusted().recall()).isEqualTo(0.5);
    }

    @Test
    void whatIsAllRightIsOne() {
        AnomalyAccuracy accuracy =
                AnomalyAccuracy.of(List.of(stretch("001100010", "001100010")), HOURLY, 0);

        assertThat(accuracy)
                .isEqualTo(
                        new AnomalyAccuracy(
                                new AnomalyAccuracy.Points(1, 1, 1),
                                new AnomalyAccuracy.Points(1, 1, 1),
                                new AnomalyAccuracy.Events(2, 2, 1, 0, 0, 0),
                                1,
                                1));
    }

    @Test
    void theMedianIsInTheMiddle() {
        assertThat(
                        AnomalyAccuracy.of(List.of(stretch("0111101110", "0001100100")), HOURLY, 0)
                                .events())
                .isEqualTo(new AnomalyAccuracy.Events(2, 2, 1, 1.5, 1.5, 5400));
    }

    @Test
    void withoutAnomaliesThereIsNothingToFind() {
        AnomalyAccuracy accuracy = AnomalyAccuracy.of(List.of(stretch("000", "010")), HOURLY, 2);

        assertThat(accuracy.points()).isEqualTo(new AnomalyAccuracy.Points(0, 0, 0));
        assertThat(accuracy.events().recall()).isZero();
        assertThat(accuracy.events().meanDelay()).isNaN();
        assertThat(accuracy.aucPr()).isNaN();
        assertThat(accuracy.vusPr()).isNaN();
    }

    /** A detector that is one sample late is nearly right once there is a buffer. */
    @Test
    void aBufferForgivesWhatIsNearlyRight() {
        RangePrecision late = new RangePrecision(List.of(stretch("000111000000", "000011100000")));
        RangePrecision wrong = new RangePrecision(List.of(stretch("000111000000", "000000000111")));

        assertThat(late.area(4)).isGreaterThan(late.area(0));
        assertThat(late.area(4)).isGreaterThan(wrong.area(4) + 0.3);
    }

    /** The buffer of an anomaly at the end of a stretch does not reach into the next one. */
    @Test
    void theOrderOfStretchesDoesNotMatter() {
        LabelledScores missed = stretch("0011", "0000");
        LabelledScores falseAlarm = stretch("0000", "1000");

        assertThat(new RangePrecision(List.of(missed, falseAlarm)).area(4))
                .isCloseTo(new RangePrecision(List.of(falseAlarm, missed)).area(4), ROUNDING);
    }

    @Test
    void everyScoreOfAStretchHasALabelAndAnAnswer() {
        assertThatThrownBy(() -> new LabelledScores(new boolean[2], new float[3], new boolean[3]))
                .isInstanceOf(IllegalArgumentException.class);
        float[] scores = {1, Float.NaN};
        assertThatThrownBy(() -> new LabelledScores(new boolean[2], scores, new boolean[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a score");
    }
}
