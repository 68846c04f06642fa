/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.RateSchedule;
import io.thalamus.operators.inference.TrainingRecipe;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesNetRecipesTest {
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    private static TrainingRecipe recipe(String task, SampleRate rate) {
        List<String> classes = task.equals("classification") ? List.of("off", "on") : List.of();
        return TimesNetRecipes.of(
                new TrainingTask(
                        task,
                        List.of("a", "b", "c"),
                        rate,
                        classes,
                        List.of("s"),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "long_term_forecast, 96, 96, Forecast",
        "short_term_forecast, 96, 24, Forecast",
        "imputation, 96, 0, SignalFrame",
        "anomaly_detection, 100, 0, AnomalyScore",
        "classification, 96, 0, Classification"
    })
    void makesANetworkForEachTask(String task, int length, int horizon, String result) {
        TrainingRecipe recipe = recipe(task, HOURLY);

        ModelSignature signature =
                new TimesNetFactory()
                        .signature(ModelBundle.draft(Path.of("net"), recipe.configuration()));
        assertThat(signature.model()).isEqualTo("net");
        assertThat(signature.channels()).isEqualTo(3);
        assertThat(signature.windowLength()).isEqualTo(length);
        assertThat(signature.horizon()).isEqualTo(horizon);
        assertThat(signature.result().getSimpleName()).isEqualTo(result);
    }

    @Test
    void theForecastIsTrainedAsTheReferenceTrainsItOnETTh1() {
        TrainingRecipe recipe = recipe("long_term_forecast", HOURLY);

        assertThat(recipe.batch()).isEqualTo(32);
        assertThat(recipe.epochs()).isEqualTo(10);
        assertThat(recipe.patience()).isEqualTo(3);
        // The rates of the eight epochs of the shipped bundle's training.
        double[] rates = {1e-4, 1e-4, 5e-5, 2.5e-5, 1.25e-5, 6.25e-6, 3.125e-6, 1.5625e-6};
        for (int epoch = 1; epoch <= rates.length; epoch++) {
            assertThat(recipe.schedule().rate(recipe.learningRate(), epoch, 10))
                    .isEqualTo(rates[epoch - 1]);
        }
        assertThat(RateSchedule.CONSTANT.rate(1e-3, 30, 30)).isEqualTo(1e-3);
    }

    @ParameterizedTest
    @CsvSource({
        "44100, 1, s",
        "1, 1, s",
        "1, 60, t",
        "1, 900, t",
        "1, 3600, h",
        "1, 86400, d",
        "1, 604800, w",
        "1, 2592000, m"
    })
    void isToldTheTimeAsFinelyAsItChanges(long samples, long seconds, String frequency) {
        TrainingRecipe recipe = recipe("imputation", new SampleRate(samples, seconds));

        assertThat(recipe.configuration().path("freq").asText()).isEqualTo(frequency);
    }

    @Test
    void refusesOtherTasks() {
        assertThatThrownBy(() -> recipe("separation", HOURLY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("timesnet is not made for the task 'separation'");
    }
}
