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

/** Every pipeline on a cluster of containers, and each of the two ways to hand one in. */
@ContainerTest
class SubmissionContainerIT {
    private static final int PARALLELISM = ContainerCluster.SLOTS - 1;

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
    void givesTheSameAtAnyParallelism(Preset preset) throws Exception {
        PresetRun alone = PresetRun.of(CLUSTER, preset, "alone", 4);
        PresetRun parallel = PresetRun.of(CLUSTER, preset, "parallel", 4);
        alone.start(1, "");
        parallel.start(PARALLELISM, "");
        assertGiveTheSame(alone, parallel);
    }

    @Test
    void givesTheSameHoweverItIsHandedIn() throws Exception {
        PresetRun rest = PresetRun.of(CLUSTER, Preset.FORECAST, "rest", 4);
        PresetRun line = PresetRun.of(CLUSTER, Preset.FORECAST, "command-line", 4);
        rest.start(1, "");
        line.join(CLUSTER.startByCommandLine(Preset.FORECAST, line.settings(), 1, ""));
        assertGiveTheSame(rest, line);
    }

    /** Ends both, one beside the other, so that what they wait for goes on at the same time. */
    private static void assertGiveTheSame(PresetRun one, PresetRun other) throws Exception {
        one.writeRest();
        other.writeRest();
        one.finish();
        other.finish();

        Map<String, Map<String, List<String>>> expected = one.committed();
        assertThat(expected.get("sink")).isNotEmpty();
        assertThat(other.committed()).isEqualTo(expected);
    }
}
