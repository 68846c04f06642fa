/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.RealFft;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.rate.ResampleTo;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The envelopes of speech, and of the clean speech, in third-octave bands, without the pauses of
 * the clean speech (Taal et al. 2011, section II-A): at 10 kHz, frames of 256 samples under a Hann
 * window, half overlapped; those in which the clean speech is more than 40 dB below its loudest are
 * taken out and the rest is joined again; the root of the power in each of 15 bands from 150 Hz up,
 * from spectra of 512 samples.
 *
 * @param speech {@code [frame][band]}
 * @param clean as many
 */
record SpeechEnvelopes(double[][] speech, double[][] clean) {
    private static final SampleRate RATE = SampleRate.ofHertz(10_000);
    private static final int FRAME = 256;
    private static final int HOP = FRAME / 2;
    private static final int SPECTRUM = 2 * FRAME;
    private static final int BANDS = 15;

    /** The middle of the lowest band, in Hz. */
    private static final double LOWEST = 150;

    /** 40 dB, in power. */
    private static final double QUIETEST = 1e-4;

    private static final double[] TAPER = taper();

    static SpeechEnvelopes of(double[] speech, double[] clean, SampleRate rate) {
        double[][] both =
                SignalChain.whole(
                        new double[][] {speech, clean},
                        new StreamShape(List.of("speech", "clean"), rate),
                        List.of(new ResampleTo(RATE)));
        int[] active = activeFrames(both[1]);
        return new SpeechEnvelopes(
                envelopes(joined(both[0], active)), envelopes(joined(both[1], active)));
    }

    int frames() {
        return clean.length;
    }

    /** Hann's, without the zeros at its ends. */
    private static double[] taper() {
        double[] wider = StandardTaper.HANN.symmetric(FRAME + 2);
        double[] taper = new double[FRAME];
        System.arraycopy(wider, 1, taper, 0, FRAME);
        return taper;
    }

    private static int frames(double[] signal) {
        return signal.length < FRAME ? 0 : (signal.length - FRAME) / HOP + 1;
    }

    private static int[] activeFrames(double[] clean) {
        double[] powers = new double[frames(clean)];
        double loudest = 0;
        for (int frame = 0; frame < powers.length; frame++) {
            for (int n = 0; n < FRAME; n++) {
                double sample = TAPER[n] * clean[frame * HOP + n];
                powers[frame] += sample * sample;
            }
            loudest = Math.max(loudest, powers[frame]);
        }
        double least = QUIETEST * loudest;
        return IntStream.range(0, powers.length).filter(frame -> powers[frame] > least).toArray();
    }

    /** The given frames, one after the other, overlapped and added. */
    private static double[] joined(double[] signal, int[] frames) {
        double[] joined = new double[frames.length == 0 ? 0 : (frames.length + 1) * HOP];
        for (int i = 0; i < frames.length; i++) {
            for (int n = 0; n < FRAME; n++) {
                joined[i * HOP + n] += TAPER[n] * signal[frames[i] * HOP + n];
            }
        }
        return joined;
    }

    private static double[][] envelopes(double[] signal) {
        RealFft fft = new RealFft(SPECTRUM);
        int[] edges = edges();
        double[] block = new double[SPECTRUM];
        double[] re = new double[fft.bins()];
        double[] im = new double[fft.bins()];
        double[][] envelopes = new double[frames(signal)][BANDS];
        for (int frame = 0; frame < envelopes.length; frame++) {
            for (int n = 0; n < FRAME; n++) {
                block[n] = TAPER[n] * signal[frame * HOP + n];
            }
            fft.forward(block, re, im);
            for (int band = 0; band < BANDS; band++) {
                double power = 0;
                for (int bin = edges[band]; bin < edges[band + 1]; bin++) {
                    power += re[bin] * re[bin] + im[bin] * im[bin];
                }
                envelopes[frame][band] = Math.sqrt(power);
            }
        }
        return envelopes;
    }

    /** The bin nearest to the lower edge of each band, and to the upper one of the last. */
    private static int[] edges() {
        int[] edges = new int[BANDS + 1];
        for (int band = 0; band <= BANDS; band++) {
            double hertz = LOWEST * StrictMath.pow(2, (2 * band - 1) / 6.0);
            edges[band] = (int) Math.round(hertz * SPECTRUM / RATE.hertz());
        }
        return edges;
    }
}
