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
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The simplest imputation: a missing value is the one before, at the start of a window the next.
 */
public final class HoldLast implements ModelFactory {

    /** Writes a bundle of two channels, whose names do not matter. */
    public static Path bundle(Path folder, int windowLength) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"architecture\": \"hold-last\", \"window\": %d}".formatted(windowLength));
        // The length of the header, and a header without tensors.
        Files.write(
                folder.resolve("weights.safetensors"),
                new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        return folder;
    }

    @Override
    public String architecture() {
        return "hold-last";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return new ModelSignature(
                bundle.name(),
                2,
                List.of(),
                bundle.config().integer("window", 1),
                0,
                /* acceptsMissing= */ true,
                false,
                SignalFrame.class);
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
            return batch.stream()
                    .map(input -> new ModelOutput(filled(input.window()), input.state()))
                    .toList();
        }

        private static float[] filled(SignalFrame window) {
            float[] values = window.samples().clone();
            int length = window.length();
            for (int i = 0; i < values.length; i++) {
                if (i % length > 0 && Float.isNaN(values[i])) {
                    values[i] = values[i - 1];
                }
            }
            for (int i = values.length - 2; i >= 0; i--) {
                if (i % length < length - 1 && Float.isNaN(values[i])) {
                    values[i] = values[i + 1];
                }
            }
            return values;
        }

        @Override
        public WireRecord interpret(SignalFrame window, ModelOutput output) {
            return window.withSamples(
                    output.values(), Quality.of(output.values(), window.quality()));
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
