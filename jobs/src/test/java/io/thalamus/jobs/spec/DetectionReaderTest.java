/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.jobs.RepeatLast;
import io.thalamus.jobs.SquareScores;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.detection.FixedThreshold;
import io.thalamus.operators.signal.detection.PeaksOverThreshold;
import io.thalamus.operators.signal.detection.PercentileThreshold;
import io.thalamus.operators.signal.detection.ThresholdRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectionReaderTest {
    private static final String RIGHT =
            """
            name: tiny
            source: {type: csv, path: load.csv, channels: [a, b]}
            window: {hop: 2}
            model: {bundle: bundle}
            detection:
              threshold: {type: fixed, value: 3}
              events: {type: csv, path: out/events}
            sink: {type: jsonl, path: out/scores}
            dead-letters: {type: jsonl, path: out/dead-letters}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void write() throws IOException {
        SquareScores.bundle(folder.resolve("bundle"), 4);
        RepeatLast.bundle(folder.resolve("forecaster"), 4, 2);
        Files.writeString(
                folder.resolve("load.csv"),
                "date,a,b\n2020-01-01T00:00,1,2\n2020-01-01T01:00,1,2\n");
    }

    private PipelineSpec load(String yaml) throws IOException {
        return PipelineSpec.load(
                Files.writeString(folder.resolve("pipeline.yaml"), yaml), List.of());
    }

    private Detection detection(String threshold) throws IOException {
        return load(RIGHT.replace("{type: fixed, value: 3}", threshold))
                .detection()
                .orElseThrow()
                .detection();
    }

    private ThresholdRule rule(String threshold) throws IOException {
        return detection(threshold).rule();
    }

    @Test
    void readsTheRules() throws IOException {
        assertThat(detection("{type: fixed, value: 3}"))
                .isEqualTo(
                        new Detection(new FixedThreshold(3), Span.ofSamples(1), Span.ofSamples(1)));
        assertThat(rule("{type: percentile, calibration: 30d}"))
                .isEqualTo(new PercentileThreshold(1, Span.of(Duration.ofDays(30))));
        assertThat(rule("{type: spot}"))
                .isEqualTo(new PeaksOverThreshold(1e-4, 0.98, Span.ofSamples(1000), 0));
        assertThat(rule("{type: dspot, depth: 20, risk: 0.01, level: 0.9, calibration: 200}"))
                .isEqualTo(new PeaksOverThreshold(0.01, 0.9, Span.ofSamples(200), 20));
        PipelineSpec spec =
                load(RIGHT.replace("detection:\n", "detection:\n  quiet: 3h\n  min-length: 2\n"));
        Detection detection = spec.detection().orElseThrow().detection();
        assertThat(detection.quiet()).isEqualTo(Span.of(Duration.ofHours(3)));
        assertThat(detection.minLength()).isEqualTo(Span.ofSamples(2));
        assertThat(spec.sinks()).contains(spec.detection().get().events()).hasSize(3);
        assertThat(load(RIGHT.replaceAll("(?s)detection:.*sink", "sink")).detection()).isEmpty();
    }

    @Test
    void takesAPercentileOfTheTrainingsScores() throws IOException {
        Files.writeString(
                folder.resolve("bundle/metrics.json"),
                """
                {"test": {"trainingScores": {"samples": 9, "percentiles": {"99": 1.5, "99.5": 2}}}}
                """);

        assertThat(rule("{type: percentile}")).isEqualTo(new FixedThreshold(1.5));
        assertThat(rule("{type: percentile, anomaly-ratio: 0.5}")).isEqualTo(new FixedThreshold(2));
        assertThat(problem("{type: percentile, anomaly-ratio: 2}"))
                .startsWith("line 6: detection.threshold.anomaly-ratio: calls for percentile 98.0")
                .contains("has [99, 99.5]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: percentile} | threshold.calibration | has no test.trainingScores in"
                        + " metrics.json",
                "{type: percentile, anomaly-ratio: 0, calibration: 9} | threshold.type | give"
                        + " percent",
                "{type: spot, depth: 3} | threshold.depth | unknown key",
                "{type: dspot} | threshold.depth | is missing",
                "{type: spot, calibration: 100} | threshold.type | give 501 to 25499",
                "{type: spott} | threshold.type | 'spot'",
                "{type: fixed} | threshold.value | is missing",
                "5 | threshold | a group of keys"
            })
    void saysWhatWouldBeRight(String threshold, String path, String words) {
        assertThat(problem(threshold)).startsWith("line 6: detection." + path).contains(words);
    }

    @Test
    void wantsScoresOfRealSamplesAndAPlaceForEvents() {
        assertThat(problems(RIGHT.replace("bundle: bundle", "bundle: forecaster")))
                .anySatisfy(
                        problem ->
                                assertThat(problem)
                                        .contains(
                                                "detection: wants scores, which forecaster does"));
        assertThat(problems(RIGHT.replaceAll("window.*\nmodel.*\n", "")))
                .anySatisfy(
                        problem ->
                                assertThat(problem)
                                        .contains("detection: wants scores, which no model does"));
        assertThat(problems(RIGHT.replace("hop: 2", "hop: 2, padding: edge")))
                .singleElement()
                .asString()
                .contains("window.padding: makes up samples");
        assertThat(problems(RIGHT.replaceAll("  events.*\n", "")))
                .singleElement()
                .asString()
                .contains("detection.events: is missing");
    }

    private String problem(String threshold) {
        List<String> problems = problems(RIGHT.replace("{type: fixed, value: 3}", threshold));
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private List<String> problems(String yaml) {
        return catchThrowableOfType(InvalidPipelineException.class, () -> load(yaml))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }
}
