/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** That its queries find what a job reports is for {@code PrometheusITCase} to show. */
class DashboardTest {
    /** When this fails: run {@link Dashboard#main} with this path. */
    private static final Path FILE = Path.of("../deploy/grafana-dashboard.json");

    @Test
    void theFileIsCurrent() throws IOException {
        assertThat(Files.readString(FILE)).isEqualTo(Dashboard.json());
    }

    @Test
    void everyMetricHasAPanel() {
        assertThat(StreamMetrics.ALL)
                .allSatisfy(
                        metric ->
                                assertThat(Dashboard.json())
                                        .contains("\"title\" : \"" + metric.name() + "\""));
    }
}
