/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.signal.fourier.MelBank;
import io.thalamus.operators.signal.fourier.MelScale;
import io.thalamus.operators.signal.fourier.RealFft;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.schemas.SampleRate;

/**
 * What a voice sounds like over a window: the mean power in bands of the mel scale, in decibels
 * around their own mean, so that it does not depend on how loud the voice is. Used by one thread at
 * a time.
 */
final class VoiceSpectrum {
    static final int BANDS = 32;

    private static final double LOW = 60;
    private static final double SECONDS_A_BLOCK = 0.064;

    /** Below the largest block's, as what a window leaves of the other voice is quiet. */
    private static final double RANGE = 1e-3;

    private static final double TINY = 1e-12;

    private final int block;
    private final double[] taper;
    private final double[][] weights;
    private final RealFft fft;
    private final double[] series;
    private final double[] re;
    private final double[] im;

    VoiceSpectrum(int sampleRate) {
        block = (int) (SECONDS_A_BLOCK * sampleRate);
        taper = StandardTaper.HANN.periodic(block);
        weights =
                new MelBank(MelScale.HTK, BANDS, LOW, sampleRate / 2.0)
                        .weights(block, SampleRate.ofHertz(sampleRate));
        fft = new RealFft(block);
        series = new double[block];
        re = new double[fft.bins()];
        im = new double[fft.bins()];
    }

    /**
     * The spectrum of a part of an array.
     *
     * @param spectrum takes {@link #BANDS} values in decibels
     * @return whether there is anything to be heard in it
     */
    boolean of(float[] samples, int from, int length, double[] spectrum) {
        double[] power = new double[BANDS];
        double[][] blocks = new double[Math.max(0, 2 * length / block - 1)][];
        double largest = 0;
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = bands(samples, from + i * block / 2);
            largest = Math.max(largest, sum(blocks[i]));
        }
        if (largest < TINY) {
            return false;
        }
        for (double[] each : blocks) {
            if (sum(each) > RANGE * largest) {
                for (int band = 0; band < BANDS; band++) {
                    power[band] += each[band];
                }
            }
        }
        double all = sum(power);
        double mean = 0;
        for (int band = 0; band < BANDS; band++) {
            spectrum[band] = 10 * Math.log10(power[band] / all + RANGE / BANDS);
            mean += spectrum[band] / BANDS;
        }
        for (int band = 0; band < BANDS; band++) {
            spectrum[band] -= mean;
        }
        return true;
    }

    private double[] bands(float[] samples, int from) {
        for (int i = 0; i < block; i++) {
            series[i] = samples[from + i] * taper[i];
        }
        fft.forward(series, re, im);
        double[] bands = new double[BANDS];
        for (int band = 0; band < BANDS; band++) {
            for (int bin = 0; bin < re.length; bin++) {
                double weight = weights[band][bin];
                if (weight > 0) {
                    bands[band] += weight * (re[bin] * re[bin] + im[bin] * im[bin]);
                }
            }
        }
        return bands;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
