/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Replacement;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacementTest {
    @TempDir private Path folder;

    /** The pipeline has taken their threshold from the bundle that it names. */
    @Test
    void aNetworkThatGivesScoresIsNotSwapped() throws Exception {
        SquareScores.bundle(folder.resolve("first"), 8);
        SquareScores.bundle(folder.resolve("second"), 8);
        assertThatThrownBy(
                        () ->
                                Replacement.check(
                                        ModelBundle.open(folder.resolve("first")),
                                        ModelBundle.open(folder.resolve("second")),
                                        AdaptationSettings.FROZEN,
                                        getClass().getClassLoader()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("first gives scores, whose threshold is of its own bundle");
    }
}
