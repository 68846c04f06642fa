/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The simplest classification: which of two channels is louder, called left and right. */
public final class LoudestChannel implements ModelFactory {
    private static final List<String> CLASSES = List.of("left", "right");

    /** Writes a bundle of two channels, whose names do not matter. */
    public static Path bundle(Path folder, int windowLength) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"architecture\": \"loudest-channel\", \"window\": %d}".formatted(windowLength));
        // The length of the header, and a header without tensors.
        Files.write(
                folder.resolve("weights.safetensors"),
                new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        return folder;
    }

    @Override
    public String architecture() {
        return "loudest-channel";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return new ModelSignature(
                bundle.name(),
                2,
                List.of(),
                bundle.config().integer("window", 1),
                0,
                /* acceptsMissing= */ false,
                false,
                Classification.class);
    }

    @Override
    public void check(ModelBundle bundle) {
        bundle.weights();
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        return new Model(signature(bundle));
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        throw new UnsupportedOperationException("this bundle has no cases");
    }

    private record Model(ModelSignature signature) implements StreamModel {
        @Override
        public List<ModelOutput> infer(List<ModelInput> batch) {
            return batch.stream().map(Model::infer).toList();
        }

        private static ModelOutput infer(ModelInput input) {
            float[] power = new float[2];
            SignalFrame window = input.window();
            for (int i = 0; i < window.samples().length; i++) {
                power[i / window.length()] += window.samples()[i] * window.samples()[i];
            }
            float sum = power[0] + power[1];
            return new ModelOutput(new float[] {power[0] / sum, power[1] / sum}, input.state());
        }

        @Override
        public WireRecord interpret(SignalFrame window, ModelOutput output) {
            return Classification.of(window, CLASSES, output.values(), signature.model());
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
