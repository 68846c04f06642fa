/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The simplest forecast: each channel stays at its last value. */
public final class RepeatLast extends PlainNetwork {

    /**
     * Has a permit for each window that was inferred, for tests that act in the middle of a run.
     */
    public static final Semaphore INFERRED = new Semaphore(0);

    /** Writes a bundle of two channels, called a and b. */
    public static Path bundle(Path folder, int windowLength, int horizon) {
        return bundle(
                folder,
                """
                {"architecture": "repeat-last", "channels": 2, "window": %d, "horizon": %d,
                 "dataset": {"columns": ["b", "a"],
                             "scaler": {"mean": [20, 10], "std": [4, 2]}}}
                """
                        .formatted(windowLength, horizon));
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
                bundle.config().has("hertz")
                        ? SampleRate.ofHertz(bundle.config().integer("hertz", 1))
                        : null,
                bundle.config().integer("window", 1),
                bundle.config().integer("horizon", 1),
                /* acceptsMissing= */ false,
                false,
                Forecast.class);
    }

    @Override
    float[] infer(SignalFrame window, ModelSignature signature) {
        INFERRED.release();
        float[] values = new float[signature.channels() * signature.horizon()];
        for (int i = 0; i < values.length; i++) {
            values[i] = window.sample(i / signature.horizon(), window.length() - 1);
        }
        return values;
    }

    @Override
    WireRecord interpret(SignalFrame window, float[] values, ModelSignature signature) {
        return Forecast.after(window, values, signature.model());
    }
}
