/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on a cluster that has the engine in its library folder, as the README says. */
class ClusterSubmissionITCase {
    @TempDir Path folder;

    @Test
    void givesOnAClusterWhatItGivesHere() throws Exception {
        Path recordings = ForecastRuns.recordings(folder.resolve("recordings"), 2, 400);
        Path here = folder.resolve("here");
        ForecastRuns.run(1, ForecastRuns.fileToFile(recordings, here));
        List<String> expected = ForecastRuns.forecasts(here);
        assertThat(expected).isNotEmpty();

        try (LocalCluster cluster = LocalCluster.start(folder, 2)) {
            // Twice: the native library must survive the job that first used it.
            for (int parallelism = 1; parallelism <= 2; parallelism++) {
                Path there = folder.resolve("there-" + parallelism);
                LocalCluster.Outcome outcome =
                        cluster.flink(
                                command(
                                        parallelism,
                                        ForecastRuns.fileToFile(recordings, there)));
                assertThat(outcome.exitCode())
                        .as(outcome.output() + cluster.logs())
                        .isZero();
                assertThat(ForecastRuns.forecasts(there)).isEqualTo(expected);
            }
        }
    }

    private static String[] command(int parallelism, List<String> settings) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("run", "-p", Integer.toString(parallelism)));
        command.addAll(List.of("-c", "io.thalamus.jobs.PipelineJob"));
        command.add(Checkout.JOB_JAR.toString());
        command.addAll(List.of("--pipeline", Checkout.FORECAST.toString()));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        return command.toArray(String[]::new);
    }
}
