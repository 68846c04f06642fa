/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph on an engine, with its outputs under their names. */
final class Segment implements AutoCloseable {
    private final CompiledSegment compiled;
    private final Map<String, Tensor> byName = new LinkedHashMap<>();
    private final List<Tensor> outputs;

    Segment(DuinGraph graph, GraphEngine engine) {
        compiled = graph.compile(engine);
        graph.outputs().forEach(name -> byName.put(name, Tensor.empty()));
        outputs = new ArrayList<>(byName.values());
    }

    void run(Tensor... inputs) {
        run(List.of(inputs));
    }

    void run(List<Tensor> inputs) {
        compiled.run(inputs, outputs);
    }

    /** What the last run gave. */
    Tensor output(String name) {
        return byName.get(name);
    }

    /** A copy of all that the last run gave. */
    Map<String, CaseTensor> tensors() {
        Map<String, CaseTensor> tensors = new LinkedHashMap<>();
        byName.forEach((name, tensor) -> tensors.put(name, copy(tensor)));
        return tensors;
    }

    static CaseTensor copy(Tensor tensor) {
        return CaseTensor.of(Arrays.copyOf(tensor.data(), tensor.size()), tensor.shape().clone());
    }

    @Override
    public void close() {
        compiled.close();
    }
}
