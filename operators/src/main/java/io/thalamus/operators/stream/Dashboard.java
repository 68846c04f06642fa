/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The dashboard for Grafana: one panel for each metric of {@link StreamMetrics#ALL}, a row for each
 * step, and above them what Flink itself tells of a job. Its queries name the metrics as Flink's
 * Prometheus reporter does.
 */
final class Dashboard {
    private static final String OPERATOR = "flink_taskmanager_job_task_operator_";
    private static final String TASK = "flink_taskmanager_job_task_";
    private static final String JOB = "flink_jobmanager_job_";

    private static final String OF_JOB = "{job_name=~\"$job\"}";
    private static final String QUANTILES = "{job_name=~\"$job\", quantile=~\"0.5|0.99\"}";
    private static final String OPERATORS = "job_name, operator_name";
    private static final String TASKS = "job_name, task_name";

    private static final int PANELS_ABREAST = 3;
    private static final int WIDTH = 24 / PANELS_ABREAST;
    private static final int HEIGHT = 7;

    /** The row of the metrics that several steps have. */
    private static final String SEVERAL = "several steps";

    private final List<Object> panels = new ArrayList<>();
    private int top;
    private int inRow;

    private Dashboard() {}

    /** Writes the file: {@code Dashboard deploy/grafana-dashboard.json}. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), json());
    }

    static String json() {
        Dashboard dashboard = new Dashboard();
        dashboard.addFlinksOwn();
        Map<String, List<StreamMetrics.Description>> rows = new LinkedHashMap<>();
        for (StreamMetrics.Description metric : StreamMetrics.ALL) {
            String row = metric.step().contains(",") ? SEVERAL : metric.step();
            rows.computeIfAbsent(row, any -> new ArrayList<>()).add(metric);
        }
        rows.forEach(
                (row, metrics) -> {
                    dashboard.row(row);
                    metrics.forEach(dashboard::add);
                });
        try {
            return new ObjectMapper()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .writeValueAsString(dashboard.root())
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void addFlinksOwn() {
        row("job");
        panel(
                "records in per second",
                "records that come to each step",
                "short",
                target(rate(OPERATOR + "numRecordsIn", OPERATORS), OPERATORS));
        panel(
                "back-pressure",
                "for how many milliseconds of each second a task waits for the one behind it",
                "ms",
                target(largest(TASK + "backPressuredTimeMsPerSecond", TASKS), TASKS));
        panel(
                "lag of the source",
                "how far the time of the last record lies behind now when it leaves the source",
                "ms",
                target(largest(OPERATOR + "currentEmitEventTimeLag", OPERATORS), OPERATORS));
        panel(
                "restarts",
                "how often the job was restarted",
                "short",
                target(largest(JOB + "numRestarts", "job_name"), "job_name"));
        panel(
                "checkpoints",
                "how long the last one took",
                "ms",
                target(largest(JOB + "lastCheckpointDuration", "job_name"), "job_name"));
        panel(
                "failed checkpoints",
                "how many have failed",
                "short",
                target(largest(JOB + "numberOfFailedCheckpoints", "job_name"), "job_name"));
    }

    private void add(StreamMetrics.Description metric) {
        List<String> steps = Arrays.asList(metric.step().split(", "));
        boolean ofModel = steps.contains(StreamMetrics.MODEL);
        List<Object> targets = new ArrayList<>();
        if (!ofModel || steps.size() > 1) {
            targets.add(query(metric, OPERATOR + metric.name()));
        }
        if (ofModel) {
            targets.add(query(metric, OPERATOR + StreamMetrics.MODEL + "_" + metric.name()));
        }
        panel(metric.name(), metric.meaning(), unit(metric.name()), targets.toArray());
    }

    private static Object query(StreamMetrics.Description metric, String name) {
        return switch (metric.kind()) {
            case "counter" -> target(rate(name, OPERATORS), OPERATORS);
            case "gauge" -> target(largest(name, OPERATORS), OPERATORS);
            case "histogram" ->
                    target(
                            "max by (%s, quantile) (%s%s)".formatted(OPERATORS, name, QUANTILES),
                            OPERATORS + ", quantile");
            default -> throw new IllegalStateException(metric.kind());
        };
    }

    private static String rate(String name, String labels) {
        return "sum by (%s) (rate(%s%s[$__rate_interval]))".formatted(labels, name, OF_JOB);
    }

    private static String largest(String name, String labels) {
        return "max by (%s) (%s%s)".formatted(labels, name, OF_JOB);
    }

    private static String unit(String name) {
        if (name.endsWith("Micros")) {
            return "µs";
        }
        return name.endsWith("Millis") ? "ms" : "short";
    }

    private static Object target(String expression, String labels) {
        String legend =
                String.join(
                        " ", Arrays.stream(labels.split(", ")).map(l -> "{{" + l + "}}").toList());
        return object("expr", expression, "legendFormat", legend);
    }

    private void row(String title) {
        top += inRow > 0 ? HEIGHT : 0;
        inRow = 0;
        panels.add(
                object(
                        "type",
                        "row",
                        "id",
                        panels.size() + 1,
                        "title",
                        title,
                        "collapsed",
                        false,
                        "gridPos",
                        object("x", 0, "y", top, "w", 24, "h", 1)));
        top++;
    }

    private void panel(String title, String description, String unit, Object... targets) {
        if (inRow == PANELS_ABREAST) {
            top += HEIGHT;
            inRow = 0;
        }
        panels.add(
                object(
                        "type",
                        "timeseries",
                        "id",
                        panels.size() + 1,
                        "title",
                        title,
                        "description",
                        description,
                        "datasource",
                        object("type", "prometheus", "uid", "${datasource}"),
                        "fieldConfig",
                        object("defaults", object("unit", unit), "overrides", List.of()),
                        "targets",
                        lettered(targets),
                        "gridPos",
                        object("x", inRow * WIDTH, "y", top, "w", WIDTH, "h", HEIGHT)));
        inRow++;
    }

    /** Grafana tells the queries of a panel apart by letters. */
    private static List<Object> lettered(Object... targets) {
        List<Object> lettered = new ArrayList<>();
        for (Object target : targets) {
            Map<Object, Object> copy = new LinkedHashMap<>((Map<?, ?>) target);
            copy.put("refId", String.valueOf((char) ('A' + lettered.size())));
            lettered.add(copy);
        }
        return lettered;
    }

    private Map<String, Object> root() {
        return object(
                "uid",
                "thalamus",
                "title",
                "Thalamus",
                "description",
                "Written from the declarations in io.thalamus.operators.stream.StreamMetrics",
                "schemaVersion",
                39,
                "version",
                1,
                "editable",
                true,
                "refresh",
                "10s",
                "time",
                object("from", "now-15m", "to", "now"),
                "templating",
                object(
                        "list",
                        List.of(
                                object(
                                        "type", "datasource",
                                        "name", "datasource",
                                        "label", "Prometheus",
                                        "query", "prometheus"),
                                object(
                                        "type",
                                        "query",
                                        "name",
                                        "job",
                                        "label",
                                        "Job",
                                        "datasource",
                                        object("type", "prometheus", "uid", "${datasource}"),
                                        "query",
                                        "label_values(%snumRestarts, job_name)".formatted(JOB),
                                        "refresh",
                                        2,
                                        "multi",
                                        true,
                                        "includeAll",
                                        true,
                                        "allValue",
                                        ".*"))),
                "panels",
                panels);
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
