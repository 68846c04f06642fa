/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.spec.PipelineSpec;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What running jobs tell Prometheus, over HTTP, against what the dashboard asks for. */
class PrometheusITCase {
    private static final Path DASHBOARD = Path.of("../deploy/grafana-dashboard.json");
    private static final Pattern NAME = Pattern.compile("flink_\\w+");
    private static final Path METRICS_PAGE = Path.of("../docs/metrics.md");

    /** Of that page: the steps, the metric. */
    private static final Pattern ROW =
            Pattern.compile("^\\| ([a-z, ]+) \\| `(\\w+)` ", Pattern.MULTILINE);

    /** Of what is reported: the metric, the operator if it is one's. */
    private static final Pattern SAMPLE =
            Pattern.compile("(\\w+)\\{(?:.*operator_name=\"([^\"]*)\")?.*");

    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    /** A hundred rows a second of the hourly recordings, without end. */
    private static final List<String> ENDLESS = List.of("source.loop=true", "source.speed=360000");

    @TempDir private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<JobClient> jobs = new ArrayList<>();
    private final List<URI> reporters = new ArrayList<>();

    @BeforeEach
    void startJobsThatHaveEveryStepBetweenThem() throws Exception {
        TinyPipeline tiny =
                TinyPipeline.in(folder)
                        .withRecording("s", 60)
                        .withRecording("pair.near", 60)
                        .withRecording("pair.far", 60);
        ChannelMean.bundle(folder.resolve("fills"), 8, true);
        ChannelMean.bundle(folder.resolve("negates"), 8, false);
        SquareScores.bundle(folder.resolve("scores"), 8);
        start(tiny.file(), "errors={type: jsonl, path: " + folder.resolve("errors") + "}");
        start(
                tiny.file(),
                "model.bundle=" + folder.resolve("fills"),
                "order.gap=fill",
                "order.fill={method: model, limit: 4}");
        start(tiny.file(), "model.bundle=" + folder.resolve("negates"));
        start(
                tiny.file(),
                "model.bundle=" + folder.resolve("scores"),
                "transforms=",
                "detection={threshold: {type: fixed, value: 1},"
                        + " events: {type: jsonl, path: "
                        + folder.resolve("events")
                        + "}}");
        start(
                tiny.file(),
                "model=",
                "window=",
                "transforms=",
                "source.path=" + pairs(),
                "align={members: [near, far], rate: 1/3600, limit: 100h}");
        start(learning(), "source.speed=10");
    }

    /** A pipeline whose streams learn. */
    private Path learning() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        BandRecording.write(
                folder.resolve("learns.csv"),
                3 * BandRecording.WINDOW,
                (n, band) -> random.nextDouble(-1, 1));
        return Files.writeString(
                folder.resolve("learning.yaml"),
                """
                name: tiny
                source: {type: csv, path: learns.csv, rate: 125/2, time-format: epoch-seconds}
                model: {bundle: '%s'}
                adaptation: {preset: homeostat}
                sink: {type: jsonl, path: labels}
                dead-letters: {type: jsonl, path: refused}
                """
                        .formatted(BandRecording.CLASSIFIER));
    }

    private Path pairs() throws IOException {
        Path pairs = Files.createDirectories(folder.resolve("pairs"));
        for (String member : List.of("pair.near.csv", "pair.far.csv")) {
            Files.copy(folder.resolve("recordings").resolve(member), pairs.resolve(member));
        }
        return pairs;
    }

    private void start(Path file, String... overrides) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Configuration configuration = new Configuration();
        Configuration reporter = MetricOptions.forReporter(configuration, "prom");
        reporter.set(
                MetricOptions.REPORTER_FACTORY_CLASS, PrometheusReporterFactory.class.getName());
        reporter.setString("port", Integer.toString(port));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        List<String> settings = new ArrayList<>(ENDLESS);
        settings.add("sink.path=" + folder.resolve("results-" + jobs.size()));
        settings.addAll(List.of(overrides));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        PipelineBuilder.build(environment, PipelineSpec.load(file, settings));
        jobs.add(environment.executeAsync("tiny"));
        reporters.add(URI.create("http://127.0.0.1:" + port));
    }

    @AfterEach
    void stop() throws Exception {
        for (JobClient job : jobs) {
            job.cancel().get();
        }
    }

    @Test
    void everyMetricOfTheDashboardIsReportedByEachStepThatHasIt() throws Exception {
        Set<String> wanted = new TreeSet<>();
        new ObjectMapper()
                .readTree(Files.readString(DASHBOARD))
                .findValuesAsText("expr")
                .forEach(
                        query -> NAME.matcher(query).results().forEach(n -> wanted.add(n.group())));
        assertThat(wanted).hasSizeGreaterThan(30);
        for (MatchResult row : ROW.matcher(Files.readString(METRICS_PAGE)).results().toList()) {
            for (String step : row.group(1).split(", ")) {
                String group = step.equals("model") ? "model_" : "";
                String operator = step.equals("transforms") ? "transform_fill" : step;
                wanted.add(
                        "flink_taskmanager_job_task_operator_%s%s of %s"
                                .formatted(group, row.group(2), operator));
            }
        }

        Map<String, List<String>> reported = Map.of();
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!reported.keySet().containsAll(wanted) && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK.toNanos());
            reported = reported();
        }

        assertThat(reported.keySet()).containsAll(wanted);
        for (String name : wanted) {
            assertThat(reported.get(name))
                    .allMatch(line -> line.contains("job_name=\"tiny\""))
                    .as("figures of single streams are records, never labels")
                    .noneMatch(line -> line.matches(".*\"(s|pair|pair\\.near)\".*"));
        }
    }

    /** The lines of all reporters, by the metric's name, and by that and the operator's. */
    private Map<String, List<String>> reported() throws Exception {
        Map<String, List<String>> reported = new TreeMap<>();
        for (URI reporter : reporters) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(reporter.resolve("/metrics")).build(),
                            HttpResponse.BodyHandlers.ofString());
            for (String line : response.body().lines().toList()) {
                Matcher sample = SAMPLE.matcher(line);
                if (sample.matches()) {
                    String name = sample.group(1);
                    reported.computeIfAbsent(name, any -> new ArrayList<>()).add(line);
                    if (sample.group(2) != null) {
                        reported.computeIfAbsent(
                                        name + " of " + sample.group(2), any -> new ArrayList<>())
                                .add(line);
                    }
                }
            }
        }
        return reported;
    }
}
