/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.signal.fourier.DominantPeriods;
import io.thalamus.operators.signal.fourier.RealFft;
import java.util.Arrays;

/**
 * Along which periods the windows of a batch are folded, and how much each fold counts. Periods are
 * those of the strongest bins of a window's own spectrum, averaged over its features; folds count
 * by the softmax of the amplitudes of their bins.
 */
final class PeriodSearch {
    private final RealFft fft;
    private final int features;
    private final int count;
    private final double[] batchSpectrum;
    private final int[] strongest;

    private double[][] spectra = {};
    private int[][] bins = {};
    private int[][] periods = {};
    private double[][] weights = {};
    private int windows;
    private boolean shared;

    /**
     * For windows of one size.
     *
     * @param length samples
     * @param features of each sample
     * @param count periods for each window
     */
    PeriodSearch(int length, int features, int count) {
        this.fft = new RealFft(length);
        this.features = features;
        this.count = count;
        this.batchSpectrum = new double[fft.bins()];
        this.strongest = new int[count];
    }

    /**
     * Finds the periods of a batch.
     *
     * @param sequence {@code [windows, length, features]}
     * @param shareAcrossBatch take the bins from the average spectrum of the batch, as the
     *     reference does, so that results can be compared with it; never where windows come from
     *     streams
     */
    void run(Tensor sequence, boolean shareAcrossBatch) {
        windows = sequence.dimension(0);
        shared = shareAcrossBatch;
        makeRoom();
        for (int window = 0; window < windows; window++) {
            measure(sequence.data(), window);
            if (!shared) {
                DominantPeriods.find(spectra[window], bins[window]);
            }
        }
        if (shared) {
            shareBins();
        }
        for (int window = 0; window < windows; window++) {
            weigh(spectra[window], bins[window], weights[window]);
            for (int i = 0; i < count; i++) {
                periods[window][i] = DominantPeriods.period(fft.length(), bins[window][i]);
            }
        }
    }

    private void makeRoom() {
        int before = spectra.length;
        if (before < windows) {
            spectra = Arrays.copyOf(spectra, windows);
            bins = Arrays.copyOf(bins, windows);
            periods = Arrays.copyOf(periods, windows);
            weights = Arrays.copyOf(weights, windows);
            for (int window = before; window < windows; window++) {
                spectra[window] = new double[fft.bins()];
                bins[window] = new int[count];
                periods[window] = new int[count];
                weights[window] = new double[count];
            }
        }
    }

    private void measure(float[] sequence, int window) {
        double[] spectrum = spectra[window];
        Arrays.fill(spectrum, 0);
        int first = window * fft.length() * features;
        for (int feature = 0; feature < features; feature++) {
            fft.addAmplitudes(sequence, first + feature, features, spectrum);
        }
        for (int bin = 0; bin < spectrum.length; bin++) {
            spectrum[bin] /= features;
        }
        spectrum[0] = 0;
    }

    private void shareBins() {
        Arrays.fill(batchSpectrum, 0);
        for (int window = 0; window < windows; window++) {
            for (int bin = 0; bin < batchSpectrum.length; bin++) {
                batchSpectrum[bin] += spectra[window][bin] / windows;
            }
        }
        DominantPeriods.find(batchSpectrum, strongest);
        for (int window = 0; window < windows; window++) {
            System.arraycopy(strongest, 0, bins[window], 0, count);
        }
    }

    private static void weigh(double[] spectrum, int[] bins, double[] weights) {
        double largest = 0;
        for (int bin : bins) {
            largest = Math.max(largest, spectrum[bin]);
        }
        double sum = 0;
        for (int i = 0; i < bins.length; i++) {
            weights[i] = Math.exp(spectrum[bins[i]] - largest);
            sum += weights[i];
        }
        for (int i = 0; i < bins.length; i++) {
            weights[i] /= sum;
        }
    }

    /** How much the fold of a window along a period counts; 0 if it is none of its periods. */
    double weight(int window, int period) {
        double weight = 0;
        for (int i = 0; i < count; i++) {
            // Two bins may stand for the same period.
            if (periods[window][i] == period) {
                weight += weights[window][i];
            }
        }
        return weight;
    }

    /** A window's strongest bins. */
    int[] bins(int window) {
        return bins[window];
    }

    /**
     * The gradients by the amplitudes of a window's strongest bins.
     *
     * @param byWeights the gradients by {@link #weight}, for each period
     */
    double[] byAmplitudes(int window, double[] byWeights) {
        double mean = 0;
        for (int i = 0; i < count; i++) {
            mean += weights[window][i] * byWeights[periods[window][i]];
        }
        double[] gradients = new double[count];
        for (int i = 0; i < count; i++) {
            gradients[i] = weights[window][i] * (byWeights[periods[window][i]] - mean);
        }
        return gradients;
    }

    /** Whether all windows are folded along the same periods by construction. */
    boolean isShared() {
        return shared || windows == 1;
    }

    /** The period of the strongest bin. */
    int strongestPeriod(int window) {
        return periods[window][0];
    }

    void trace(Trace trace, String block) {
        double[] amplitudes = new double[windows * count];
        double[] softmax = new double[windows * count];
        for (int window = 0; window < windows; window++) {
            for (int i = 0; i < count; i++) {
                amplitudes[window * count + i] = spectra[window][bins[window][i]];
                softmax[window * count + i] = weights[window][i];
            }
        }
        trace.add(block + ".period_weight", new CaseTensor(new int[] {windows, count}, amplitudes));
        trace.add(block + ".softmax", new CaseTensor(new int[] {windows, count}, softmax));
        if (isShared()) {
            double[] spectrum = shared ? batchSpectrum : spectra[0];
            double[] topList = new double[count];
            double[] periodList = new double[count];
            for (int i = 0; i < count; i++) {
                topList[i] = bins[0][i];
                periodList[i] = periods[0][i];
            }
            trace.add(
                    block + ".frequency_list",
                    new CaseTensor(new int[] {spectrum.length}, spectrum.clone()));
            trace.add(block + ".top_list", new CaseTensor(new int[] {count}, topList));
            trace.add(block + ".period_list", new CaseTensor(new int[] {count}, periodList));
        }
    }
}
