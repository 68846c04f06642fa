/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.MxNDManager;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A graph as operations of the library: one for nearly all shapes, and one for each set of
 * convolutions that the library would compute wrongly. They are made when they are asked for.
 *
 * @param <S> the kind of operation
 */
final class Symbols<S> {
    private final TensorGraph graph;
    private final Map<String, Tensor> weights;
    private final MxNDManager manager;
    private final Transfer transfer;
    private final BiFunction<LoadedSymbol, Transfer, S> kind;
    private final Map<Variant, S> made = new HashMap<>();

    /** What one operation has and another has not. */
    private record Variant(Set<Integer> widened, Buffers buffers) {}

    Symbols(
            TensorGraph graph,
            Map<String, Tensor> weights,
            MxNDManager manager,
            Transfer transfer,
            BiFunction<LoadedSymbol, Transfer, S> kind) {
        this.graph = graph;
        this.weights = weights;
        this.manager = manager;
        this.transfer = transfer;
        this.kind = kind;
    }

    /**
     * @param widened the nodes of the convolutions that would be wrong
     * @param buffers of its results
     */
    S get(Set<Integer> widened, Buffers buffers) {
        return made.computeIfAbsent(
                new Variant(widened, buffers),
                variant ->
                        kind.apply(
                                LoadedSymbol.load(
                                        graph,
                                        weights,
                                        variant.widened,
                                        variant.buffers,
                                        (MxNDManager) manager.newSubManager(),
                                        transfer),
                                transfer));
    }

    void forEach(Consumer<S> action) {
        made.values().forEach(action);
    }
}
