/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DuinRecipesTest {
    private static final ModelBundle FORMER =
            ModelBundle.open(Path.of("../pipelines/bundles/duin-words"));

    private static TrainingTask task(List<String> channels, long hertz) {
        return new TrainingTask(
                "cls",
                channels,
                SampleRate.ofHertz(hertz),
                List.of("a", "b"),
                List.of("S01"),
                Optional.of(FORMER));
    }

    @Test
    void goesOnFromANetworkForTheSameSignals() {
        assertThat(DuinRecipes.of(task(FORMER.channelNames(), 100))).isNotNull();
    }

    @Test
    void refusesANetworkForOthers() {
        assertThatThrownBy(() -> DuinRecipes.of(task(FORMER.channelNames(), 1000)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("duin-words, which is for 100 samples a second")
                .hasMessageEndingWith("the recording has 1000; give one of the same rate");
        List<String> others = List.of("A", "B", "C", "D", "E", "F");
        assertThatThrownBy(() -> DuinRecipes.of(task(others, 100)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is for the channels [LA1-LA2")
                .hasMessageEndingWith("give one of the same channels");
    }
}
