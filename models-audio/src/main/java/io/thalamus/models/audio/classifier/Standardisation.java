/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

/**
 * Centres and scales each channel of a window by what it was in training.
 *
 * @param factor of each channel
 * @param summand of each channel
 */
record Standardisation(float[] factor, float[] summand) {

    static Standardisation of(float[] mean, float[] deviation) {
        float[] factor = new float[mean.length];
        float[] summand = new float[mean.length];
        for (int c = 0; c < mean.length; c++) {
            factor[c] = (float) (1 / (double) deviation[c]);
            summand[c] = (float) (-mean[c] / (double) deviation[c]);
        }
        return new Standardisation(factor, summand);
    }

    /**
     * Standardises one window.
     *
     * @param windows {@code [windows, channels, length]}
     * @param fromWindow which of them
     * @param standardised takes it, of the same form
     * @param toWindow where
     */
    void apply(float[] windows, int fromWindow, float[] standardised, int toWindow, int length) {
        for (int c = 0; c < factor.length; c++) {
            int from = (fromWindow * factor.length + c) * length;
            int to = (toWindow * factor.length + c) * length;
            float scale = factor[c];
            float shift = summand[c];
            for (int t = 0; t < length; t++) {
                standardised[to + t] = scale * windows[from + t] + shift;
            }
        }
    }
}
