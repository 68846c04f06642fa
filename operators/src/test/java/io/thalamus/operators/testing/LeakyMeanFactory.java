/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes {@link LeakyMean} models; {@code memory} in the configuration is 0 or 1, and {@code
 * records}, if it is there, how many come of a window; {@code kept} the share of the mean that a
 * sample leaves; {@code subjects} whose streams it takes.
 */
public final class LeakyMeanFactory implements ModelFactory {
    private static final String ARCHITECTURE = "leaky-mean";
    private static final double KEPT = 0.9;

    /** Writes a bundle of this architecture into a folder that does not exist yet. */
    public static Path writeBundle(
            Path folder, int channels, int window, int horizon, boolean memory) throws IOException {
        return writeBundle(folder, channels, window, horizon, memory, KEPT);
    }

    /** The same with another share of the mean. */
    public static Path writeBundle(
            Path folder, int channels, int window, int horizon, boolean memory, double kept)
            throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                """
                {"architecture": "%s", "channels": %d, "window": %d, "horizon": %d, "memory": %d,
                 "kept": %s}
                """
                        .formatted(ARCHITECTURE, channels, window, horizon, memory ? 1 : 0, kept));
        return folder;
    }

    @Override
    public String architecture() {
        return ARCHITECTURE;
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return new ModelSignature(
                bundle.name(),
                bundle.config().integer("channels", 1),
                bundle.channelNames(),
                Subjects.of(bundle.config(), 1),
                /* rate= */ null,
                bundle.config().integer("window", 1),
                /* windowStep= */ 0,
                bundle.config().integer("horizon", 1),
                /* acceptsMissing= */ false,
                bundle.config().integer("memory", 0) > 0,
                Forecast.class);
    }

    /** There are no weights, but no more values than can be counted. */
    @Override
    public void check(ModelBundle bundle) {
        ModelSignature signature = signature(bundle);
        Math.multiplyExact(signature.channels() * signature.horizon(), records(bundle));
    }

    private static int records(ModelBundle bundle) {
        return bundle.config().has("records") ? bundle.config().integer("records", 0) : 1;
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        return new LeakyMean(
                signature(bundle), records(bundle), (float) bundle.config().number("kept", KEPT));
    }

    /** Any rule will do. */
    @Override
    public void checkAdaptation(ModelBundle bundle, AdaptationSettings settings) {
        signature(bundle);
    }

    @Override
    public Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        return new LearnedGain(
                signature(bundle).channels(), (float) settings.rate(), settings.batch());
    }

    /** Takes {@code window} and gives {@code forecast}. */
    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        ModelSignature signature = signature(bundle);
        StreamModel model = open(bundle, engine);
        return new CaseRunner() {
            @Override
            public Map<String, CaseTensor> run(
                    JsonNode description, Map<String, CaseTensor> inputs) {
                SignalFrame window =
                        TestStream.of("case")
                                .withChannels(signature.channels())
                                .frame(0, signature.windowLength())
                                .withSamples(inputs.get("window").floats(), 0);
                float[] values =
                        model.infer(
                                        List.of(
                                                new ModelInput(
                                                        window,
                                                        CarriedState.empty(),
                                                        FastWeights.none())))
                                .get(0)
                                .values();
                return Map.of(
                        "forecast",
                        CaseTensor.of(values, signature.channels(), signature.horizon()));
            }

            @Override
            public Map<String, CaseTensor> record(SignalFrame window) {
                CaseTensor input =
                        CaseTensor.of(window.samples(), window.channels().size(), window.length());
                Map<String, CaseTensor> inputs = Map.of("window", input);
                Map<String, CaseTensor> tensors = new HashMap<>(inputs);
                tensors.putAll(run(null, inputs));
                return tensors;
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }
}
