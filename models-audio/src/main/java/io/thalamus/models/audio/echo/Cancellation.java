/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.Tensor;

/**
 * The spectra of one signal on their way from microphone and far end to the voice that is left.
 * Buffers that are used again for each piece of a signal.
 *
 * @param microphone Y
 * @param farEnd X
 * @param echoMask E
 * @param voiceMask S, of magnitude below 1
 * @param echo the estimate {@code E X}
 * @param voice {@code S (Y - E X)}
 */
record Cancellation(
        Spectra microphone,
        Spectra farEnd,
        Spectra echoMask,
        Spectra voiceMask,
        Spectra echo,
        Spectra voice) {
    private static final double TINY = 1e-12;

    static Cancellation of(int frames, int bins) {
        return new Cancellation(
                Spectra.of(frames, bins),
                Spectra.of(frames, bins),
                Spectra.of(frames, bins),
                Spectra.of(frames, bins),
                Spectra.of(frames, bins),
                Spectra.of(frames, bins));
    }

    /** Gives the network microphone and far end, with their magnitudes raised to a power. */
    void features(double power, Tensor features) {
        int size = microphone.re().length;
        compress(microphone, power, features.data(), 0);
        compress(farEnd, power, features.data(), 2 * size);
    }

    private static void compress(Spectra spectra, double power, float[] into, int at) {
        int size = spectra.re().length;
        for (int i = 0; i < size; i++) {
            double re = spectra.re()[i];
            double im = spectra.im()[i];
            double factor = power == 1 ? 1 : Math.pow(re * re + im * im + TINY, (power - 1) / 2);
            into[at + i] = (float) (re * factor);
            into[at + size + i] = (float) (im * factor);
        }
    }

    /** Applies the network's output. */
    void apply(Tensor masks) {
        int size = microphone.re().length;
        float[] values = masks.data();
        for (int i = 0; i < size; i++) {
            float echoRe = values[i];
            float echoIm = values[size + i];
            double voiceRe = values[2 * size + i];
            double voiceIm = values[3 * size + i];
            double magnitude = Math.sqrt(voiceRe * voiceRe + voiceIm * voiceIm + TINY);
            double bound = Math.tanh(magnitude) / magnitude;
            set(echoMask, i, echoRe, echoIm);
            set(voiceMask, i, (float) (voiceRe * bound), (float) (voiceIm * bound));
            multiply(echoMask, i, farEnd.re()[i], farEnd.im()[i], echo);
            multiply(
                    voiceMask,
                    i,
                    microphone.re()[i] - echo.re()[i],
                    microphone.im()[i] - echo.im()[i],
                    voice);
        }
    }

    private static void multiply(Spectra mask, int i, float re, float im, Spectra product) {
        set(
                product,
                i,
                mask.re()[i] * re - mask.im()[i] * im,
                mask.re()[i] * im + mask.im()[i] * re);
    }

    private static void set(Spectra spectra, int i, float re, float im) {
        spectra.re()[i] = re;
        spectra.im()[i] = im;
    }
}
