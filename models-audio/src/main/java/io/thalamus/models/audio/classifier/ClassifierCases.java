/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recomputes stored cases: {@code features} {@code [windows, channels, time]} in. Those with a
 * {@code method} are streams that learn.
 */
final class ClassifierCases implements CaseRunner {
    private static final String FEATURES = "features";

    private final ClassifierConfig config;
    private final ModelBundle bundle;
    private final GraphEngine engine;
    private final ClassifierNetwork network;

    ClassifierCases(ClassifierConfig config, ModelBundle bundle, GraphEngine engine) {
        this.config = config;
        this.bundle = bundle;
        this.engine = engine;
        network = new ClassifierNetwork(config, bundle, engine, /* learns= */ false);
    }

    @Override
    public Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs) {
        CaseTensor features = inputs.get(FEATURES);
        int[] shape = features == null ? new int[0] : features.shape();
        if (shape.length != 3 || shape[1] != config.channels() || shape[2] != config.length()) {
            throw new InvalidInputException(
                    "the case has no features of %d channels and %d samples"
                            .formatted(config.channels(), config.length()));
        }
        if (description.has("method")) {
            return LearningCases.run(config, bundle, engine, description, features);
        }
        int windows = shape[0];
        float[] values = features.floats();
        network.features(windows);
        for (int window = 0; window < windows; window++) {
            network.standardise(values, window, window);
        }
        List<FastWeights> learned = Collections.nCopies(windows, FastWeights.none());
        Tensor first = network.runFirst(learned);
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        found.put(config.first().text("name"), ClassifierNetwork.maps(first));
        network.runRest(learned);
        found.putAll(network.taps());
        float[] logits = new float[network.classes()];
        double[] all = new double[windows * logits.length];
        for (int window = 0; window < windows; window++) {
            network.logits(window, logits);
            for (int k = 0; k < logits.length; k++) {
                all[window * logits.length + k] = logits[k];
            }
        }
        found.put("logits", new CaseTensor(new int[] {windows, logits.length}, all));
        return found;
    }

    @Override
    public Map<String, CaseTensor> record(SignalFrame window) {
        CaseTensor features =
                CaseTensor.of(window.samples(), 1, config.channels(), config.length());
        Map<String, CaseTensor> inputs = Map.of(FEATURES, features);
        Map<String, CaseTensor> tensors = new LinkedHashMap<>(inputs);
        tensors.put("logits", run(MissingNode.getInstance(), inputs).get("logits"));
        return tensors;
    }

    @Override
    public void close() {
        network.close();
    }
}
