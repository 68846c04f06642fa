/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * A {@link TimesBlock}, forth and back. The gradient goes through the folds and, by the weights of
 * the folds, through the amplitudes of the chosen bins; which bins are chosen has none.
 */
final class TrainedBlock implements AutoCloseable {
    private final int length;
    private final Folding folding;
    private final PeriodSearch search;
    private final SpectrumGradient spectrum;
    private final FoldGradients convolutions;

    private final Tensor in = Tensor.empty();
    private final Tensor image = Tensor.empty();
    private final Tensor byImage = Tensor.empty();
    private final Deque<Fold> folds = new ArrayDeque<>();

    /** What a fold made of the windows that are folded along its period. */
    private record Fold(int period, int[] members, double[] weights, Tensor folded) {}

    TrainedBlock(TimesNetConfig config, String name, GraphEngine engine) {
        int features = config.width();
        this.length = config.length();
        this.folding = new Folding(length, features, FoldConvolutions.wholeBlocks(features));
        this.search = new PeriodSearch(length, features, config.periods());
        this.spectrum = new SpectrumGradient(length, features);
        this.convolutions = new FoldGradients(engine, name);
    }

    /** Takes the weights of the next batch. */
    void set(TimesNetWeights.Inceptions weights) {
        folds.clear();
        convolutions.set(weights);
    }

    /** Runs the block as {@link TimesBlock#run}. */
    void forward(Tensor sequence, Tensor out) {
        in.reshape(sequence.shape());
        out.reshape(sequence.shape());
        System.arraycopy(sequence.data(), 0, in.data(), 0, in.size());
        System.arraycopy(sequence.data(), 0, out.data(), 0, in.size());
        search.run(in, /* shareAcrossBatch= */ false);
        for (int period = 2; period <= length; period++) {
            Fold fold = fold(period);
            if (fold.members().length > 0) {
                folding.fold(in, fold.members(), 0, fold.members().length, period, image);
                convolutions.forward(image, fold.folded());
                folding.addUnfolded(fold.folded(), fold.members(), fold.weights(), 0, out);
                folds.push(fold);
            }
        }
    }

    private Fold fold(int period) {
        int windows = in.dimension(0);
        int[] members = new int[windows];
        double[] weights = new double[windows];
        int count = 0;
        for (int window = 0; window < windows; window++) {
            double weight = search.weight(window, period);
            if (weight >= TimesBlock.NEGLIGIBLE) {
                members[count] = window;
                weights[count++] = weight;
            }
        }
        return new Fold(
                period,
                Arrays.copyOf(members, count),
                Arrays.copyOf(weights, count),
                Tensor.empty());
    }

    /**
     * Goes back through the last batch.
     *
     * @param byOut gradient by the result, {@code [windows, length, features]}
     * @param byIn takes the gradient by the input
     */
    void backward(Tensor byOut, Tensor byIn, TimesNetWeights.Inceptions byWeights) {
        backward(byOut, byIn, convolutions::backward);
        convolutions.addTo(byWeights);
    }

    /** The same without the gradient by the weights. */
    void backward(Tensor byOut, Tensor byIn) {
        backward(byOut, byIn, convolutions::backwardToImage);
    }

    private void backward(Tensor byOut, Tensor byIn, BiConsumer<Tensor, Tensor> through) {
        byIn.reshape(byOut.shape());
        System.arraycopy(byOut.data(), 0, byIn.data(), 0, byOut.size());
        // by how much each fold of a window counts; those that were not run have no part in it
        double[][] byWeight = new double[byOut.dimension(0)][length + 1];
        while (!folds.isEmpty()) {
            Fold fold = folds.pop();
            int[] members = fold.members();
            folding.fold(byOut, members, 0, members.length, fold.period(), image);
            int size = image.size() / members.length;
            for (int member = 0; member < members.length; member++) {
                byWeight[members[member]][fold.period()] =
                        product(image, fold.folded(), member * size, size);
                scale(image, fold.weights()[member], member * size, size);
            }
            through.accept(image, byImage);
            double[] once = new double[members.length];
            Arrays.fill(once, 1);
            folding.addUnfolded(byImage, members, once, 0, byIn);
        }
        for (int window = 0; window < byWeight.length; window++) {
            spectrum.add(
                    in,
                    window,
                    search.bins(window),
                    search.byAmplitudes(window, byWeight[window]),
                    byIn);
        }
    }

    private static double product(Tensor a, Tensor b, int first, int count) {
        double sum = 0;
        for (int i = first; i < first + count; i++) {
            sum += (double) a.data()[i] * b.data()[i];
        }
        return sum;
    }

    private static void scale(Tensor tensor, double factor, int first, int count) {
        for (int i = first; i < first + count; i++) {
            tensor.data()[i] *= (float) factor;
        }
    }

    @Override
    public void close() {
        convolutions.close();
    }
}
