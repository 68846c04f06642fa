/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link MaskGraph} on an engine, with what its convolutions remember. */
final class MaskNetwork implements AutoCloseable {
    private final int bins;
    private final MaskGraph graph;
    private final CompiledSegment segment;
    private final Tensor features = Tensor.empty();
    private final Tensor masks = Tensor.empty();
    private final Tensor stem = Tensor.empty();
    private final List<Tensor> before = new ArrayList<>();
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<Tensor> outputs = new ArrayList<>();

    /** A network of a graph that was made with the modulator. */
    MaskNetwork(EchoConfig config, MaskGraph graph, GraphEngine engine, StreamModulator modulator) {
        this.bins = config.bins();
        this.graph = graph;
        segment = engine.compile(graph.graph(), graph.values());
        graph.memories().forEach(memory -> before.add(Tensor.empty()));
        inputs.add(features);
        inputs.addAll(before);
        outputs.add(masks);
        graph.memories().forEach(memory -> outputs.add(Tensor.empty()));
        if (modulator.isPresent()) {
            inputs.addAll(2, modulator.inputs());
            outputs.add(stem);
        }
        graph.taps().forEach(tap -> outputs.add(Tensor.empty()));
    }

    /** Values that the convolutions remember of a signal, one after the other. */
    int memorySize() {
        return graph.memories().stream().mapToInt(this::size).sum();
    }

    private int size(MaskGraph.Memory memory) {
        return memory.channels() * memory.frames() * bins;
    }

    /**
     * The input, to be filled before a run: microphone and far end, {@code [1, 4, frames, bins]},
     * real and imaginary part of each in turn.
     */
    Tensor features(int frames) {
        return features.reshape(1, 4, frames, bins);
    }

    /**
     * Runs the network over the features.
     *
     * @param memory what the last run on this signal left, {@link #memorySize} values; null at its
     *     start. Left as it is
     */
    void run(float[] memory) {
        int at = 0;
        for (int i = 0; i < graph.memories().size(); i++) {
            MaskGraph.Memory part = graph.memories().get(i);
            Tensor input = before.get(i).reshape(1, part.channels(), part.frames(), bins);
            if (memory == null) {
                Arrays.fill(input.data(), 0, size(part), 0);
            } else {
                System.arraycopy(memory, at, input.data(), 0, size(part));
            }
            at += size(part);
        }
        segment.run(inputs, outputs);
    }

    /**
     * What the last run gave: echo mask and speech mask, {@code [1, 4, frames, bins]}, real and
     * imaginary part of each in turn.
     */
    Tensor masks() {
        return masks;
    }

    /** What the first convolution gave in the last run, where streams can learn. */
    Tensor stem() {
        return stem;
    }

    /** What the convolutions remember after the last run. */
    float[] memory() {
        float[] memory = new float[memorySize()];
        int at = 0;
        for (int i = 0; i < graph.memories().size(); i++) {
            int size = size(graph.memories().get(i));
            System.arraycopy(outputs.get(1 + i).data(), 0, memory, at, size);
            at += size;
        }
        return memory;
    }

    /**
     * What the blocks gave in the last run, by name, {@code [channels, frames, bins]}, with {@code
     * .re} and {@code .im} behind the names.
     */
    Map<String, CaseTensor> taps() {
        Map<String, CaseTensor> taps = new LinkedHashMap<>();
        for (int i = 0; i < graph.taps().size(); i++) {
            Tensor output = outputs.get(1 + graph.memories().size() + i);
            ComplexMaps.split("tap." + graph.taps().get(i), output, taps);
        }
        return taps;
    }

    @Override
    public void close() {
        segment.close();
    }
}
