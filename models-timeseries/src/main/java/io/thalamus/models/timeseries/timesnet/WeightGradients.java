/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The gradient of a batch's loss by the weights: summed up in the form in which graphs use them,
 * and told in the form in which the reference stores them.
 *
 * @param tensors by what {@link TimesNetWeights#tensors} holds
 * @param inceptions by the merged convolutions of each block
 */
record WeightGradients(Map<String, Tensor> tensors, List<TimesNetWeights.Inceptions> inceptions) {

    /** Zeros for weights of these shapes. */
    static WeightGradients zeros(TimesNetWeights weights) {
        Map<String, Tensor> tensors = new HashMap<>();
        weights.tensors().forEach((name, value) -> tensors.put(name, zeros(value)));
        tensors.remove(TimesNetWeights.POSITION);
        return new WeightGradients(
                tensors,
                weights.inceptions().stream()
                        .map(
                                i ->
                                        new TimesNetWeights.Inceptions(
                                                zeros(i.widen()), zeros(i.narrow())))
                        .toList());
    }

    private static MergedKernel zeros(MergedKernel kernel) {
        return new MergedKernel(zeros(kernel.weight()), zeros(kernel.bias()));
    }

    private static Tensor zeros(Tensor tensor) {
        return Tensor.of(new float[tensor.size()], tensor.shape());
    }

    /** Begins a new sum. */
    void clear() {
        tensors.values().forEach(WeightGradients::clear);
        for (TimesNetWeights.Inceptions inception : inceptions) {
            clear(inception.widen().weight());
            clear(inception.widen().bias());
            clear(inception.narrow().weight());
            clear(inception.narrow().bias());
        }
    }

    private static void clear(Tensor tensor) {
        Arrays.fill(tensor.data(), 0, tensor.size(), 0);
    }

    /**
     * Tells the gradients by the stored weights.
     *
     * @param byName tensors of the weights' shapes, by the reference's names, that take them
     */
    void tell(TimesNetConfig config, Map<String, Tensor> byName) {
        tensors.forEach(
                (name, gradient) -> {
                    if (name.equals(TimesNetWeights.EMBEDDING)) {
                        TimesNetWeights.splitEmbedding(gradient, config, byName);
                    } else {
                        System.arraycopy(
                                gradient.data(), 0, byName.get(name).data(), 0, gradient.size());
                    }
                });
        for (int layer = 0; layer < inceptions.size(); layer++) {
            for (int number = 0; number < config.kernels(); number++) {
                String first = TimesNetWeights.kernel(layer, true, number);
                String second = TimesNetWeights.kernel(layer, false, number);
                tell(inceptions.get(layer).widen(), first, number, config.kernels(), byName);
                tell(inceptions.get(layer).narrow(), second, number, config.kernels(), byName);
            }
        }
    }

    private static void tell(
            MergedKernel kernel, String name, int number, int count, Map<String, Tensor> byName) {
        kernel.split(number, count, byName.get(name + ".weight"), byName.get(name + ".bias"));
    }
}
