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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * One run of a pipeline on the embedded Flink. While it is open, a request to end the process
 * (Ctrl-C) stops the job first: what has been read goes through, and files are finished.
 */
final class PipelineRun implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final PipelineSpec spec;
    private final Configuration configuration = new Configuration();
    private final RunMetrics metrics = new RunMetrics();
    private final StreamExecutionEnvironment environment;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param settings Flink's own settings, which go before the defaults of an embedded run
     * @throws IllegalArgumentException if a setting has a value that Flink cannot read
     */
    PipelineRun(PipelineSpec spec, int parallelism, Map<String, String> settings) {
        this.spec = spec;
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL, PipelineBuilder.CHECKPOINT_INTERVAL);
        // Someone is watching: a failure is told, not tried again.
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        settings.forEach(configuration::setString);
        RunMetricsFactory.report(configuration, UUID.randomUUID().toString(), metrics);
        environment = StreamExecutionEnvironment.createLocalEnvironment(configuration);
    }

    /**
     * Runs the pipeline to its end, or until the process is asked to stop.
     *
     * @param progress told several times a second how far it is
     */
    RunSummary execute(Consumer<RunMetrics> progress) throws Exception {
        PipelineBuilder.build(environment, spec);
        return executeJob(progress);
    }

    /** Runs the pipeline on these frames, in this order, instead of those of its source. */
    RunSummary execute(List<SignalFrame> frames, Consumer<RunMetrics> progress) throws Exception {
        List<Received> received = frames.stream().map(Received::frame).toList();
        PipelineBuilder.build(
                environment,
                spec,
                environment
                        .fromData(received, TypeInformation.of(Received.class))
                        .name("source")
                        .uid("source"));
        return executeJob(progress);
    }

    private RunSummary executeJob(Consumer<RunMetrics> progress) throws Exception {
        Set<String> before = outputs();
        long start = System.nanoTime();
        JobClient job = environment.executeAsync(spec.name());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(job), "stop"));
        JobExecutionResult result = await(job.getJobExecutionResult(), progress);
        double seconds = (System.nanoTime() - start) / 1e9;
        Set<String> written = outputs();
        written.removeAll(before);
        for (SinkSpec sink : spec.sinks()) {
            if (!isListed(sink)) {
                written.add(sink.location());
            }
        }
        boolean windows = spec.model().isPresent();
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
                windows ? metrics.windows() / seconds : null,
                List.copyOf(written),
                accuracy(result).map(RunSummary.Metrics::of).orElse(null));
    }

    private JobExecutionResult await(
            CompletableFuture<JobExecutionResult> result, Consumer<RunMetrics> progress)
            throws Exception {
        while (true) {
            try {
                return result.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                progress.accept(metrics);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    private static Optional<ForecastAccuracy> accuracy(JobExecutionResult result) {
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

    /** Runs while the process ends; the main thread still tells the summary. */
    private void stop(JobClient job) {
        if (closed.getCount() == 0) {
            return;
        }
        try {
            Path savepoint = Files.createTempDirectory("thalamus-stop-");
            job.stopWithSavepoint(true, savepoint.toUri().toString(), SavepointFormatType.DEFAULT)
                    .get(STOP.toSeconds(), TimeUnit.SECONDS);
            closed.await(STOP.toSeconds(), TimeUnit.SECONDS);
            FileUtils.deleteDirectory(savepoint.toFile());
        } catch (IOException | ExecutionException | TimeoutException e) {
            // It has just ended by itself, or cannot be stopped in order; then it is cut off.
            job.cancel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** To be called when nothing more is to be told of the run. */
    @Override
    public void close() {
        closed.countDown();
    }
}
