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
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An architecture without weights and without memory, whose networks are a formula. */
abstract class PlainNetwork implements ModelFactory {

    /** Writes a bundle with this configuration. */
    static Path bundle(Path folder, String config) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), config);
            // The length of the header, and a header without tensors.
            Files.write(
                    folder.resolve("weights.safetensors"),
                    new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a network makes of a window. */
    abstract float[] infer(SignalFrame window, ModelSignature signature);

    abstract WireRecord interpret(SignalFrame window, float[] values, ModelSignature signature);

    /** There are no weights, but there is a file of them. */
    @Override
    public final void check(ModelBundle bundle) {
        signature(bundle);
        bundle.weights();
    }

    @Override
    public final StreamModel open(ModelBundle bundle, GraphEngine engine) {
        return new Model(this, signature(bundle));
    }

    @Override
    public final CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        throw new UnsupportedOperationException("this bundle has no cases");
    }

    private record Model(PlainNetwork network, ModelSignature signature) implements StreamModel {
        @Override
        public List<ModelOutput> infer(List<ModelInput> batch) {
            return batch.stream()
                    .map(
                            input ->
                                    new ModelOutput(
                                            network.infer(input.window(), signature),
                                            input.state()))
                    .toList();
        }

        @Override
        public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
            return List.of(network.interpret(window, output.values(), signature));
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
