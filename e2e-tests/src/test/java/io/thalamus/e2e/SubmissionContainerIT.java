/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
        return Preset.chosen(Preset.values());
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
        alone.start(1, "");
        alone.writeRest();
        alone.finish();
        Map<String, Map<String, List<String>>> expected = alone.committed();
        assertThat(expected.get("sink")).isNotEmpty();

        PresetRun parallel = PresetRun.of(CLUSTER, preset, "command-line", 4);
        parallel.join(
                CLUSTER.startByCommandLine(
                        preset, parallel.settings(), ContainerCluster.SLOTS, ""));
        parallel.writeRest();
        parallel.finish();
        assertThat(parallel.committed()).isEqualTo(expected);
    }
}
