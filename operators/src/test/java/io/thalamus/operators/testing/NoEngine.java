/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngineFactory;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import java.util.List;
import java.util.Map;

/** An engine for models that need none. */
public final class NoEngine implements GraphEngine {
    public static final String NAME = "none";

    /** Found by the service loader. */
    public static final class Factory implements GraphEngineFactory {
        @Override
        public List<String> names() {
            return List.of(NAME);
        }

        @Override
        public GraphEngine open(String name) {
            return new NoEngine();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights) {
        throw new UnsupportedOperationException("engine none runs no graph");
    }

    @Override
    public void close() {
        // nothing is open
    }
}
