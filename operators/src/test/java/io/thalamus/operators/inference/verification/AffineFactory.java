/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One matrix: {@code y} is x W', {@code rows} the number of rows, {@code mask_echo.re} is one. */
public final class AffineFactory implements ModelFactory {

    @Override
    public String architecture() {
        return "affine";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        throw new UnsupportedOperationException("there are only cases");
    }

    @Override
    public void check(ModelBundle bundle) {
        weight(bundle);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        throw new UnsupportedOperationException("there are only cases");
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        TensorGraph graph = new TensorGraph("affine");
        graph.output(graph.dense(graph.input("x"), graph.weight("w")));
        CompiledSegment segment = engine.compile(graph, Map.of("w", weight(bundle)));
        return new CaseRunner() {
            @Override
            public Map<String, CaseTensor> run(
                    JsonNode description, Map<String, CaseTensor> inputs) {
                CaseTensor x = inputs.get("x");
                Tensor y = Tensor.empty();
                segment.run(List.of(Tensor.of(x.floats(), x.shape())), List.of(y));
                return Map.of(
                        "y",
                        CaseTensor.of(Arrays.copyOf(y.data(), y.size()), y.shape()),
                        "rows",
                        CaseTensor.of(new float[] {x.shape()[0]}, 1),
                        "mask_echo.re",
                        CaseTensor.of(new float[] {1}, 1));
            }

            @Override
            public Map<String, CaseTensor> record(SignalFrame window) {
                throw new UnsupportedOperationException("it has no windows");
            }

            @Override
            public void close() {
                segment.close();
            }
        };
    }

    private static Tensor weight(ModelBundle bundle) {
        return bundle.weight(bundle.weights(), "w", 2, 3);
    }
}
