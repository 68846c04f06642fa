/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;

/** The spectra of windows of two channels, microphone and far end. Used by one thread at a time. */
final class Analysis {
    private final int hop;
    private final HalfOverlap overlap;
    private final float[] before;

    Analysis(EchoConfig config) {
        this.hop = config.hop();
        this.overlap = new HalfOverlap(config.frame());
        this.before = new float[hop];
    }

    /**
     * Puts in the spectra that are complete with the hops of a window from one on, as many as there
     * is room for.
     *
     * @param from the first of these hops; silence is before the window
     */
    void of(SignalFrame window, int from, Cancellation spectra) {
        of(window, 0, from, spectra.microphone());
        of(window, window.length(), from, spectra.farEnd());
    }

    private void of(SignalFrame window, int channel, int from, Spectra into) {
        int at = channel + from * hop;
        if (from == 0) {
            Arrays.fill(before, 0);
        } else {
            System.arraycopy(window.samples(), at - hop, before, 0, hop);
        }
        overlap.analyse(before, window.samples(), at, into);
    }

    /** The signal of spectra, as {@link HalfOverlap#synthesise}. */
    void synthesise(Spectra spectra, float[] tail, float[] samples) {
        overlap.synthesise(spectra, tail, samples);
    }
}
