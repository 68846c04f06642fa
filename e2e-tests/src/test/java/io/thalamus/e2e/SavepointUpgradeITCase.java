/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job that a released version stopped goes on with this one as if nothing had been. Several at a
 * time: a Kafka source tells of what it has taken up to ten seconds late the first time.
 */
class SavepointUpgradeITCase {
    @RegisterExtension static final EmbeddedKafka KAFKA = new EmbeddedKafka();

    @TempDir private Path folder;

    static List<SavepointFixture> fixtures() throws IOException {
        return SavepointFixture.all();
    }

    @Test
    void everyPipelineHasASavepoint() throws Exception {
        Set<Preset> kept =
                fixtures().stream().map(SavepointFixture::preset).collect(Collectors.toSet());
        assertThat(kept).containsExactlyInAnyOrder(Preset.values());
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    @Execution(ExecutionMode.CONCURRENT)
    void goesOn(SavepointFixture fixture) throws Exception {
        try (EmbeddedHost host = new EmbeddedHost(KAFKA, folder)) {
            PresetRun whole = PresetRun.of(host, fixture.preset(), "whole", 1);
            PresetRun resumed = PresetRun.of(host, fixture.preset(), SavepointFixture.RUN, 1);
            whole.writeRest();
            resumed.writeRest();
            whole.start(1, "");
            resumed.start(1, fixture.path());
            whole.finish();
            resumed.finish();

            assertThat(resumed.committed()).isEqualTo(after(fixture, whole.committed()));
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void tellsWhatStreamsHadLearned() throws Exception {
        List<SavepointFixture> learning =
                fixtures().stream().filter(fixture -> fixture.preset().learns()).toList();
        assertThat(learning).isNotEmpty();
        for (SavepointFixture fixture : learning) {
            List<Map<String, Object>> learned = fixture.learned();
            List<Map<String, Object>> told = fixture.inspected();
            assertThat(told).as(fixture.toString()).hasSameSizeAs(learned).isNotEmpty();
            for (int stream = 0; stream < told.size(); stream++) {
                // A later version may tell more of a stream, but what it learned is compared whole.
                assertThat(told.get(stream)).containsAllEntriesOf(learned.get(stream));
            }
        }
    }

    /** What is left of an uninterrupted run's records behind those before the savepoint. */
    private static Map<String, Map<String, List<String>>> after(
            SavepointFixture fixture, Map<String, Map<String, List<String>>> whole)
            throws IOException {
        Map<String, Map<String, List<String>>> left = new TreeMap<>();
        for (Map.Entry<String, Map<String, List<String>>> sink : whole.entrySet()) {
            Map<String, List<String>> streams = new TreeMap<>();
            for (Map.Entry<String, List<String>> stream : sink.getValue().entrySet()) {
                List<String> values = stream.getValue();
                int before = fixture.committed(sink.getKey(), stream.getKey());
                if (before < values.size()) {
                    streams.put(stream.getKey(), values.subList(before, values.size()));
                }
            }
            left.put(sink.getKey(), streams);
        }
        return left;
    }
}
