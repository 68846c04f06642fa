/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.nio.file.Path;
import java.util.List;

/** The simplest detector: it expects zeros, so that a score is the square of a value. */
public final class SquareScores extends PlainNetwork {

    /** Writes a bundle of two channels, called a and b. */
    public static Path bundle(Path folder, int windowLength) {
        return bundle(
                folder,
                """
                {"architecture": "square-scores", "channels": 2, "window": %d,
                 "dataset": {"columns": ["b", "a"],
                             "scaler": {"mean": [20, 10], "std": [4, 2]}}}
                """
                        .formatted(windowLength));
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

    @Override
    float[] infer(SignalFrame window, ModelSignature signature) {
        float[] scores = window.samples().clone();
        for (int i = 0; i < scores.length; i++) {
            scores[i] *= scores[i];
        }
        return scores;
    }

    @Override
    WireRecord interpret(SignalFrame window, float[] values, ModelSignature signature) {
        return AnomalyScore.of(window, values, signature.model());
    }
}
