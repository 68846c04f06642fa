/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Channels each of which is an input channel minus the mean of others. Where one of them is
 * missing, so is the output: a difference to other channels would be another quantity.
 */
final class Derivation implements PreparedTransform {
    private final StreamShape outputShape;
    private final int[] channels;
    private final int[][] references;

    private Derivation(StreamShape outputShape, int[] channels, int[][] references) {
        this.outputShape = outputShape;
        this.channels = channels;
        this.references = references;
    }

    /**
     * One channel of the output.
     *
     * @param name its name
     * @param channel the index of the input channel
     * @param references the indices of those whose mean is taken away; none takes nothing away
     */
    record Output(String name, int channel, int... references) {}

    /**
     * Prepares the outputs.
     *
     * @param type the transform's name, for errors
     * @throws InvalidInputException if two outputs have one name
     */
    static PreparedTransform of(String type, StreamShape input, List<Output> outputs) {
        List<String> names = outputs.stream().map(Output::name).toList();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new InvalidInputException(
                        "%s: two channels would be named %s; give each its own name"
                                .formatted(type, name));
            }
        }
        return new Derivation(
                new StreamShape(names, input.rate()),
                outputs.stream().mapToInt(Output::channel).toArray(),
                outputs.stream().map(Output::references).toArray(int[][]::new));
    }

    @Override
    public StreamShape outputShape() {
        return outputShape;
    }

    @Override
    public TransformState start() {
        return TransformState.none();
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        int to = out.extend(in.length());
        double[] from = in.values();
        double[] into = out.values();
        for (int n = 0; n < in.length(); n++) {
            int sample = n * in.channels();
            for (int i = 0; i < channels.length; i++) {
                double value = from[sample + channels[i]];
                int[] others = references[i];
                if (others.length > 0) {
                    double sum = 0;
                    for (int other : others) {
                        sum += from[sample + other];
                    }
                    value -= sum / others.length;
                }
                into[to++] = value;
            }
        }
    }
}
