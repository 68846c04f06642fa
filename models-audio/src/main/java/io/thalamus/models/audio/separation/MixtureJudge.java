/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.adaptation.Feedback;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.Rows;
import io.thalamus.schemas.SignalFrame;
import java.util.Optional;

/**
 * What is not silent teaches, and the error is how far the voices are from adding up to the
 * mixture, in energy over that of the mixture. That is blind to voices that are mixed up.
 *
 * @param speakers how many voices an output begins with, each as long as the window
 */
record MixtureJudge(int speakers) implements Judge {
    /** The least mean square of a window that is not silent, 60 dB below full scale. */
    private static final double FLOOR = 1e-6;

    @Override
    public boolean teaches(SignalFrame window) {
        return isSound(energy(window.samples()), window);
    }

    @Override
    public Optional<Feedback> feedback(SignalFrame window, float[] output) {
        double whole = energy(window.samples());
        if (!isSound(whole, window)) {
            return Optional.empty();
        }
        float[] rest = window.samples().clone();
        for (int speaker = 0; speaker < speakers; speaker++) {
            for (int t = 0; t < rest.length; t++) {
                rest[t] -= output[speaker * rest.length + t];
            }
        }
        return Optional.of(Feedback.of(energy(rest) / whole));
    }

    private static boolean isSound(double energy, SignalFrame window) {
        return energy >= FLOOR * window.samples().length;
    }

    private static double energy(float[] samples) {
        return Rows.squares(samples, 0, samples.length, 0);
    }
}
