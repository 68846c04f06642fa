/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.jobs.SquareScores;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.inference.AdaptationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptationReaderTest {
    @TempDir private Path folder;

    @BeforeEach
    void write() throws IOException {
        SquareScores.bundle(folder.resolve("bundle"), 4);
        Files.writeString(
                folder.resolve("load.csv"),
                "date,a,b\n2020-01-01T00:00,1,2\n2020-01-01T01:00,1,2\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "homeostat | rate: 0.1 | tent, nhl, nhl-first, delayed-error, reconstruction-error",
                "homeostat | batch: 2 | statistics, tent, nhl, nhl-first, delayed-error,"
                        + " reconstruction-error",
                "statistics | entropy-filter: 0.5 | tent, nhl, nhl-first",
                "statistics | hebbian-rate: 0.1 | nhl, nhl-first, delayed-error",
                "tent | hebbian-rate: 0.1 | nhl, nhl-first, delayed-error",
                "delayed-error | shadow: 4 | homeostat, statistics, tent, nhl, nhl-first",
                "error-levels | weight-budget: 4 | homeostat, statistics, tent, nhl, nhl-first,"
                        + " delayed-error, reconstruction-error",
                "error-levels | guards: none | homeostat, statistics, tent, nhl, nhl-first",
                "error-levels | pull: 0.1 | homeostat, statistics, tent, nhl, nhl-first,"
                        + " delayed-error, reconstruction-error",
                "reconstruction-error | pending-budget: 4 | statistics, tent, nhl, nhl-first,"
                        + " delayed-error"
            })
    void aKeyThatARuleDoesNotReadIsRefused(String preset, String key, String others)
            throws IOException {
        assertThat(problems("{preset: %s, %s}".formatted(preset, key)))
                .anySatisfy(
                        problem ->
                                assertThat(problem)
                                        .contains("adaptation." + key.replaceAll(":.*", ""))
                                        .endsWith(
                                                "is nothing that "
                                                        + preset
                                                        + " reads; remove it, or give a preset that"
                                                        + " does: "
                                                        + others));
    }

    @Test
    void keysThatARuleReadsAreNot() throws IOException {
        String some = "pull: 0.1, cap: 1, shadow: 4, snapshots: 1";
        String all =
                some + ", alpha: 0.1, rate: 0.1, hebbian-rate: 0.1, batch: 2, entropy-filter: 0.5";
        String budgets = ", weight-budget: 100000, pending-budget: 100000";
        for (String settings :
                List.of(
                        "preset: nhl, " + all + budgets,
                        "preset: nhl-first, " + all + budgets,
                        "preset: homeostat, alpha: 0.1, " + some,
                        "preset: delayed-error, rate: 0.1, hebbian-rate: 0.1, batch: 2, pull: 0.1,"
                                + " cap: 1"
                                + budgets,
                        "preset: error-levels, alpha: 0.1",
                        "preset: reconstruction-error, alpha: 0.1, rate: 0.1, batch: 2, pull: 0.1,"
                                + " cap: 1, weight-budget: 100000")) {
            assertThat(problems("{" + settings + "}")).noneMatch(one -> one.contains("reads"));
        }
    }

    @Test
    void whatIsAnAnomalyIsNotLearnedFrom() {
        PipelineSpec spec =
                PipelineSpec.load(
                        Path.of("../pipelines/anomaly.yaml"),
                        List.of("adaptation={preset: error-levels}"));
        assertThat(spec.model().orElseThrow().adaptation().alarm())
                .isEqualTo(spec.detection().orElseThrow().detection().rule());
        assertThat(spec.model().orElseThrow().adaptation().hasAlarm()).isTrue();
    }

    @Test
    void guardsMayBeLeftOutButForThoseThatAreAskedFor() {
        assertThat(read("{preset: nhl}").guards()).isEqualTo(Guards.ALL);
        assertThat(read("{preset: nhl, guards: all}").guards()).isEqualTo(Guards.ALL);
        assertThat(read("{preset: nhl, guards: none}").guards()).isEqualTo(Guards.NONE);
        Guards asked =
                read("{preset: nhl, guards: none, pull: 0.1, cap: 2, shadow: 4, snapshots: 3}")
                        .guards();
        assertThat(asked.leash()).isEqualTo(new Leash(0.1, 2));
        assertThat(asked.shadow().every()).isEqualTo(4);
        assertThat(asked.snapshots()).isEqualTo(3);
        assertThat(asked.gate()).isFalse();
        assertThat(read("{preset: tent, guards: none, entropy-filter: 0.2}").guards().filter())
                .isEqualTo(0.2);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.4, 1.01})
    void aFilterThatLetsNothingOrMoreThanAllThroughIsRefused(double share) throws IOException {
        assertThat(problems("{preset: nhl, entropy-filter: " + share + "}"))
                .anySatisfy(
                        problem ->
                                assertThat(problem)
                                        .contains(
                                                "adaptation.entropy-filter is "
                                                        + share
                                                        + "; give more than 0 and at most 1"));
    }

    private static AdaptationSettings read(String adaptation) {
        Problems problems = new Problems();
        YamlNode.Mapping root =
                YamlDocument.read("adaptation: " + adaptation, Path.of("."), problems)
                        .orElseThrow();
        AdaptationSettings settings =
                AdaptationReader.read(new Section("", root, problems), /* hasModel= */ true);
        assertThat(problems.isEmpty()).isTrue();
        return settings;
    }

    private List<String> problems(String adaptation) throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        // There is always something wrong: a key that no window has.
        Files.writeString(
                file,
                """
                name: tiny
                source: {type: csv, path: load.csv, channels: [a, b]}
                window: {hop: 2, surplus: 1}
                model: {bundle: bundle}
                adaptation: %s
                sink: {type: jsonl, path: out/scores}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """
                        .formatted(adaptation));
        return catchThrowableOfType(
                        InvalidPipelineException.class, () -> PipelineSpec.load(file, List.of()))
                .problems()
                .stream()
                .map(Object::toString)
                .toList();
    }
}
