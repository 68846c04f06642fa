/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Normalisation;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Normalises by statistics of each channel that a stream may have moved. While it learns, windows
 * are a batch of one stream, and may be normalised by their own statistics, or by running ones that
 * they move first.
 */
final class BatchNorm extends NormLayer {
    private final Parameter mean;
    private final Parameter variance;
    private final double epsilon;
    private final WindowSum total = new WindowSum();
    private Normalisation how = Normalisation.SOURCE;
    private double alpha;

    /** Of the last run of a batch: what it was normalised by, and its own means. */
    private ChannelStatistics used;

    private double[] ownMeans = new double[0];

    /**
     * A normalisation as it is in the bundle.
     *
     * @param source its running statistics
     */
    BatchNorm(String name, float[] gain, float[] offset, ChannelStatistics source, double epsilon) {
        super(name, gain, offset);
        mean = new Parameter(name + ".running_mean", source.mean());
        variance = new Parameter(name + ".running_var", source.variance());
        this.epsilon = epsilon;
    }

    /**
     * Says what the next runs are normalised by; {@link Normalisation#SOURCE}, which it begins
     * with, is what each stream knows.
     *
     * @param share how far running statistics move, of {@link Normalisation#EMA}
     */
    void normaliseBy(Normalisation next, double share) {
        how = next;
        alpha = share;
    }

    @Override
    List<Parameter> statistics() {
        return List.of(mean, variance);
    }

    @Override
    void measure(Tensor maps, List<FastWeights> learned, double[] rowMeans, double[] rowInverses) {
        int windows = maps.dimension(0);
        if (how == Normalisation.SOURCE) {
            for (int window = 0; window < windows; window++) {
                spread(running(learned.get(window)), window, rowMeans, rowInverses);
            }
            return;
        }
        ChannelStatistics batch = batch(maps);
        used = how == Normalisation.EMA ? running(learned.get(0)).towards(batch, alpha) : batch;
        for (int window = 0; window < windows; window++) {
            spread(used, window, rowMeans, rowInverses);
        }
    }

    private ChannelStatistics running(FastWeights learned) {
        return new ChannelStatistics(mean.of(learned), variance.of(learned));
    }

    private void spread(
            ChannelStatistics statistics, int window, double[] rowMeans, double[] rowInverses) {
        for (int k = 0; k < channels(); k++) {
            rowMeans[window * channels() + k] = statistics.mean()[k];
            rowInverses[window * channels() + k] =
                    1 / Math.sqrt(statistics.variance()[k] + epsilon);
        }
    }

    private ChannelStatistics batch(Tensor maps) {
        double count = (double) maps.size() / channels();
        total.clear(channels(), maps.dimension(3));
        total.add(maps);
        ownMeans = new double[channels()];
        float[] means = new float[channels()];
        for (int k = 0; k < channels(); k++) {
            ownMeans[k] = total.channel(k) / count;
            means[k] = (float) ownMeans[k];
        }
        total.addSquares(maps, ownMeans);
        float[] variances = new float[channels()];
        for (int k = 0; k < channels(); k++) {
            variances[k] = (float) (total.product(k) / count);
        }
        return new ChannelStatistics(means, variances);
    }

    /** Puts the running statistics of the last run in, as differences to the bundle's. */
    void remember(Map<String, float[]> deltas) {
        deltas.put(mean.name(), mean.delta(used.mean()));
        deltas.put(variance.name(), variance.delta(used.variance()));
    }

    /** A channel's rows count together, as windows of one stream are normalised alike. */
    @Override
    void sum(
            Tensor gradient,
            Tensor maps,
            double[] rowMeans,
            double[] rowSums,
            double[] rowProducts) {
        int rows = maps.dimension(0) * channels();
        Arrays.fill(rowSums, channels(), rows, 0);
        Arrays.fill(rowProducts, channels(), rows, 0);
        total.clear(channels(), maps.dimension(3));
        total.add(gradient, maps, rowMeans);
        for (int k = 0; k < channels(); k++) {
            rowSums[k] = total.channel(k);
            rowProducts[k] = total.product(k);
        }
    }

    @Override
    void couple(double[] rowSums, double[] rowProducts, int windows, int time) {
        double share =
                switch (how) {
                    case BATCH -> 1;
                    case EMA -> alpha;
                    default -> 0;
                };
        double scale = share / ((double) windows * time);
        for (int k = 0; k < channels(); k++) {
            double sum = 0;
            double product = 0;
            for (int row = k; row < windows * channels(); row += channels()) {
                sum += rowSums[row];
                product += rowProducts[row];
            }
            for (int row = k; row < windows * channels(); row += channels()) {
                rowSums[row] = scale * sum;
                rowProducts[row] = scale * product;
            }
        }
    }

    @Override
    double drift(int channel) {
        return how == Normalisation.EMA ? used.mean()[channel] - ownMeans[channel] : 0;
    }
}
