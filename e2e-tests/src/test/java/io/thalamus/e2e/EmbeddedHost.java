/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Runs jobs on embedded Flink, with an embedded broker whose topics have one partition. */
final class EmbeddedHost implements JobHost, AutoCloseable {
    private final String bootstrap;
    private final KafkaTopics topics;
    private final Path savepoints;
    private final Map<String, JobClient> jobs = new HashMap<>();

    /**
     * @param savepoints the folder that they are written to
     */
    EmbeddedHost(EmbeddedKafka kafka, Path savepoints) {
        this.bootstrap = kafka.bootstrapServers();
        this.topics = new KafkaTopics(bootstrap, 1);
        this.savepoints = savepoints;
    }

    @Override
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public KafkaTopics topics() {
        return topics;
    }

    @Override
    public String start(Preset preset, List<String> settings, int parallelism, String savepoint)
            throws Exception {
        Map<String, String> flink = new HashMap<>();
        flink.put("execution.checkpointing.interval", "500ms");
        flink.put(
                "execution.checkpointing.dir",
                savepoints.resolve("checkpoints").toUri().toString());
        flink.put("restart-strategy.type", "none");
        if (!savepoint.isEmpty()) {
            flink.put("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        parallelism, Configuration.fromMap(flink));
        PipelineBuilder.build(environment, PipelineSpec.load(preset.file(), settings));
        JobClient client = environment.executeAsync(preset.toString());
        String job = client.getJobID().toString();
        jobs.put(job, client);
        return job;
    }

    @Override
    public boolean isRunning(String job) throws Exception {
        return jobs.get(job).getJobStatus().get() == JobStatus.RUNNING;
    }

    @Override
    public String stop(String job, boolean drain) throws Exception {
        return jobs.get(job)
                .stopWithSavepoint(
                        drain, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get();
    }

    @Override
    public void close() {
        topics.close();
    }
}
