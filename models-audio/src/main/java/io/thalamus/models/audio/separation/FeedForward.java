/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.Arrays;
import java.util.List;

/**
 * The unit that recurs in the network: norm, linear layer, SiLU, and a depthwise convolution around
 * which its input goes too. Units of one input are one unit with more channels, as the gains of
 * their norms are moved into their linear layers, and the way around a convolution into the middle
 * of its kernel.
 */
final class FeedForward {
    private final FrameGraph frames;
    private final int taps;

    /**
     * A unit.
     *
     * @param name what its weights and tensors are called
     * @param outputs its channels
     */
    record Unit(String name, int outputs) {}

    FeedForward(FrameGraph frames, int taps) {
        this.frames = frames;
        this.taps = taps;
    }

    /**
     * What units make of frames that are divided by their root mean square; ScaleNorm has a gain.
     *
     * @param name what their weights' names begin with
     * @param tap what their tensors' names begin with
     */
    Node ofScaled(Node scaled, int inputs, String name, String tap, List<Unit> units) {
        Merged merged = new Merged(name, inputs, units);
        for (Unit unit : units) {
            float gain = frames.number(name + unit.name + ".mdl.0.g");
            float[] gains = new float[inputs];
            Arrays.fill(gains, gain);
            merged.add(unit, gains, new float[inputs]);
        }
        return merged.apply(scaled, tap);
    }

    /**
     * What units make of frames of mean 0 and variance 1; a layer norm has gains and offsets.
     *
     * @param name what their weights' names begin with
     * @param tap what their tensors' names begin with
     */
    Node ofNormalised(Node normalised, int inputs, String name, String tap, List<Unit> units) {
        Merged merged = new Merged(name, inputs, units);
        for (Unit unit : units) {
            String norm = name + unit.name + ".mdl.0";
            merged.add(
                    unit,
                    frames.stored(norm + ".weight", inputs),
                    frames.stored(norm + ".bias", inputs));
        }
        return merged.apply(normalised, tap);
    }

    /** The weights of several units, one after the other. */
    private final class Merged {
        private final String name;
        private final List<Unit> units;
        private final int inputs;
        private final int outputs;
        private final float[] matrix;
        private final float[] bias;
        private final float[] kernels;
        private int at;

        Merged(String name, int inputs, List<Unit> units) {
            this.name = name;
            this.units = units;
            this.inputs = inputs;
            this.outputs = units.stream().mapToInt(Unit::outputs).sum();
            this.matrix = new float[outputs * inputs];
            this.bias = new float[outputs];
            this.kernels = new float[outputs * taps];
        }

        void add(Unit unit, float[] gains, float[] offsets) {
            String mdl = name + unit.name + ".mdl.";
            float[] weight = frames.stored(mdl + "1.weight", unit.outputs, inputs);
            float[] shift = frames.stored(mdl + "1.bias", unit.outputs);
            float[] kernel =
                    frames.stored(mdl + "3.sequential.1.conv.weight", unit.outputs, 1, taps);
            for (int o = 0; o < unit.outputs; o++) {
                double sum = shift[o];
                for (int i = 0; i < inputs; i++) {
                    float value = weight[o * inputs + i];
                    matrix[(at + o) * inputs + i] = value * gains[i];
                    sum += (double) value * offsets[i];
                }
                bias[at + o] = (float) sum;
                kernel[o * taps + taps / 2] += 1;
            }
            System.arraycopy(kernel, 0, kernels, at * taps, kernel.length);
            at += unit.outputs;
        }

        Node apply(Node x, String tap) {
            String all = name + units.get(0).name;
            Node linear = frames.linear(all, x, matrix, bias, inputs, outputs);
            Node result =
                    frames.depthwise(all + ".kernels", frames.silu(linear), kernels, outputs, taps);
            int from = 0;
            for (Unit unit : units) {
                int to = from + unit.outputs;
                frames.tapFramesFirst(tap + unit.name + ".linear", linear, from, to);
                frames.tapFramesFirst(tap + unit.name + ".out", result, from, to);
                from = to;
            }
            return result;
        }
    }
}
