/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.mxnet;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.mxnet.engine.MxNDManager;
import ai.djl.ndarray.NDManager;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngineFactory;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TrainableSegment;
import java.util.List;
import java.util.Map;

/** The compiled back end: a graph becomes one MXNet symbol, run as one cached operation. */
public final class MxNetEngine implements GraphEngine {
    static final String NAME = "mxnet";

    private final NDManager manager;

    /**
     * Found by {@link java.util.ServiceLoader}; touches nothing native until an engine is opened.
     */
    public static final class Factory implements GraphEngineFactory {
        @Override
        public List<String> names() {
            return List.of(NAME);
        }

        @Override
        public GraphEngine open(String name) {
            NativeEnvironment.prepare();
            return new MxNetEngine(Engine.getEngine("MXNet").newBaseManager(Device.cpu()));
        }
    }

    private MxNetEngine(NDManager manager) {
        this.manager = manager;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights) {
        return new MxNetSegment(graph, weights, (MxNDManager) manager.newSubManager());
    }

    @Override
    public TrainableSegment compileForTraining(TensorGraph graph, Map<String, Tensor> weights) {
        return new TrainableMxNetSegment(graph, weights, (MxNDManager) manager.newSubManager());
    }

    @Override
    public void close() {
        manager.close();
    }
}
