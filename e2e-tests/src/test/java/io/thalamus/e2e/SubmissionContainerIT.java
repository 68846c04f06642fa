/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pipeline on a cluster of containers, handed in by each of the two ways. */
@ContainerTest
class SubmissionContainerIT {
    @RegisterExtension static final ContainerCluster CLUSTER = new ContainerCluster();

    static List<Preset> presets() {
        // One that learns is the same pipeline; RescaleContainerIT has it.
        return Preset.chosen(
                Arrays.stream(Preset.values())
                        .filter(preset -> !preset.learns())
                        .toArray(Preset[]::new));
    }

    @Test
    void nothingRunsAsRoot() throws Exception {
        List<FixedContainer> flink = new ArrayList<>(CLUSTER.taskManagers());
        flink.add(CLUSTER.jobManager());
        for (FixedContainer container : flink) {
            assertThat(container.execute("stat", "-c", "%U", "/proc/1").trim()).isEqualTo("flink");
        }
    }

    @ParameterizedTest
    @MethodSource("presets")
    void givesTheSameHoweverItIsHandedInAndAtAnyParallelism(Preset preset) throws Exception {
        PresetRun alone = PresetRun.of(CLUSTER, preset, "rest", 4);
        PresetRun parallel = PresetRun.of(CLUSTER, preset, "command-line", 4);
        alone.start(1, "");
        // Beside the other, so that what both wait for goes on at the same time.
        parallel.join(
                CLUSTER.startByCommandLine(
                        preset, parallel.settings(), ContainerCluster.SLOTS - 1, ""));
        alone.writeRest();
        parallel.writeRest();
        alone.finish();
        parallel.finish();

        Map<String, Map<String, List<String>>> expected = alone.committed();
        assertThat(expected.get("sink")).isNotEmpty();
        assertThat(parallel.committed()).isEqualTo(expected);
    }
}
