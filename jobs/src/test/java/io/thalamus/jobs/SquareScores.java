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
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The simplest detector: it expects zeros, so that a score is the square of a value. */
public final class SquareScores implements ModelFactory {

    /** Writes a bundle of two channels, called a and b. */
    public static Path bundle(Path folder, int windowLength) {
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("config.json"),
                    """
                    {"architecture": "square-scores", "channels": 2, "window": %d,
                     "dataset": {"columns": ["b", "a"],
                                 "scaler": {"mean": [20, 10], "std": [4, 2]}}}
                    """
                            .formatted(windowLength));
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
        return "square-scores";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return new ModelSignature(
                bundle.name(),
                bundle.config().integer("channels", 1),
                List.of(),
                bundle.config().integer("window", 1),
                /* horizon= */ 0,
                /* acceptsMissing= */ false,
                false,
                AnomalyScore.class);
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
            float[] scores = input.window().samples().clone();
            for (int i = 0; i < scores.length; i++) {
                scores[i] *= scores[i];
            }
            return new ModelOutput(scores, input.state());
        }

        @Override
        public WireRecord interpret(SignalFrame window, ModelOutput output) {
            return AnomalyScore.of(window, output.values(), signature.model());
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
