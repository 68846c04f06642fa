/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class PipelineJobTest {

    @Test
    void takesCheckpointsWhereTheClusterNamesNoInterval() {
        assertThat(interval(new Configuration()))
                .isEqualTo(PipelineBuilder.CHECKPOINT_INTERVAL.toMillis());
    }

    @Test
    void leavesTheClustersIntervalAlone() {
        Configuration settings = new Configuration();
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMinutes(2));

        assertThat(interval(settings)).isEqualTo(120_000);
    }

    private static long interval(Configuration settings) {
        return PipelineJob.environment(settings).getCheckpointConfig().getCheckpointInterval();
    }
}
