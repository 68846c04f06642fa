/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Against numbers of {@code training/make_evaluation_cases.py}, which is independent. */
class SeasonalScoreTest {
    private static final Offset<Double> ROUNDING = within(1e-9);

    @TestFactory
    List<DynamicTest> eachSeriesIsMeasuredAsInTheM4Competition() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode cases = reference().path("cases");
        for (Iterator<String> names = cases.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            tests.add(DynamicTest.dynamicTest(name, () -> measure(cases.path(name))));
        }
        assertThat(tests).hasSize(8);
        return tests;
    }

    private static void measure(JsonNode reference) {
        int season = reference.path("season").intValue();
        double[] past = values(reference, "past");
        SeasonalSeries series = new SeasonalSeries(past, season);
        double[] naive2 = values(reference, "naive2");

        assertThat(series.isSeasonal()).isEqualTo(reference.path("seasonal").booleanValue());
        assertThat(series.naive2(naive2.length)).containsExactly(naive2, ROUNDING);

        SeasonalScore.Sum sum = new SeasonalScore.Sum(season);
        sum.add(past, values(reference, "came"), values(reference, "forecast"));
        SeasonalScore score = sum.score().orElseThrow();
        assertThat(score.smape()).isEqualTo(number(reference, "smape"), ROUNDING);
        assertThat(score.mase()).isEqualTo(number(reference, "mase"), ROUNDING);
        assertThat(score.smapeNaive2()).isEqualTo(number(reference, "smapeNaive2"), ROUNDING);
        assertThat(score.maseNaive2()).isEqualTo(number(reference, "maseNaive2"), ROUNDING);
    }

    @Test
    void meansAreOverSeriesBeforeTheyAreCompared() throws IOException {
        SeasonalScore.Sum sum = new SeasonalScore.Sum(12);
        reference()
                .path("cases")
                .forEach(
                        one -> {
                            if (one.path("season").intValue() == 12) {
                                sum.add(
                                        values(one, "past"),
                                        values(one, "came"),
                                        values(one, "forecast"));
                            }
                        });
        sum.leaveOut();

        SeasonalScore score = sum.score().orElseThrow();
        JsonNode mean = reference().path("meanOfSeason12");
        assertThat(score.forecasts()).isEqualTo(3);
        assertThat(score.leftOut()).isEqualTo(1);
        assertThat(score.smape()).isEqualTo(number(mean, "smape"), ROUNDING);
        assertThat(score.maseNaive2()).isEqualTo(number(mean, "maseNaive2"), ROUNDING);
        assertThat(score.owa()).isEqualTo(number(mean, "owa"), ROUNDING);
    }

    /** Three seasons of four; the lag's correlation is 1.715 and 1.614 times its deviation. */
    @Test
    void aSeasonIsOneFromTheNinetyPercentLevelAndThreeSeasonsOn() {
        double[] above = {5, 5, 6, 1, 3, 1, 2, 8, 7, 7, 5, 3};
        double[] below = {4, 7, 6, 6, 7, 1, 7, 2, 3, 8, 3, 6};

        assertThat(new SeasonalSeries(above, 4).isSeasonal()).isTrue();
        assertThat(new SeasonalSeries(below, 4).isSeasonal()).isFalse();
    }

    @Test
    void whatHasNoAnswerIsDefined() {
        SeasonalScore.Sum sum = new SeasonalScore.Sum(2);
        assertThat(sum.score()).isEmpty();
        sum.add(new double[] {1, 2, 1, 2}, new double[] {1}, new double[] {1}); // no scale
        sum.add(new double[] {1, 2}, new double[] {1}, new double[] {1}); // no second season
        assertThat(sum.score()).isEmpty();

        sum.add(new double[] {0, 0, 1, 0}, new double[] {0, 0}, new double[] {0, 1});
        SeasonalScore score = sum.score().orElseThrow();
        assertThat(score.leftOut()).isEqualTo(2);
        assertThat(score.smape()).isEqualTo((0 + 200) / 2.0);
        assertThat(score.owa()).isEqualTo(Double.POSITIVE_INFINITY); // Naive2 is never off

        // Its trend is zero throughout, so that its season as a factor is not defined.
        double[] zeroTrend = DoubleStream.iterate(1, value -> -value).limit(40).toArray();
        SeasonalSeries series = new SeasonalSeries(zeroTrend, 2);
        assertThat(series.isSeasonal()).isTrue();
        assertThat(series.naive2(3)).containsExactly(-1, -1, -1);
        double[] constant = new double[40];
        Arrays.fill(constant, 3);
        assertThat(new SeasonalSeries(constant, 2).isSeasonal()).isFalse();
    }

    private static JsonNode reference() throws IOException {
        try (InputStream json =
                SeasonalScoreTest.class.getResourceAsStream("/evaluation/seasonal.json")) {
            return new ObjectMapper().readTree(json);
        }
    }

    private static double number(JsonNode reference, String name) {
        return reference.path(name).doubleValue();
    }

    private static double[] values(JsonNode reference, String name) {
        JsonNode array = reference.path(name);
        double[] values = new double[array.size()];
        Arrays.setAll(values, n -> array.path(n).doubleValue());
        return values;
    }
}
