/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.interpreter;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngineFactory;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.mxnet.NativeEnvironment;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs graphs operation by operation: slower than a compiled back end, and the check on it. Also
 * the way to engines that have no back end of their own. On PyTorch an element's result may differ
 * in its last bits (1e-6) with the size of its batch, as PyTorch chooses its kernels by it.
 */
public final class NDArrayEngine implements GraphEngine {
    private static final List<String> ENGINES = List.of("MXNet", "PyTorch");
    private static final String SUFFIX = "-interpreter";

    private final String name;
    private final NDManager manager;

    /** Found by {@link java.util.ServiceLoader}; needs no DJL until an engine is opened. */
    public static final class Factory implements GraphEngineFactory {
        @Override
        public List<String> names() {
            return ENGINES.stream().map(NDArrayEngine::nameOf).toList();
        }

        @Override
        public GraphEngine open(String name) {
            for (String engine : ENGINES) {
                if (nameOf(engine).equals(name)) {
                    return new NDArrayEngine(engine);
                }
            }
            throw new IllegalArgumentException("no interpreter is called " + name);
        }
    }

    /**
     * Starts the engine.
     *
     * @param djlEngine the engine's name in DJL: MXNet or PyTorch
     * @throws InvalidInputException if the engine is not on the class path
     */
    public NDArrayEngine(String djlEngine) {
        this.name = nameOf(djlEngine);
        NativeEnvironment.prepare();
        if (!Engine.hasEngine(djlEngine)) {
            throw new InvalidInputException(
                    "engine %s needs DJL's %s engine on the class path, which has %s; PyTorch comes with a build with -Pengine-pytorch"
                            .formatted(name, djlEngine, Engine.getAllEngines()));
        }
        this.manager = Engine.getEngine(djlEngine).newBaseManager(Device.cpu());
    }

    private static String nameOf(String djlEngine) {
        return djlEngine.toLowerCase(Locale.ROOT) + SUFFIX;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights) {
        return new InterpretedSegment(graph, weights, manager);
    }

    @Override
    public void close() {
        manager.close();
    }
}
