/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The smallest model that goes through a segment without a break, remembers, and looks ahead: of
 * one channel it makes {@code y[n] = 0.5 y[n - 1] + x[n] + 2 x[n + 3]}, with zeros outside the
 * segment. Windows have 3 samples more than any multiple of 2.
 */
public final class LookAhead implements ModelFactory {
    private static final int AHEAD = 3;
    private static final int STEP = 2;
    private static final String LAST = "last";

    /** Writes a bundle into a folder that does not exist yet. */
    public static Path writeBundle(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), "{\"architecture\": \"look-ahead\"}");
        return folder;
    }

    /** Samples of a window that gives so many times two samples. */
    public static int windowLength(int block) {
        return block * STEP + AHEAD;
    }

    /** What it makes of a whole segment. */
    public static float[] of(float[] segment) {
        float[] made = new float[segment.length];
        float last = 0;
        for (int i = 0; i < segment.length; i++) {
            float ahead = i + AHEAD < segment.length ? segment[i + AHEAD] : 0;
            last = 0.5f * last + segment[i] + 2 * ahead;
            made[i] = last;
        }
        return made;
    }

    @Override
    public String architecture() {
        return "look-ahead";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return new ModelSignature(
                bundle.name(),
                1,
                List.of(),
                Subjects.any(),
                null,
                windowLength(1),
                STEP,
                0,
                false,
                true,
                SignalFrame.class);
    }

    @Override
    public void check(ModelBundle bundle) {
        // There are no weights.
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
            float[] samples = input.window().samples();
            float[] made = new float[samples.length - signature.overlap()];
            float last = input.state().arrays().getOrDefault(LAST, new float[1])[0];
            for (int i = 0; i < made.length; i++) {
                last = 0.5f * last + samples[i] + 2 * samples[i + AHEAD];
                made[i] = last;
            }
            return new ModelOutput(made, new CarriedState(Map.of(LAST, new float[] {last})));
        }

        @Override
        public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
            int length = output.values().length;
            return List.of(window.slice(0, length).withSamples(output.values(), window.quality()));
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
