/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@link ClassifierGraphs} on an engine, and the {@link Head}. */
final class ClassifierNetwork implements AutoCloseable {
    private final ClassifierConfig config;
    private final ClassifierGraphs graphs;
    private final Head head;
    private final CompiledSegment first;
    private final CompiledSegment rest;
    private final Tensor features = Tensor.empty();
    private final Tensor firstMaps = Tensor.empty();
    private final List<Tensor> outputs = new ArrayList<>();

    ClassifierNetwork(
            ClassifierConfig config, ModelBundle bundle, GraphEngine engine, boolean withTaps) {
        this.config = config;
        graphs = new ClassifierGraphs(config, bundle, withTaps);
        head = new Head(config, bundle, graphs.channels());
        first = engine.compile(graphs.first(), graphs.values());
        rest = engine.compile(graphs.rest(), graphs.values());
        outputs.add(Tensor.empty());
        graphs.taps().forEach(tap -> outputs.add(Tensor.empty()));
    }

    int classes() {
        return head.classes();
    }

    /** Channels of the first layer. */
    int neurons() {
        return graphs.neurons();
    }

    /** The windows, to be filled before {@link #runFirst}: {@code [windows, channels, 1, time]}. */
    Tensor features(int windows) {
        return features.reshape(windows, config.channels(), 1, config.length());
    }

    /**
     * Runs the first layer.
     *
     * @return its output {@code [windows, neurons, 1, time]}, which may be changed before {@link
     *     #runRest}
     */
    Tensor runFirst() {
        first.run(List.of(features), List.of(firstMaps));
        return firstMaps;
    }

    /** Runs all behind the first layer, up to the logits. */
    void runRest() {
        rest.run(List.of(firstMaps), outputs);
    }

    /** The logits of a window after {@link #runRest}. */
    void logits(int window, float[] logits) {
        head.logits(outputs.get(0), window, logits);
    }

    /** What the normalisations gave in the last run, by name, {@code [windows, channels, time]}. */
    Map<String, CaseTensor> taps() {
        Map<String, CaseTensor> taps = new LinkedHashMap<>();
        for (int i = 0; i < graphs.taps().size(); i++) {
            taps.put(graphs.taps().get(i), maps(outputs.get(1 + i)));
        }
        return taps;
    }

    /** A copy of maps, without the axis of one row. */
    static CaseTensor maps(Tensor tensor) {
        return CaseTensor.of(
                Arrays.copyOf(tensor.data(), tensor.size()),
                tensor.dimension(0),
                tensor.dimension(1),
                tensor.dimension(3));
    }

    @Override
    public void close() {
        try {
            first.close();
        } finally {
            rest.close();
        }
    }
}
