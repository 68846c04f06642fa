/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.PipelineBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.client.deployment.executors.LocalExecutor;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.FileUtils;

/**
 * One job on the embedded Flink. While it is open, a request to end the process (Ctrl-C) stops the
 * job first: what has been read goes through, and files are finished.
 */
final class EmbeddedJob implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final RunMetrics metrics = new RunMetrics();
    private final StreamExecutionEnvironment environment;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Path checkpoints;
    private MiniCluster cluster;

    /**
     * @param settings Flink's own settings, which go before the defaults of an embedded run
     * @throws IllegalArgumentException if a setting has a value that Flink cannot read
     * @throws IOException if there is no place for checkpoints
     */
    EmbeddedJob(int parallelism, Map<String, String> settings) throws IOException {
        checkpoints = Files.createTempDirectory("thalamus-checkpoints-");
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(
                CheckpointingOptions.CHECKPOINTING_INTERVAL, PipelineBuilder.CHECKPOINT_INTERVAL);
        // In memory, Flink refuses what is larger than 5 MB.
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        // Someone is watching: a failure is told, not tried again.
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        settings.forEach(configuration::setString);
        RunMetricsFactory.report(configuration, UUID.randomUUID().toString(), metrics);
        environment = StreamExecutionEnvironment.createLocalEnvironment(configuration);
    }

    /** Where the job is built. */
    StreamExecutionEnvironment environment() {
        return environment;
    }

    /** What has been counted so far. */
    RunMetrics metrics() {
        return metrics;
    }

    /**
     * Runs the job to its end, or until the process is asked to stop.
     *
     * @param progress told several times a second how far it is
     */
    JobExecutionResult execute(String name, Consumer<RunMetrics> progress) throws Exception {
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobName(name);
        Configuration local = Configuration.fromMap(environment.getConfiguration().toMap());
        JobClient job =
                LocalExecutor.createWithFactory(local, this::open)
                        .execute(graph, local, getClass().getClassLoader())
                        .get();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(job), "stop"));
        return await(job.getJobExecutionResult(), progress);
    }

    private MiniCluster open(MiniClusterConfiguration of) {
        cluster = new MiniCluster(of);
        return cluster;
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

    /**
     * To be called when nothing more is to be told of the job. Waits until Flink has ended: it does
     * so in threads of its own, and a process that ended meanwhile would complain of classes that
     * are there no more.
     */
    @Override
    public void close() {
        try {
            if (cluster != null) {
                cluster.closeAsync().join();
            }
        } finally {
            closed.countDown();
            FileUtils.deleteDirectoryQuietly(checkpoints.toFile());
        }
    }
}
