/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.Replacement;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplacementTest {
    private static final String CONFIG =
            """
            {"architecture": "repeat-last", "channels": 2, "window": 8, "horizon": 3,
             "hertz": 10, "task_name": "forecast", "frontend": {"bands": 4}, "classes": ["x"],
             "dataset": {"columns": ["b", "a"], "scaler": {"mean": [20, 10], "std": [4, 2]}}}
            """;

    @TempDir private Path folder;

    /** The pipeline has taken their threshold from the bundle that it names. */
    @Test
    void aNetworkThatGivesScoresIsNotSwapped() throws Exception {
        SquareScores.bundle(folder.resolve("first"), 8);
        SquareScores.bundle(folder.resolve("second"), 8);
        assertThatThrownBy(this::check)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("first gives scores, whose threshold is of its own bundle");
    }

    /** Whoever reads codes knows them by the bundle alone. */
    @Test
    void aNetworkThatGivesCodesIsNotSwapped() throws Exception {
        for (String bundle : List.of("first", "second")) {
            PlainNetwork.bundle(folder.resolve(bundle), "{\"architecture\": \"codes\"}");
        }
        assertThatThrownBy(this::check)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("first gives codes");
    }

    @Test
    void whatSaysTheSameTakesOver() {
        PlainNetwork.bundle(folder.resolve("first"), CONFIG);
        PlainNetwork.bundle(
                folder.resolve("second"), CONFIG.replace("{\"arch", "{\"layers\": 3, \"arch"));
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"channels\": 2; \"channels\": 3; channels is 3, not 2",
                "\"window\": 8; \"window\": 9; window",
                "\"horizon\": 3; \"horizon\": 4; horizon is 4, not 3",
                "\"hertz\": 10; \"hertz\": 20; rate",
                "\"hertz\": 10; \"hz\": 10; rate is null",
                "\"forecast\"; \"other\"; /task_name of config.json",
                "\"bands\": 4; \"bands\": 5; /frontend of config.json",
                "[\"x\"]; [\"y\"]; /classes of config.json",
                "[\"b\", \"a\"]; [\"a\", \"b\"]; /dataset/columns of config.json",
                "[20, 10]; [20, 11]; /dataset/scaler of config.json"
            })
    void whatDiffersIsNamed(String ours, String theirs, String difference) {
        PlainNetwork.bundle(folder.resolve("first"), CONFIG);
        PlainNetwork.bundle(folder.resolve("second"), CONFIG.replace(ours, theirs));
        assertThatThrownBy(this::check)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("second cannot take the place of first: " + difference);
    }

    private void check() throws Exception {
        Replacement.check(
                ModelBundle.open(folder.resolve("first")),
                ModelBundle.open(folder.resolve("second")),
                AdaptationSettings.FROZEN,
                getClass().getClassLoader());
    }

    /** A tokenizer, as far as it is asked for. */
    public static final class Codes extends PlainNetwork {
        @Override
        public String architecture() {
            return "codes";
        }

        @Override
        public ModelSignature signature(ModelBundle bundle) {
            return new ModelSignature(
                    bundle.name(), 1, List.of(), 8, 0, false, false, TokenFrame.class);
        }

        @Override
        float[] infer(SignalFrame window, ModelSignature signature) {
            throw new UnsupportedOperationException("no window comes");
        }

        @Override
        WireRecord interpret(SignalFrame window, float[] values, ModelSignature signature) {
            throw new UnsupportedOperationException("no window comes");
        }
    }
}
