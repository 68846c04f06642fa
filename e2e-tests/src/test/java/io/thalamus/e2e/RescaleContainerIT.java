/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job that is stopped with a savepoint and goes on at another parallelism gives the same, with
 * streams that learn too.
 */
@ContainerTest
class RescaleContainerIT {
    private static final int STREAMS = 4;

    @RegisterExtension static final ContainerCluster CLUSTER = new ContainerCluster();

    static List<Preset> presets() {
        return Preset.chosen(Preset.FORECAST_LEARNING, Preset.ANOMALY, Preset.IMPUTATION);
    }

    @ParameterizedTest
    @MethodSource("presets")
    void givesTheSameFromTwoTasksToFourToOne(Preset preset) throws Exception {
        PresetRun whole = PresetRun.of(CLUSTER, preset, "whole", STREAMS);
        whole.start(2, "");
        whole.writeRest();
        whole.finish();

        PresetRun rescaled = PresetRun.of(CLUSTER, preset, "rescaled", STREAMS);
        rescaled.start(2, "");
        for (int parallelism : List.of(4, 1)) {
            rescaled.write(3);
            rescaled.awaitOpenTransaction();
            rescaled.start(parallelism, rescaled.stop());
        }
        rescaled.writeRest();
        rescaled.finish();

        Map<String, Map<String, List<String>>> expected = whole.committed();
        if (preset.learns()) {
            assertThat(expected.get("adaptation.events")).hasSize(STREAMS);
        }
        assertThat(rescaled.committed()).isEqualTo(expected);
    }
}
