/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.jna.JnaUtils;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableSegment;
import io.thalamus.operators.inference.WrongConvolution;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph as one cached operation whose runs are recorded, for images that need the same kernels.
 */
final class TrainableSymbol implements AutoCloseable {
    private final LoadedSymbol symbol;
    private final Transfer transfer;

    /** The gradients by the weights, each written anew on every way back. */
    private final Map<Integer, MxNDArray> gradients = new HashMap<>();

    private final Tensor gradient = Tensor.empty();

    TrainableSymbol(LoadedSymbol symbol, Transfer transfer) {
        this.symbol = symbol;
        this.transfer = transfer;
        for (int place : symbol.weights().keySet()) {
            gradients.put(place, watched(symbol.manager(), symbol.arguments()[place]));
        }
    }

    private static MxNDArray watched(MxNDManager manager, MxNDArray array) {
        MxNDArray gradient = manager.create(array.getShape(), array.getDataType());
        Autograd.watch(array, gradient);
        return gradient;
    }

    void set(Map<String, Tensor> weights) {
        symbol.weights()
                .forEach(
                        (place, weight) -> {
                            if (weights.containsKey(weight.name())) {
                                set(symbol.arguments()[place], weight.value(weights));
                            }
                        });
    }

    /** An array that a convolution has used takes values from other arrays alone. */
    private void set(MxNDArray array, Tensor value) {
        try (MxNDArray plain = transfer.create(symbol.manager(), value.shape())) {
            transfer.in(value, plain);
            plain.copyTo(array);
        }
    }

    Run record(List<Tensor> inputs) {
        return new Run(inputs);
    }

    /** A run's own arrays, and through them all that its gradients need. */
    final class Run implements TrainableSegment.Recording {
        private final MxNDManager manager = (MxNDManager) symbol.manager().newSubManager();
        private final MxNDArray[] inputGradients;
        private final int[][] inputShapes;
        private final MxNDArray[] outputs;

        private Run(List<Tensor> inputs) {
            MxNDArray[] arguments = symbol.arguments().clone();
            int[] places = symbol.inputPlaces();
            inputGradients = new MxNDArray[places.length];
            inputShapes = new int[places.length][];
            for (int i = 0; i < places.length; i++) {
                inputShapes[i] = inputs.get(i).shape();
                if (places[i] >= 0) {
                    MxNDArray input = transfer.create(manager, inputShapes[i]);
                    transfer.in(inputs.get(i), input);
                    inputGradients[i] = watched(manager, input);
                    arguments[places[i]] = input;
                }
            }
            outputs =
                    Autograd.record(
                            () ->
                                    JnaUtils.cachedOpInvoke(
                                            manager, symbol.operation().getHandle(), arguments));
        }

        MxNDArray[] outputs() {
            return outputs;
        }

        @Override
        public void backward(
                List<Tensor> outputGradients,
                List<Tensor> byInputs,
                Map<String, Tensor> byWeights) {
            MxNDArray[] given = new MxNDArray[outputs.length];
            for (int i = 0; i < given.length; i++) {
                given[i] = transfer.create(manager, outputGradients.get(i).shape());
                transfer.in(outputGradients.get(i), given[i]);
            }
            Autograd.backward(outputs, given);
            for (int i = 0; i < inputGradients.length; i++) {
                Tensor byInput = byInputs.get(i).reshape(inputShapes[i]);
                if (inputGradients[i] == null) {
                    Arrays.fill(byInput.data(), 0, byInput.size(), 0);
                } else {
                    transfer.out(inputGradients[i], byInput);
                }
            }
            symbol.weights()
                    .forEach(
                            (place, weight) -> {
                                Tensor sum = byWeights.get(weight.name());
                                if (sum != null) {
                                    add(gradients.get(place), weight, sum);
                                }
                            });
        }

        private void add(MxNDArray array, SymbolWriter.Weight weight, Tensor sum) {
            gradient.reshape(Transfer.shape(array));
            transfer.out(array, gradient);
            Tensor addend = weight.widened() ? WrongConvolution.narrowed(gradient) : gradient;
            for (int i = 0; i < sum.size(); i++) {
                sum.data()[i] += addend.data()[i];
            }
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    @Override
    public void close() {
        symbol.close();
    }
}
