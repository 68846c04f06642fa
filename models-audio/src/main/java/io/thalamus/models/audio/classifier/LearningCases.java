/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.models.audio.classifier.ClassifierStep.Modulators;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.schemas.InvalidInputException;
import java.util.HashMap;
import java.util.Map;

/**
 * Streams that learn, recomputed: batch by batch, each predicted by what it has itself taught, as
 * the reference does.
 */
final class LearningCases {
    private LearningCases() {}

    /**
     * Runs a stream.
     *
     * @param description {@code batch} windows at once; {@code method} {@code norm}, {@code tent},
     *     {@code nhl1} or {@code nhl}; rates {@code lr} and {@code eta}; {@code stats} {@code
     *     batch} or {@code ema} with {@code alpha}; {@code predict} {@code during} or {@code after}
     *     the modulators have learned
     * @param features standardised, {@code [windows, channels, time]}
     */
    static Map<String, CaseTensor> run(
            ClassifierConfig config,
            ModelBundle bundle,
            GraphEngine engine,
            JsonNode description,
            CaseTensor features) {
        ClassifierStep.Settings settings = settings(description);
        ClassifierNetwork network =
                new ClassifierNetwork(config, bundle, engine, /* learns= */ true);
        Parameter weight = network.first().weight();
        NormLayer norm = network.norms().get(0);
        int windows = features.shape()[0];
        double[] logits = new double[windows * network.classes()];
        FastWeights learned = FastWeights.none();
        try (ClassifierStep step = new ClassifierStep(network, engine, settings)) {
            int size = settings.windows() * config.channels() * config.length();
            int outputs = settings.windows() * network.classes();
            float[] values = features.floats();
            for (int batch = 0; batch < windows / settings.windows(); batch++) {
                System.arraycopy(values, batch * size, step.features().data(), 0, size);
                ClassifierStep.Outcome outcome = step.learn(learned);
                learned = outcome.after();
                double[] predicted =
                        description.path("predict").asText().equals("after")
                                ? step.predict(learned)
                                : outcome.logits();
                System.arraycopy(predicted, 0, logits, batch * outputs, outputs);
            }
        }
        int neurons = norm.channels();
        Map<String, CaseTensor> found = new HashMap<>();
        found.put("logits", new CaseTensor(new int[] {windows, network.classes()}, logits));
        found.put(
                weight.name().replace(".weight", "_end"),
                CaseTensor.of(
                        weight.of(learned),
                        neurons,
                        config.channels(),
                        network.first().columns().kernel()));
        found.put(norm.name() + "_gamma_end", CaseTensor.of(norm.gain().of(learned), neurons));
        found.put(norm.name() + "_beta_end", CaseTensor.of(norm.offset().of(learned), neurons));
        return found;
    }

    private static ClassifierStep.Settings settings(JsonNode description) {
        return new ClassifierStep.Settings(
                description.path("batch").asInt(),
                description.path("eta").asDouble(0),
                switch (description.path("method").asText()) {
                    case "norm" -> Modulators.NONE;
                    case "nhl1" -> Modulators.FIRST;
                    case "nhl", "tent" -> Modulators.ALL;
                    default ->
                            throw new InvalidInputException(
                                    "method must be norm, tent, nhl1 or nhl, but is "
                                            + description.path("method"));
                },
                description.path("lr").asDouble(0),
                description.path("stats").asText().equals("ema")
                        ? Normalisation.EMA
                        : Normalisation.BATCH,
                description.path("alpha").asDouble(0),
                /* filter= */ 1);
    }
}
