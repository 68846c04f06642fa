/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngineFactory;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import java.util.List;
import java.util.Map;

/** An engine for models that need none. */
public final class NoEngine implements GraphEngineFactory {

    @Override
    public List<String> names() {
        return List.of("none");
    }

    @Override
    public GraphEngine open(String name) {
        return new GraphEngine() {
            @Override
            public String name() {
                return "none";
            }

            @Override
            public CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights) {
                throw new UnsupportedOperationException("this engine runs nothing");
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
    }
}
