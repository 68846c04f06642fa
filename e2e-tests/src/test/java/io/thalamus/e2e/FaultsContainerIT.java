/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to the cluster, consumers of committed records find what an uninterrupted run
 * gives: nothing lost, nothing twice, the same bits, each stream in its order. Writes the table of
 * {@code docs/reliability.md} to {@code target/faults.md}.
 */
@ContainerTest
class FaultsContainerIT {
    private static final int STREAMS = 4;
    private static final Path TABLE = Checkout.ROOT.resolve("e2e-tests/target/faults.md");

    @RegisterExtension static final ContainerCluster CLUSTER = new ContainerCluster();

    private static final Map<Preset, Map<String, Map<String, List<String>>>> UNINTERRUPTED =
            new EnumMap<>(Preset.class);

    static Stream<Arguments> matrix() {
        return Arrays.stream(Fault.values())
                .flatMap(
                        fault ->
                                Preset.chosen(usual(fault)).stream()
                                        .map(preset -> Arguments.of(preset, fault)));
    }

    /** Of the two kills of a task manager, one hits streams that learn. */
    private static Preset usual(Fault fault) {
        return fault == Fault.TASK_MANAGER_KILLED ? Preset.FORECAST_LEARNING : Preset.FORECAST;
    }

    @BeforeAll
    static void beginTable() throws IOException {
        Files.createDirectories(TABLE.getParent());
        Files.writeString(
                TABLE,
                """
                | fault | how | pipeline | frames in | records out | lost | twice | recovery |
                | --- | --- | --- | --- | --- | --- | --- | --- |
                """);
    }

    @AfterEach
    void clusterIsWhole() throws Exception {
        CLUSTER.awaitAllSlots();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void commitsWhatAnUninterruptedRunDoes(Preset preset, Fault fault) throws Exception {
        Map<String, Map<String, List<String>>> expected = uninterrupted(preset);
        PresetRun run = PresetRun.of(CLUSTER, preset, fault.name(), STREAMS);
        run.start(Fault.PARALLELISM, "");
        run.write(3);
        run.awaitTaken();
        run.write(2);
        run.awaitOpenTransaction();

        long struck = System.currentTimeMillis();
        fault.strike(CLUSTER, run);
        long over = System.currentTimeMillis();
        Await.until(
                "a checkpoint is completed after " + fault,
                () -> CLUSTER.rest().lastCheckpoint(run.job()) > over);
        long recovery = System.currentTimeMillis() - struck;
        run.writeRest();
        run.finish();

        Map<String, Map<String, List<String>>> committed = run.committed();
        tell(fault, preset, run, expected, committed, recovery);
        assertThat(committed).isEqualTo(expected);
    }

    private static Map<String, Map<String, List<String>>> uninterrupted(Preset preset)
            throws Exception {
        if (!UNINTERRUPTED.containsKey(preset)) {
            PresetRun run = PresetRun.of(CLUSTER, preset, "uninterrupted", STREAMS);
            run.start(Fault.PARALLELISM, "");
            run.writeRest();
            run.finish();
            UNINTERRUPTED.put(preset, run.committed());
        }
        return UNINTERRUPTED.get(preset);
    }

    private static void tell(
            Fault fault,
            Preset preset,
            PresetRun run,
            Map<String, Map<String, List<String>>> expected,
            Map<String, Map<String, List<String>>> committed,
            long recoveryMillis)
            throws IOException {
        Files.writeString(
                TABLE,
                "| %s | %s | %s | %d | %d | %d | %d | %d s |%n"
                        .formatted(
                                fault,
                                fault.injection(),
                                preset,
                                run.framesIn(),
                                records(committed).size(),
                                missing(records(expected), records(committed)),
                                missing(records(committed), records(expected)),
                                Math.round(recoveryMillis / 1000.0)),
                StandardOpenOption.APPEND);
    }

    private static List<String> records(Map<String, Map<String, List<String>>> results) {
        List<String> records = new ArrayList<>();
        results.forEach(
                (sink, streams) ->
                        streams.forEach(
                                (stream, values) ->
                                        values.forEach(
                                                value ->
                                                        records.add(sink + stream + ":" + value))));
        return records;
    }

    /** How many of some records are not among others, of which each counts once. */
    private static int missing(List<String> records, List<String> others) {
        Map<String, Integer> left = new HashMap<>();
        others.forEach(record -> left.merge(record, 1, Integer::sum));
        int missing = 0;
        for (String record : records) {
            if (left.merge(record, -1, Integer::sum) < 0) {
                missing++;
            }
        }
        return missing;
    }
}
