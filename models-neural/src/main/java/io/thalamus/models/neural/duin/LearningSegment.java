/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableSegment;
import io.thalamus.operators.inference.training.Dropout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link LearningGraph} on an engine, forth and back, one batch after the other. */
final class LearningSegment implements AutoCloseable {
    private final TrainableSegment segment;
    private final LearningGraph graph;
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();
    private final Map<String, Tensor> byOutputs = new LinkedHashMap<>();
    private final List<Tensor> extras = new ArrayList<>();
    private final Tensor unused = Tensor.empty();
    private TrainableSegment.Recording recording;

    LearningSegment(DuinGraph parts, GraphEngine engine) {
        graph = (LearningGraph) parts;
        segment = engine.compileForTraining(graph.graph(), graph.values());
        for (String name : graph.outputs()) {
            outputs.put(name, Tensor.empty());
            byOutputs.put(name, Tensor.empty());
        }
        graph.extras().forEach(extra -> extras.add(Tensor.empty()));
    }

    /**
     * Runs a batch.
     *
     * @param weights as they are now
     * @param inputs the first of {@code [signals, ...]}
     */
    void forward(Map<String, Tensor> weights, Dropout dropout, Tensor... inputs) {
        forget();
        Map<String, Tensor> used = new HashMap<>(weights);
        graph.kernels().forEach(kernel -> kernel.put(weights, used));
        segment.set(used);
        List<Tensor> all = new ArrayList<>(List.of(inputs));
        for (int i = 0; i < extras.size(); i++) {
            graph.extras().get(i).fill(extras.get(i), inputs[0].dimension(0), dropout);
            all.add(extras.get(i));
        }
        recording = segment.record(all, List.copyOf(outputs.values()));
        outputs.forEach(
                (name, output) -> {
                    Tensor gradient = byOutputs.get(name).reshape(output.shape());
                    Arrays.fill(gradient.data(), 0);
                });
    }

    /** What the last run gave. */
    Tensor output(String name) {
        return outputs.get(name);
    }

    /** The gradient by what the last run gave, to be filled; zeros at first. */
    Tensor byOutput(String name) {
        return byOutputs.get(name);
    }

    /**
     * Goes back through the last run.
     *
     * @param byWeights to which the gradients by the weights are added, by name
     * @param byInputs take those by the inputs
     */
    void backward(Map<String, Tensor> byWeights, Tensor... byInputs) {
        List<Tensor> all = new ArrayList<>(List.of(byInputs));
        extras.forEach(extra -> all.add(unused));
        Map<String, Tensor> sums = new HashMap<>(byWeights);
        graph.kernels().forEach(kernel -> sums.put(kernel.name(), kernel.gradient()));
        recording.backward(List.copyOf(byOutputs.values()), all, sums);
        graph.kernels().forEach(kernel -> kernel.addGradient(byWeights));
        forget();
    }

    private void forget() {
        if (recording != null) {
            recording.close();
            recording = null;
        }
    }

    @Override
    public void close() {
        forget();
        segment.close();
    }
}
