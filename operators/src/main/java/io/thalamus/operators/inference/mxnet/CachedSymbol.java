/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.MxNDArray;
import ai.djl.mxnet.jna.JnaUtils;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.List;

/** A graph as one cached operation with its weights, for images that need the same kernels. */
final class CachedSymbol implements AutoCloseable {
    private final LoadedSymbol symbol;
    private final Transfer transfer;

    /** The operation's arguments in the symbol's order: weights, and inputs once they are there. */
    private final MxNDArray[] arguments;

    private final int[][] inputShapes;

    CachedSymbol(LoadedSymbol symbol, Transfer transfer) {
        this.symbol = symbol;
        this.transfer = transfer;
        this.arguments = symbol.arguments().clone();
        this.inputShapes = new int[symbol.inputPlaces().length][];
    }

    /** Runs the operation; the results are the caller's to close. */
    MxNDArray[] run(List<Tensor> inputs) {
        for (int i = 0; i < inputShapes.length; i++) {
            int place = symbol.inputPlaces()[i];
            if (place >= 0) {
                int[] shape = inputs.get(i).shape();
                if (!Arrays.equals(inputShapes[i], shape)) {
                    MxNDArray old = arguments[place];
                    arguments[place] = transfer.create(symbol.manager(), shape);
                    inputShapes[i] = shape;
                    if (old != null) {
                        old.close();
                    }
                }
                transfer.in(inputs.get(i), arguments[place]);
            }
        }
        return JnaUtils.cachedOpInvoke(symbol.manager(), symbol.operation().getHandle(), arguments);
    }

    @Override
    public void close() {
        symbol.close();
    }
}
