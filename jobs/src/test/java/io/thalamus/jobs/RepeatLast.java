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
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The simplest forecast: each channel stays at its last value. */
public final class RepeatLast implements ModelFactory {

    /**
     * Has a permit for each window that was inferred, for tests that act in the middle of a run.
     */
    public static final Semaphore INFERRED = new Semaphore(0);

    /** Writes a bundle of two channels, called a and b. */
    public static Path bundle(Path folder, int windowLength, int horizon) {
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("config.json"),
                    """
                    {"architecture": "repeat-last", "channels": 2, "window": %d, "horizon": %d,
                     "dataset": {"columns": ["b", "a"],
                                 "scaler": {"mean": [20, 10], "std": [4, 2]}}}
                    """
                            .formatted(windowLength, horizon));
            // The length of the header, and a header without tensors.
            Files.write(
                    folder.resolve("weights.safetensors"),
                    new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String architecture() {
        return "repeat-last";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return new ModelSignature(
                bundle.name(),
                bundle.config().integer("channels", 1),
                List.of(),
                bundle.config().integer("window", 1),
                bundle.config().integer("horizon", 1),
                /* acceptsMissing= */ false,
                false,
                Forecast.class);
    }

    /** There are no weights, but there is a file of them. */
    @Override
    public void check(ModelBundle bundle) {
        signature(bundle);
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
            return batch.stream().map(this::infer).toList();
        }

        private ModelOutput infer(ModelInput input) {
            INFERRED.release();
            SignalFrame window = input.window();
            float[] values = new float[signature.channels() * signature.horizon()];
            for (int i = 0; i < values.length; i++) {
                values[i] = window.sample(i / signature.horizon(), window.length() - 1);
            }
            return new ModelOutput(values, input.state());
        }

        @Override
        public WireRecord interpret(SignalFrame window, ModelOutput output) {
            return Forecast.after(window, output.values(), signature.model());
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
