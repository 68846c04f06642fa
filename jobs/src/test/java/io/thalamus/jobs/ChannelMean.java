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
import java.util.concurrent.Semaphore;

/**
 * The simplest models that give a signal: one that puts the mean of a window's channel in the place
 * of what is missing there, and one that takes complete windows and negates them.
 */
public final class ChannelMean implements ModelFactory {

    /** Has a permit for each window that was inferred. */
    public static final Semaphore INFERRED = new Semaphore(0);

    /** Writes a bundle of two channels, called a and b. */
    public static Path bundle(Path folder, int windowLength, boolean fills) {
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("config.json"),
                    """
                    {"architecture": "channel-mean", "window": %d, "fills": %d,
                     "dataset": {"columns": ["a", "b"],
                                 "scaler": {"mean": [10.3, 20.7], "std": [2.1, 0.7]}}}
                    """
                            .formatted(windowLength, fills ? 1 : 0));
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
        return "channel-mean";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return new ModelSignature(
                bundle.name(),
                2,
                List.of(),
                bundle.config().integer("window", 1),
                0,
                /* acceptsMissing= */ bundle.config().integer("fills", 0) == 1,
                false,
                SignalFrame.class);
    }

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
            float[] values = input.window().samples().clone();
            int length = input.window().length();
            for (int i = 0; i < values.length; i++) {
                values[i] =
                        signature.fillsMissing()
                                ? mean(input.window().samples(), i / length * length, length)
                                : -values[i];
            }
            return new ModelOutput(values, input.state());
        }

        /** Of what is there; 0 if nothing is. */
        private static float mean(float[] samples, int from, int length) {
            double sum = 0;
            int count = 0;
            for (int i = from; i < from + length; i++) {
                if (!Float.isNaN(samples[i])) {
                    sum += samples[i];
                    count++;
                }
            }
            return count == 0 ? 0 : (float) (sum / count);
        }

        @Override
        public WireRecord interpret(SignalFrame window, ModelOutput output) {
            return signature.fillsMissing()
                    ? window.filledFrom(output.values())
                    : window.withSamples(output.values(), window.quality());
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
