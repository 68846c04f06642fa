/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.mxnet.engine.CachedOp;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.mxnet.engine.MxSymbolBlock;
import ai.djl.mxnet.jna.JnaUtils;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;

/**
 * What a cached operation does with the memory of what lies between its inputs and its outputs.
 * With buffers of their own for all results the library has nothing to plan in a call, but a deep
 * network on long signals then holds gigabytes.
 */
enum Buffers {
    /** Each result has a buffer of its own, which is kept from call to call. */
    OWN("true"),
    /** Results share buffers as soon as they can; some tens of percent slower. */
    SHARED("false");

    /** Results of more than 256 MB in all share buffers. */
    private static final long MOST_OWN = 1L << 26;

    /** What DJL reads when it makes an operation. */
    private static final String STATIC_SHAPE = "ai.djl.mxnet.static_shape";

    private final String staticShape;

    Buffers(String staticShape) {
        this.staticShape = staticShape;
    }

    /** What suits a graph, given the shape of each tensor. */
    static Buffers of(TensorGraph graph, int[][] shapes) {
        long all = 0;
        for (Node node : graph.nodes()) {
            all += node.isResult() ? Tensor.size(shapes[node.id()]) : 0;
        }
        return all > MOST_OWN ? SHARED : OWN;
    }

    CachedOp operation(MxSymbolBlock block, MxNDManager manager) {
        synchronized (Buffers.class) {
            String before = System.setProperty(STATIC_SHAPE, staticShape);
            try {
                return JnaUtils.createCachedOp(block, manager, /* training= */ false);
            } finally {
                if (before == null) {
                    System.clearProperty(STATIC_SHAPE);
                } else {
                    System.setProperty(STATIC_SHAPE, before);
                }
            }
        }
    }
}
