/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A job that is stopped with a savepoint and goes on at another parallelism gives the same. */
@ContainerTest
class RescaleContainerIT {
    @RegisterExtension static final ContainerCluster CLUSTER = new ContainerCluster();

    static List<Preset> presets() {
        return Preset.chosen(Preset.FORECAST, Preset.ANOMALY, Preset.IMPUTATION);
    }

    @ParameterizedTest
    @MethodSource("presets")
    void givesTheSameFromTwoTasksToFourToOne(Preset preset) throws Exception {
        PresetRun whole = PresetRun.of(CLUSTER, preset, "whole", 4);
        whole.start(2, "");
        whole.writeRest();
        whole.finish();

        PresetRun rescaled = PresetRun.of(CLUSTER, preset, "rescaled", 4);
        rescaled.start(2, "");
        for (int parallelism : List.of(4, 1)) {
            rescaled.write(3);
            rescaled.awaitOpenTransaction();
            rescaled.start(parallelism, rescaled.stop());
        }
        rescaled.writeRest();
        rescaled.finish();

        assertThat(rescaled.committed()).isEqualTo(whole.committed());
    }
}
