/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The simplest classification: which of two channels is louder, called left and right. */
public final class LoudestChannel extends PlainNetwork {
    private static final List<String> CLASSES = List.of("left", "right");

    /** Writes a bundle of two channels, whose names do not matter. */
    public static Path bundle(Path folder, int windowLength) throws IOException {
        return bundle(
                folder,
                "{\"architecture\": \"loudest-channel\", \"window\": %d}".formatted(windowLength));
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
    float[] infer(SignalFrame window, ModelSignature signature) {
        float[] power = new float[2];
        for (int i = 0; i < window.samples().length; i++) {
            power[i / window.length()] += window.samples()[i] * window.samples()[i];
        }
        float sum = power[0] + power[1];
        return new float[] {power[0] / sum, power[1] / sum};
    }

    @Override
    WireRecord interpret(SignalFrame window, float[] values, ModelSignature signature) {
        return Classification.of(window, CLASSES, values, signature.model());
    }
}
