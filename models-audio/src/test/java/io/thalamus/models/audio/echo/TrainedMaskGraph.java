/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The graph as it is trained: its normalisations are by the statistics of the batch, over batch,
 * frames and bins, which is a layer normalisation of a channel's row.
 */
final class TrainedMaskGraph extends MaskGraph {
    private final Safetensors stored;
    private final double epsilon;
    private final int[] signals;
    private final List<String> normalisations = new ArrayList<>();

    /**
     * @param signals what each channel of a batch is: {@code [batch, frames, bins]}
     */
    TrainedMaskGraph(EchoConfig config, EchoWeights weights, Safetensors stored, int... signals) {
        super(config, weights, StreamModulator.none());
        this.stored = stored;
        this.epsilon = config.epsilon();
        this.signals = signals;
    }

    /** The names of the normalisations, whose inputs are the graph's last outputs. */
    List<String> normalisations() {
        return normalisations;
    }

    @Override
    Node normalised(String name, Node x, int channels) {
        int row = signals[0] * signals[1] * signals[2];
        float[] ones = new float[row];
        Arrays.fill(ones, 1);
        Node rows = graph().reshape(graph().transpose(x, 1, 0, 2, 3), 2 * channels, row);
        Node normalised =
                graph().layerNorm(
                                rows,
                                weight("ones", Tensor.of(ones, row)),
                                weight("zeros", Tensor.of(new float[row], row)),
                                epsilon);
        Node maps = graph().reshape(normalised, 2 * channels, signals[0], signals[1], signals[2]);
        normalisations.add(name);
        graph().output(x);
        return graph().add(
                        graph().multiply(
                                        graph().transpose(maps, 1, 0, 2, 3),
                                        channelWise(name, "gamma", channels)),
                        channelWise(name, "beta", channels));
    }

    private Node channelWise(String name, String part, int channels) {
        float[] re = stored.tensor(name + ".re." + part).data();
        float[] im = stored.tensor(name + ".im." + part).data();
        float[] both = new float[2 * channels];
        for (int i = 0; i < channels; i++) {
            both[2 * i] = re[i];
            both[2 * i + 1] = im[i];
        }
        return weight(name + "." + part, Tensor.of(both, 2 * channels, 1, 1));
    }
}
