/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.adaptation.Feedback;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.Rows;
import io.thalamus.schemas.SignalFrame;

/**
 * What teaches is the far end alone, and the error is what is left of the microphone, in amplitude
 * over that of the microphone, so that guards see as well what is 30 dB below as what is 10. With a
 * voice at the near end it would be that voice.
 *
 * <p>The near end counts as silent where the microphone is well below the far end, by energies over
 * the window, after the detector of Geigel. With a linear canceller before the network, the
 * microphone is what that leaves, and the far end its estimate of the echo.
 *
 * @param hop samples of a window that come with the next one
 */
record EchoJudge(int hop) implements Judge {
    /** The least mean square of a far end that is active, 50 dB below full scale. */
    private static final double ACTIVE = 1e-5;

    /** The least mean square of a microphone that is connected. */
    private static final double CONNECTED = 1e-12;

    /** The most that the microphone may have of the far end's energy. */
    private static final double MOST = 0.1;

    @Override
    public boolean teaches(SignalFrame window) {
        int length = window.length();
        double microphone = Rows.squares(window.samples(), 0, length, 0) / length;
        double farEnd = Rows.squares(window.samples(), length, length, 0) / length;
        return farEnd >= ACTIVE && microphone >= CONNECTED && microphone <= MOST * farEnd;
    }

    @Override
    public boolean judges(SignalFrame window) {
        return teaches(window) && ofBlock(window.samples(), window) > 0;
    }

    @Override
    public Feedback feedback(SignalFrame window, float[] output) {
        return Feedback.of(Math.sqrt(ofBlock(output, window) / ofBlock(window.samples(), window)));
    }

    /** The energy of what a window's result is of. */
    private double ofBlock(float[] samples, SignalFrame window) {
        return Rows.squares(samples, 0, window.length() - hop, 0);
    }
}
