/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.adaptation.Feedback;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.Rows;
import io.thalamus.schemas.SignalFrame;

/**
 * What is not silent teaches, and the error is how far the voices are from adding up to the
 * mixture, in amplitude over that of the mixture: the root of a ratio of energies, so that guards
 * see as well what is 30 dB below as what is 10. That is blind to voices that are mixed up.
 *
 * @param speakers how many voices an output begins with, each as long as the window
 */
record MixtureJudge(int speakers) implements Judge {
    /** The least mean square of a window that is not silent, 60 dB below full scale. */
    private static final double FLOOR = 1e-6;

    @Override
    public boolean teaches(SignalFrame window) {
        return energy(window.samples()) >= FLOOR * window.samples().length;
    }

    @Override
    public boolean judges(SignalFrame window) {
        return teaches(window);
    }

    @Override
    public Feedback feedback(SignalFrame window, float[] output) {
        float[] rest = window.samples().clone();
        for (int speaker = 0; speaker < speakers; speaker++) {
            for (int t = 0; t < rest.length; t++) {
                rest[t] -= output[speaker * rest.length + t];
            }
        }
        return Feedback.of(Math.sqrt(energy(rest) / energy(window.samples())));
    }

    private static double energy(float[] samples) {
        return Rows.squares(samples, 0, samples.length, 0);
    }
}
