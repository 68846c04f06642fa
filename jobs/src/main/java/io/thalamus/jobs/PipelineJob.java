/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.jobs.spec.PipelineSpec;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.MultipleParameterTool;

/**
 * The entry point on a cluster.
 *
 * <pre>{@code
 * flink run -c io.thalamus.jobs.PipelineJob thalamus-jobs.jar --pipeline forecast.yaml --set window.hop=1
 * }</pre>
 */
public final class PipelineJob {

    private PipelineJob() {}

    public static void main(String[] arguments) throws Exception {
        MultipleParameterTool parameters = MultipleParameterTool.fromArgs(arguments);
        List<String> overrides =
                parameters.has("set")
                        ? List.copyOf(parameters.getMultiParameter("set"))
                        : List.of();
        PipelineSpec spec =
                PipelineSpec.load(Path.of(parameters.getRequired("pipeline")), overrides);
        StreamExecutionEnvironment environment = environment(new Configuration());
        PipelineBuilder.build(environment, spec);
        environment.execute(spec.name());
    }

    /**
     * The cluster's environment, with checkpoints even where its settings name no interval: without
     * them an endless job would never show a result.
     */
    static StreamExecutionEnvironment environment(Configuration settings) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(settings);
        if (!environment.getCheckpointConfig().isCheckpointingEnabled()) {
            environment.enableCheckpointing(PipelineBuilder.CHECKPOINT_INTERVAL.toMillis());
        }
        return environment;
    }
}
