/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

import io.thalamus.schemas.SampleRate;

/**
 * How well speech can be understood, from the correlation of its envelopes in third-octave bands
 * with those of the clean speech, over segments of 384 ms:
 *
 * <ul>
 *   <li>STOI: Taal, Hendriks, Heusdens and Jensen, "An Algorithm for Intelligibility Prediction of
 *       Time-Frequency Weighted Noisy Speech", IEEE Transactions on Audio, Speech, and Language
 *       Processing 19, 2011;
 *   <li>ESTOI: Jensen and Taal, "An Algorithm for Predicting the Intelligibility of Speech Masked
 *       by Modulated Noise Maskers", IEEE/ACM Transactions on Audio, Speech, and Language
 *       Processing 24, 2016.
 * </ul>
 *
 * <p>Signals are {@linkplain io.thalamus.operators.signal.rate.ResampleTo resampled} to 10 kHz
 * first.
 *
 * @param stoi from about 0 to 1, for speech that is not changed; a higher one is better understood
 * @param estoi likewise; lower than STOI where the noise comes and goes
 */
public record Intelligibility(double stoi, double estoi) {
    /** Of a segment: 30 frames, 12.8 ms apart. */
    private static final int FRAMES = 30;

    /** An envelope counts as at most 15 dB worse than the clean one: {@code 1 + 10^(15/20)}. */
    private static final double HIGHEST = 1 + StrictMath.pow(10, 0.75);

    /**
     * Compares speech with what it should be.
     *
     * @param speech as many samples as the clean speech, aligned with it, in any unit
     * @param clean what was spoken
     * @param rate of both
     * @return both NaN where the clean speech, without its pauses, is shorter than a segment
     */
    public static Intelligibility of(double[] speech, double[] clean, SampleRate rate) {
        SameLength.check(clean, speech);
        SpeechEnvelopes envelopes = SpeechEnvelopes.of(speech, clean, rate);
        int segments = envelopes.frames() - FRAMES + 1;
        double stoi = 0;
        double estoi = 0;
        for (int first = 0; first < segments; first++) {
            double[][] x = segment(envelopes.clean(), first);
            double[][] y = segment(envelopes.speech(), first);
            stoi += correlation(x, y);
            estoi += spectralCorrelation(x, y);
        }
        return segments < 1
                ? new Intelligibility(Double.NaN, Double.NaN)
                : new Intelligibility(stoi / segments, estoi / segments);
    }

    /** {@code [band][frame]} of a segment. */
    private static double[][] segment(double[][] envelopes, int first) {
        double[][] segment = new double[envelopes[0].length][FRAMES];
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int band = 0; band < segment.length; band++) {
                segment[band][frame] = envelopes[first + frame][band];
            }
        }
        return segment;
    }

    /** Taal et al., equations 3 to 5: of each band on its own, the mean of all. */
    private static double correlation(double[][] x, double[][] y) {
        double sum = 0;
        for (int band = 0; band < x.length; band++) {
            double level = ratio(norm(x[band]), norm(y[band]));
            double[] clipped = new double[FRAMES];
            for (int frame = 0; frame < FRAMES; frame++) {
                clipped[frame] = Math.min(level * y[band][frame], HIGHEST * x[band][frame]);
            }
            double[] clean = x[band].clone();
            normalise(clean);
            normalise(clipped);
            sum += product(clean, clipped);
        }
        return sum / x.length;
    }

    /**
     * Jensen and Taal, equations 3 to 6: rows, then columns normalised; the mean of all columns.
     */
    private static double spectralCorrelation(double[][] x, double[][] y) {
        double[][] clean = columns(x);
        double[][] speech = columns(y);
        double sum = 0;
        for (int frame = 0; frame < FRAMES; frame++) {
            sum += product(clean[frame], speech[frame]);
        }
        return sum / FRAMES;
    }

    private static double[][] columns(double[][] segment) {
        double[][] columns = new double[FRAMES][segment.length];
        for (int band = 0; band < segment.length; band++) {
            double[] row = segment[band].clone();
            normalise(row);
            for (int frame = 0; frame < FRAMES; frame++) {
                columns[frame][band] = row[frame];
            }
        }
        for (double[] column : columns) {
            normalise(column);
        }
        return columns;
    }

    /** To a mean of 0 and a norm of 1; what does not change becomes 0. */
    private static void normalise(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] -= mean;
        }
        double norm = norm(values);
        for (int i = 0; i < values.length; i++) {
            values[i] = ratio(values[i], norm);
        }
    }

    private static double ratio(double value, double norm) {
        return norm == 0 ? 0 : value / norm;
    }

    private static double norm(double[] values) {
        return Math.sqrt(product(values, values));
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
