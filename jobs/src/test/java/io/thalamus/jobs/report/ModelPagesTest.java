/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.jobs.report.LineChart.Band;
import io.thalamus.jobs.report.SoundPage.Stage;
import io.thalamus.jobs.report.SoundPage.Track;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelPagesTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final long HOUR = 3_600_000_000_000L;
    private static final Table NONE = new Table(List.of("none"), List.of());

    @Test
    void setsScoresAndAnomaliesBesideTheLabels() {
        List<String> channels = List.of("c");
        float[] scores = {1, 1, 9, 8, 1, 1, 1, 1};
        AnomalyPage page =
                new AnomalyPage(
                        List.of(
                                new AnomalyScore(
                                        "s", 0, 0, 0, HOURLY, channels, scores, scores, "m")),
                        List.of(new AnomalyEvent("s", 0, 2 * HOUR, 4 * HOUR, 9, 5, channels, "m")),
                        List.of(
                                new Annotation("s", HOUR, 2 * HOUR, "spike"),
                                new Annotation("s", 5 * HOUR, 2 * HOUR, "drift")));

        ReportPage made = page.page("t", "intro", List.of());

        LineChart chart = (LineChart) exhibit(made, 0, 0);
        assertThat(chart.bands())
                .containsExactly(new Band(3600, 3 * 3600), new Band(5 * 3600, 7 * 3600));
        double nan = Double.NaN;
        assertThat(chart.lines().get(1).y()).containsExactly(nan, nan, 9, 8, nan, nan, nan, nan);
        assertThat(chart.lines().get(2).y()).containsExactly(5);
        assertThat(((Table) exhibit(made, 1, 0)).rows())
                .containsExactly(
                        List.of("spike", "1 Jan 01:00", "2 h", "1 h"),
                        List.of("drift", "1 Jan 05:00", "2 h", "not found"));
    }

    @Test
    void showsTheProbabilityOfEachClassWhereItIsTrue() {
        List<String> classes = List.of("idle", "busy");
        ClassificationPage page =
                new ClassificationPage(
                        List.of(
                                result(classes, 0, 0.9f),
                                result(classes, 1, 0.2f),
                                result(classes, 2, 0.1f)),
                        List.of(
                                new Annotation("s", 0, HOUR, "idle"),
                                new Annotation("s", HOUR, 2 * HOUR, "busy")),
                        new long[][] {{1, 0}, {0, 2}});

        ReportPage made = page.page("t", "intro", List.of());

        LineChart busy = (LineChart) exhibit(made, 0, 1);
        assertThat(busy.title()).isEqualTo("busy");
        assertThat(busy.bands()).containsExactly(new Band(3600, 3 * 3600));
        assertThat(busy.lines().get(0).x()).containsExactly(3600, 7200, 10_800);
        assertThat(busy.lines().get(0).y()).containsExactly(1 - 0.9f, 1 - 0.2f, 1 - 0.1f);
        assertThat(((Table) exhibit(made, 1, 0)).rows())
                .containsExactly(List.of("idle", "1", "0"), List.of("busy", "0", "2"));
    }

    @Test
    void setsWhatIsToldWrongWithoutLearningBesideWhatIsWithIt() {
        int windows = 2 * LearningPage.RECENT;
        double[] seconds = new double[windows];
        boolean[] frozen = new boolean[windows];
        for (int i = 0; i < windows; i++) {
            seconds[i] = 4 * i;
            frozen[i] = i >= LearningPage.RECENT;
        }
        boolean[] learning = new boolean[windows];
        learning[windows - 1] = true;

        ReportPage made =
                new LearningPage(seconds, frozen, learning, 80).page("t", "intro", List.of());

        LineChart chart = (LineChart) exhibit(made, 0, 0);
        assertThat(chart.bands()).singleElement().matches(band -> band.from() == 80);
        double[] before = chart.lines().get(0).y();
        assertThat(before[LearningPage.RECENT - 2]).isNaN();
        assertThat(before[LearningPage.RECENT - 1]).isZero();
        assertThat(before[LearningPage.RECENT]).isEqualTo(100.0 / LearningPage.RECENT);
        assertThat(before[windows - 1]).isEqualTo(100);
        assertThat(chart.lines().get(1).y()[windows - 1]).isEqualTo(100.0 / LearningPage.RECENT);
        assertThat(((Table) exhibit(made, 1, 0)).rows())
                .containsExactly(
                        List.of("1 to 10", "0", "0"),
                        List.of("11 to 20", "0", "0"),
                        List.of("21 to 30", "10", "0"),
                        List.of("31 to 40", "10", "1"));
    }

    private static Classification result(List<String> classes, int hour, float idle) {
        return new Classification(
                "s",
                hour,
                0,
                hour * HOUR,
                (hour + 1) * HOUR,
                idle > 0.5f ? "idle" : "busy",
                classes,
                new float[] {idle, 1 - idle},
                "m");
    }

    @Test
    void showsWhatBecameQuieterOnOneScaleAndLetsItBeHeard() {
        Series loud = sine(1);
        Series quiet = sine(0.01f);
        SoundPage page =
                new SoundPage(
                        List.of(
                                new Stage(
                                        "Before",
                                        "",
                                        List.of(
                                                new Track("what <was> said", loud, "said.wav"),
                                                new Track("silence", sine(0), "none.wav"))),
                                new Stage(
                                        "After",
                                        "",
                                        List.of(new Track("what is left", quiet, "left.wav")))));

        ReportPage made = page.page("t", "intro", List.of());

        assertThat(made.sections())
                .extracting(ReportPage.Section::heading)
                .containsExactly("Before", "After");
        HeatMap before = ((Sound) exhibit(made, 0, 0)).picture();
        HeatMap after = ((Sound) exhibit(made, 1, 0)).picture();
        assertThat(before.vertical().high()).isEqualTo(4);
        assertThat(loudest(before)).isEqualTo(before.scale().high());
        assertThat(before.scale().high() - before.scale().low()).isEqualTo(80);
        assertThat(after.scale()).isEqualTo(before.scale());
        assertThat(loudest(before) - loudest(after)).isCloseTo(40, within(1e-3));
        assertThat(after.width()).isEqualTo(before.width());
        assertThat(made.sections()).extracting(ReportPage.Section::columns).containsOnly(1);
        assertThat(exhibit(made, 0, 0).html())
                .contains(
                        "<svg",
                        "aria-label=\"what &lt;was&gt; said\"",
                        "<audio",
                        "src=\"said.wav\"");
    }

    private static Series sine(float amplitude) {
        float[] values = new float[3000];
        for (int n = 0; n < values.length; n++) {
            values[n] = amplitude * (float) Math.sin(n);
        }
        return new Series(List.of("c"), 0, SampleRate.ofHertz(8000), new float[][] {values});
    }

    private static double loudest(HeatMap picture) {
        return Arrays.stream(picture.values()).flatMapToDouble(Arrays::stream).max().orElseThrow();
    }

    @Test
    void showsWhatWasFilledAroundTheLongestHole() {
        float[] known = new float[400];
        Arrays.fill(known, 1);
        float[] left = known.clone();
        Arrays.fill(left, 200, 210, Float.NaN);
        float[] filled = left.clone();
        Arrays.fill(filled, 200, 210, 3);

        ReportPage made =
                new ImputationPage(series(known), series(left), series(filled), NONE)
                        .page("t", "intro", List.of());

        assertThat(made.sections().get(0).exhibits()).hasSize(1);
        LineChart chart = (LineChart) exhibit(made, 0, 0);
        double[] made3 = Arrays.stream(chart.lines().get(2).y()).filter(y -> y == 3).toArray();
        assertThat(made3).hasSize(10);
        // joined with what was left on both sides, and nothing else
        assertThat(Arrays.stream(chart.lines().get(2).y()).filter(y -> y == 1)).hasSize(2);
        assertThat(chart.lines().get(0).y()).containsOnly(1);
    }

    @Test
    void showsAForecastOfEachSeries() {
        float[] values = {1, 2, 3, 4};
        Map<String, Forecast> forecasts =
                Map.of(
                        "a",
                        new Forecast("a", 2, 0, 0, HOURLY, List.of("c"), new float[] {5, 6}, "m"));

        ReportPage made =
                new SeriesPage(Map.of("a", series(values)), forecasts, NONE)
                        .page("t", "intro", List.of());

        LineChart chart = (LineChart) exhibit(made, 0, 0);
        assertThat(chart.title()).isEqualTo("c of a");
        assertThat(chart.lines().get(0).y()).containsExactly(1, 2, 3, 4);
        assertThat(chart.lines().get(1).y()).containsExactly(5, 6);
        assertThat(chart.bands()).containsExactly(new Band(2 * 3600, 3 * 3600));
    }

    private static Series series(float[] values) {
        return new Series(List.of("c"), 0, HOURLY, new float[][] {values});
    }

    private static Exhibit exhibit(ReportPage page, int section, int exhibit) {
        return page.sections().get(section).exhibits().get(exhibit);
    }
}
