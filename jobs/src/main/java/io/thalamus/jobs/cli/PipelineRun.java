/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.Received;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.SinkSpec;
import io.thalamus.operators.stream.ForecastAccuracy;
import io.thalamus.operators.stream.ForecastScoring;
import io.thalamus.operators.stream.ForecastTotals;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** One run of a pipeline on the embedded Flink. */
final class PipelineRun implements AutoCloseable {
    private final PipelineSpec spec;
    private final EmbeddedJob job;

    /**
     * @param settings as of an {@link EmbeddedJob}
     */
    PipelineRun(PipelineSpec spec, int parallelism, Map<String, String> settings)
            throws IOException {
        this.spec = spec;
        this.job = new EmbeddedJob(parallelism, settings);
    }

    /**
     * Runs the pipeline to its end, or until the process is asked to stop.
     *
     * @param progress told several times a second how far it is
     */
    RunSummary execute(Consumer<RunMetrics> progress) throws Exception {
        PipelineBuilder.build(job.environment(), spec);
        return executeJob(progress);
    }

    /** Runs the pipeline on these frames, in this order, instead of those of its source. */
    RunSummary execute(List<SignalFrame> frames, Consumer<RunMetrics> progress) throws Exception {
        List<Received> received = frames.stream().map(Received::frame).toList();
        PipelineBuilder.build(
                job.environment(),
                spec,
                job.environment()
                        .fromData(received, TypeInformation.of(Received.class))
                        .name("source")
                        .uid("source"));
        return executeJob(progress);
    }

    private RunSummary executeJob(Consumer<RunMetrics> progress) throws Exception {
        Set<String> before = outputs();
        long start = System.nanoTime();
        JobExecutionResult result = job.execute(spec.name(), progress);
        double seconds = (System.nanoTime() - start) / 1e9;
        Set<String> written = outputs();
        written.removeAll(before);
        for (SinkSpec sink : spec.sinks()) {
            if (!isListed(sink)) {
                written.add(sink.location());
            }
        }
        boolean windows = spec.model().isPresent();
        boolean fills = windows && spec.model().get().signature().fillsMissing();
        RunMetrics metrics = job.metrics();
        return new RunSummary(
                spec.name(),
                metrics.frames(),
                metrics.samples(),
                metrics.faults(),
                metrics.deadLetters(),
                seconds,
                metrics.samples() / seconds,
                windows ? metrics.windows() : null,
                windows ? metrics.skipped() : null,
                fills ? metrics.filled() : null,
                fills ? metrics.unfilled() : null,
                windows ? metrics.windows() / seconds : null,
                spec.detection().isPresent() ? metrics.anomalies() : null,
                List.copyOf(written),
                accuracy(result).map(RunSummary.Metrics::of).orElse(null));
    }

    /** How good the forecasts of a job were; empty if none could be compared. */
    static Optional<ForecastAccuracy> accuracy(JobExecutionResult result) {
        Map<String, ForecastTotals> totals =
                result.getAccumulatorResult(ForecastScoring.ACCUMULATOR);
        return totals == null ? Optional.empty() : ForecastAccuracy.of(totals);
    }

    /** Whether its files can be told one by one; of any other sink only the place is told. */
    private static boolean isListed(SinkSpec sink) {
        return sink instanceof SinkSpec.FileSink files && !files.path().contains("://");
    }

    /** The finished files that there are. */
    private Set<String> outputs() throws IOException {
        Set<String> outputs = new TreeSet<>();
        for (SinkSpec sink : spec.sinks()) {
            if (isListed(sink)) {
                outputs.addAll(files(Path.of(sink.location())));
            }
        }
        return outputs;
    }

    private static List<String> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .map(Path::toString)
                    .toList();
        }
    }

    /** To be called when nothing more is to be told of the run. */
    @Override
    public void close() {
        job.close();
    }
}
