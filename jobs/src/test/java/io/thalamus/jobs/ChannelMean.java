/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The simplest models that give a signal: one that puts the mean of a window's channel in the place
 * of what is missing there, and one that takes complete windows and negates them.
 */
public final class ChannelMean extends PlainNetwork {

    /** Has a permit for each window that was inferred. */
    public static final Semaphore INFERRED = new Semaphore(0);

    /** Writes a bundle of two channels, called a and b. */
    public static Path bundle(Path folder, int windowLength, boolean fills) {
        return bundle(
                folder,
                """
                {"architecture": "channel-mean", "window": %d, "fills": %d,
                 "dataset": {"columns": ["a", "b"],
                             "scaler": {"mean": [10.3, 20.7], "std": [2.1, 0.7]}}}
                """
                        .formatted(windowLength, fills ? 1 : 0));
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
    float[] infer(SignalFrame window, ModelSignature signature) {
        INFERRED.release();
        float[] values = window.samples().clone();
        int length = window.length();
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    signature.fillsMissing()
                            ? mean(window.samples(), i / length * length, length)
                            : -values[i];
        }
        return values;
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
    WireRecord interpret(SignalFrame window, float[] values, ModelSignature signature) {
        return signature.fillsMissing()
                ? window.filledFrom(values)
                : window.withSamples(values, window.quality());
    }
}
