/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;

/**
 * Overlapping triangular filters that stand as far apart as they sound: the edges and the middles
 * of {@code bands} triangles are {@code bands + 2} frequencies at equal steps of the scale, and
 * each triangle rises from the middle of the one before, and falls to that of the next (Davis and
 * Mermelstein, "Comparison of Parametric Representations for Monosyllabic Word Recognition", IEEE
 * Transactions ASSP 28, 1980).
 *
 * @param scale the scale, and the height of the triangles
 * @param bands how many there are
 * @param low where the first begins, in Hz
 * @param high where the last ends, in Hz; infinity for half the sample rate
 */
public record MelBank(MelScale scale, int bands, double low, double high) implements Serializable {

    public MelBank {
        if (bands < 1 || !(low >= 0 && low < high)) {
            throw new InvalidInputException(
                    "log-mel: there are %d bands from %s to %s Hz; give at least 1 band, and a low"
                                    .formatted(bands, low, high)
                            + " from 0 to below the high");
        }
    }

    /**
     * The weight of each frequency in each band, for blocks of a stream.
     *
     * @param length samples of a block
     * @return {@code [bands][length / 2 + 1]}
     * @throws InvalidInputException if the bank reaches beyond half the rate, or if there is no
     *     frequency in a band
     */
    public double[][] weights(int length, SampleRate rate) {
        double half = rate.hertz() / 2;
        double end = Double.isInfinite(high) ? half : high;
        if (end > half || low >= half) {
            throw new InvalidInputException(
                    "log-mel: the bands are from %s to %s Hz; at a sample rate of %s they must end at %s Hz or below"
                            .formatted(low, end, rate, half));
        }
        double[][] weights = new double[bands][length / 2 + 1];
        for (int band = 0; band < bands; band++) {
            double from = edge(band, end);
            double middle = edge(band + 1, end);
            double to = edge(band + 2, end);
            double sum = 0;
            for (int bin = 0; bin < weights[band].length; bin++) {
                double hertz = bin * rate.hertz() / length;
                double rise = (hertz - from) / (middle - from);
                double fall = (to - hertz) / (to - middle);
                double share = Math.max(0, Math.min(rise, fall));
                weights[band][bin] = share * scale.height(from, to);
                sum += share;
            }
            if (sum == 0) {
                throw new InvalidInputException(
                        "log-mel: band %d, from %d to %d Hz, holds none of the frequencies, which are %s Hz apart; give fewer bands or longer blocks"
                                .formatted(
                                        band,
                                        Math.round(from),
                                        Math.round(to),
                                        rate.hertz() / length));
            }
        }
        return weights;
    }

    private double edge(int index, double end) {
        double first = scale.ofHertz(low);
        double last = scale.ofHertz(end);
        return scale.toHertz(first + index * (last - first) / (bands + 1));
    }
}
