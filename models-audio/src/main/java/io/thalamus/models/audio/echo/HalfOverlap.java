/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.signal.fourier.RealFft;
import io.thalamus.operators.signal.fourier.StandardTaper;

/**
 * Signals as spectra of frames that are half of one another's, and back. The root of a Hann window
 * is on both ways, so that the frames add up to the signal. Frame {@code t} has the samples from
 * {@code (t - 1) hop} to {@code (t + 1) hop}, so it is complete with hop {@code t}, and with it the
 * signal of hop {@code t - 1}. Used by one thread at a time.
 */
final class HalfOverlap {
    private final int hop;
    private final RealFft fft;
    private final double[] window;
    private final double[] series;
    private final double[] re;
    private final double[] im;

    HalfOverlap(int frame) {
        hop = frame / 2;
        fft = new RealFft(frame);
        window = StandardTaper.SQRT_HANN.periodic(frame);
        series = new double[frame];
        re = new double[fft.bins()];
        im = new double[fft.bins()];
    }

    /**
     * The spectra of the frames that are complete with these samples.
     *
     * @param before the hop before them; takes the last hop of them
     * @param samples whole hops, from a place on
     * @param spectra takes as many frames as there are hops
     */
    void analyse(float[] before, float[] samples, int from, Spectra spectra) {
        for (int frame = 0; frame < spectra.frames(); frame++) {
            int at = from + frame * hop;
            for (int i = 0; i < hop; i++) {
                series[i] = before[i] * window[i];
                series[hop + i] = samples[at + i] * window[hop + i];
            }
            System.arraycopy(samples, at, before, 0, hop);
            fft.forward(series, re, im);
            for (int bin = 0; bin < re.length; bin++) {
                spectra.re()[frame * re.length + bin] = (float) re[bin];
                spectra.im()[frame * re.length + bin] = (float) im[bin];
            }
        }
    }

    /**
     * The signal of the hops that are complete with these frames.
     *
     * @param tail what the frame before adds to the first hop; takes what the last one adds to the
     *     next
     * @param samples takes as many hops as there are frames
     */
    void synthesise(Spectra spectra, float[] tail, float[] samples) {
        for (int frame = 0; frame < spectra.frames(); frame++) {
            for (int bin = 0; bin < re.length; bin++) {
                re[bin] = spectra.re()[frame * re.length + bin];
                im[bin] = spectra.im()[frame * re.length + bin];
            }
            fft.inverse(re, im, series);
            for (int i = 0; i < hop; i++) {
                samples[frame * hop + i] = (float) (tail[i] + series[i] * window[i]);
                tail[i] = (float) (series[hop + i] * window[hop + i]);
            }
        }
    }
}
