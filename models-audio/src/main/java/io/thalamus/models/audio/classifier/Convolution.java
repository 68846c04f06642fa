/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CompiledSegment;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.List;
import java.util.Map;

/**
 * A convolution over time that does not learn. The way back is a convolution too: with the kernel
 * turned round, and its inputs and outputs exchanged.
 */
final class Convolution implements Layer {
    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    private final String name;
    private final Tensor weight;
    private final Tensor bias;
    private final int padding;
    private final Tensor result = Tensor.empty();
    private final Tensor slope = Tensor.empty();
    private CompiledSegment forth;
    private CompiledSegment back;

    /**
     * A convolution with a stride of 1.
     *
     * @param weight {@code [out, in, 1, kernel]}
     * @param bias {@code [out]}; null for none
     * @param padding zeros before, and behind; less than the kernel
     */
    Convolution(String name, Tensor weight, Tensor bias, int padding) {
        this.name = name;
        this.weight = weight;
        this.bias = bias;
        this.padding = padding;
    }

    @Override
    public void open(GraphEngine engine, boolean learns) {
        forth = compiled(engine, name, weight, bias, padding);
        if (learns) {
            int around = weight.dimension(3) - 1 - padding;
            back = compiled(engine, name + "-back", turned(weight), null, around);
        }
    }

    private static CompiledSegment compiled(
            GraphEngine engine, String name, Tensor weight, Tensor bias, int padding) {
        TensorGraph graph = new TensorGraph(name);
        Node maps = graph.input("maps");
        Conv2d how = Conv2d.padded(0, padding);
        if (bias == null) {
            graph.output(graph.conv2d(maps, graph.weight(WEIGHT), how));
            return engine.compile(graph, Map.of(WEIGHT, weight));
        }
        graph.output(graph.conv2d(maps, graph.weight(WEIGHT), graph.weight(BIAS), how));
        return engine.compile(graph, Map.of(WEIGHT, weight, BIAS, bias));
    }

    private static Tensor turned(Tensor weight) {
        int out = weight.dimension(0);
        int in = weight.dimension(1);
        int taps = weight.dimension(3);
        float[] turned = new float[weight.size()];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int tap = 0; tap < taps; tap++) {
                    turned[(i * out + o) * taps + taps - 1 - tap] =
                            weight.data()[(o * in + i) * taps + tap];
                }
            }
        }
        return Tensor.of(turned, in, out, 1, taps);
    }

    @Override
    public Tensor forward(Tensor maps, List<FastWeights> learned) {
        forth.run(List.of(maps), List.of(result));
        return result;
    }

    @Override
    public Tensor backward(Tensor gradient) {
        back.run(List.of(gradient), List.of(slope));
        return slope;
    }

    @Override
    public void close() {
        forth.close();
        if (back != null) {
            back.close();
        }
    }
}
