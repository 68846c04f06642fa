/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;

/** Windows and what is known of their time, as the embedding's convolution takes them. */
final class EmbeddingInput {
    private final TimesNetConfig config;
    private final Normalisation normalisation;
    private final float[] normalised;
    private final Tensor x = Tensor.empty();

    EmbeddingInput(TimesNetConfig config, Normalisation normalisation) {
        this.config = config;
        this.normalisation = normalisation;
        this.normalised = new float[config.channels() * config.inputLength()];
    }

    /**
     * Lays out each window's channels, normalised, with the last sample before the first and the
     * first after the last; and its time features.
     *
     * @param windows {@code channels x inputLength} values each
     * @param timeFeatures for each window {@code inputLength x marks} features; none if the network
     *     is not told the time
     * @return {@code [windows, channels + marks, 1, inputLength + 2]}, valid until the next call
     */
    Tensor take(float[][] windows, float[][] timeFeatures) {
        int length = config.inputLength();
        int row = length + 2;
        int features = config.marks().count();
        x.reshape(windows.length, config.channels() + features, 1, row);
        // A network that is not told the time gets zeros: their map has no bias.
        Arrays.fill(x.data(), 0, x.size(), 0);
        normalisation.start(windows.length);
        int to = 0;
        for (int window = 0; window < windows.length; window++) {
            normalisation.apply(window, windows[window], normalised);
            for (int from = 0; from < normalised.length; from += length) {
                x.data()[to] = normalised[from + length - 1];
                System.arraycopy(normalised, from, x.data(), to + 1, length);
                x.data()[to + row - 1] = normalised[from];
                to += row;
            }
            if (timeFeatures.length > 0) {
                takeFeatures(timeFeatures[window], features, to);
            }
            to += features * row;
        }
        return x;
    }

    private void takeFeatures(float[] timeFeatures, int count, int to) {
        int length = config.inputLength();
        for (int feature = 0; feature < count; feature++) {
            int first = to + feature * (length + 2) + 1;
            for (int t = 0; t < length; t++) {
                x.data()[first + t] = timeFeatures[t * count + feature];
            }
        }
    }
}
