/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;

/**
 * Folds each window along its own periods into images, one row for each period, runs the
 * convolutions on them, and adds the unfolded results to the window, each weighted by its period's
 * amplitude. Windows that share a period share a call. What a window gets does not depend on the
 * others: its folds are added in the order of their periods.
 */
final class TimesBlock implements AutoCloseable {
    /** Folds that count less change no float32 result, and are not run. */
    private static final double NEGLIGIBLE = 1e-8;

    private final String name;
    private final int length;
    private final int features;
    private final PeriodSearch search;
    private final FoldConvolutions convolutions;
    private final Trace trace;
    private final Tensor image = Tensor.empty();
    private final Tensor folded = Tensor.empty();
    private int[] members = {};
    private double[] weights = {};

    /**
     * One block.
     *
     * @param name {@code block<l>}
     * @param length samples of a window
     * @param features of each sample
     * @param search finds the periods; may be shared by blocks that run one after the other
     */
    TimesBlock(
            String name,
            int length,
            int features,
            PeriodSearch search,
            FoldConvolutions convolutions,
            Trace trace) {
        this.name = name;
        this.length = length;
        this.features = features;
        this.search = search;
        this.convolutions = convolutions;
        this.trace = trace;
    }

    /**
     * Runs the block.
     *
     * @param in {@code [windows, length, features]}
     * @param out takes the shape of {@code in}
     * @param sharePeriods see {@link PeriodSearch#run}
     */
    void run(Tensor in, Tensor out, boolean sharePeriods) {
        int windows = in.dimension(0);
        if (members.length < windows) {
            members = new int[windows];
            weights = new double[windows];
        }
        search.run(in, sharePeriods);
        out.reshape(in.shape());
        System.arraycopy(in.data(), 0, out.data(), 0, in.size());
        for (int period = 2; period <= length; period++) {
            int count = 0;
            for (int window = 0; window < windows; window++) {
                double weight = search.weight(window, period);
                if (weight >= NEGLIGIBLE) {
                    members[count] = window;
                    weights[count++] = weight;
                }
            }
            int together = convolutions.takesMany(period) ? count : 1;
            for (int first = 0; first < count; first += together) {
                fold(in, period, first, together);
                convolutions.run(image, folded);
                addUnfolded(first, together, out);
            }
            if (together == windows) {
                traceConvolutions(period);
            }
        }
        if (trace.isOn()) {
            search.trace(trace, name);
            trace.add("stage." + name, out);
        }
    }

    private void fold(Tensor in, int period, int first, int count) {
        int rows = (length + period - 1) / period;
        int size = rows * period;
        int channels = convolutions.imageChannels();
        image.reshape(count, channels, rows, period);
        float[] pixels = image.data();
        for (int member = 0; member < count; member++) {
            int from = members[first + member] * length * features;
            for (int feature = 0; feature < features; feature++) {
                int to = (member * channels + feature) * size;
                for (int t = 0; t < length; t++) {
                    pixels[to + t] = in.data()[from + t * features + feature];
                }
                Arrays.fill(pixels, to + length, to + size, 0);
            }
            int end = (member + 1) * channels * size;
            Arrays.fill(pixels, end - (channels - features) * size, end, 0);
        }
    }

    private void addUnfolded(int first, int count, Tensor out) {
        int channels = folded.dimension(1);
        int size = folded.dimension(2) * folded.dimension(3);
        float[] sums = out.data();
        for (int member = 0; member < count; member++) {
            float weight = (float) weights[first + member];
            int to = members[first + member] * length * features;
            for (int feature = 0; feature < features; feature++) {
                int from = (member * channels + feature) * size;
                for (int t = 0; t < length; t++) {
                    sums[to + t * features + feature] += weight * folded.data()[from + t];
                }
            }
        }
    }

    private void traceConvolutions(int period) {
        if (trace.isOn() && search.isShared() && period == search.strongestPeriod(0)) {
            trace.add("stage." + name + ".branch0.inception0", convolutions.hidden());
            trace.add("stage." + name + ".branch0.inception1", withoutPadding(folded));
        }
    }

    private Tensor withoutPadding(Tensor images) {
        int size = images.dimension(2) * images.dimension(3);
        int padded = images.dimension(1) * size;
        float[] data = new float[images.dimension(0) * features * size];
        for (int i = 0; i < images.dimension(0); i++) {
            System.arraycopy(images.data(), i * padded, data, i * features * size, features * size);
        }
        return Tensor.of(
                data, images.dimension(0), features, images.dimension(2), images.dimension(3));
    }

    @Override
    public void close() {
        convolutions.close();
    }
}
