/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;

/**
 * Gathers blocks, and gives each as it has been damaged. Remembers the samples of the block that is
 * not whole yet, how many they are, the number of the block, and what the stream's random numbers
 * start from.
 */
final class CorruptedBlocks implements PreparedTransform {
    private static final int GATHERED = 0;
    private static final int NUMBER = 1;
    private static final int KEY = 2;
    private static final int COUNTERS = 3;

    private final StreamShape shape;
    private final int length;
    private final long key;
    private final boolean forAllChannels;
    private final Damage damage;
    private final int channels;
    private final double[] block;
    private final RandomNumbers random = new RandomNumbers();

    /**
     * @param key what random numbers depend on, besides the stream
     * @param forAllChannels whether all channels have the same random numbers
     */
    CorruptedBlocks(
            StreamShape shape, int length, long key, boolean forAllChannels, Damage damage) {
        this.shape = shape;
        this.length = length;
        this.key = key;
        this.forAllChannels = forAllChannels;
        this.damage = damage;
        this.channels = shape.channels().size();
        this.block = new double[length];
    }

    @Override
    public StreamShape outputShape() {
        return shape;
    }

    @Override
    public int latency() {
        return length - 1;
    }

    @Override
    public TransformState start() {
        return start("", 0);
    }

    @Override
    public TransformState startOf(SignalFrame first) {
        return start(first.streamId(), Math.floorDiv(first.sequence(), (long) length));
    }

    private TransformState start(String stream, long number) {
        TransformState state = TransformState.zeros(COUNTERS, length * channels);
        long mixed = key;
        for (int i = 0; i < stream.length(); i++) {
            mixed = RandomNumbers.mix(mixed, stream.charAt(i));
        }
        state.counters()[NUMBER] = number;
        state.counters()[KEY] = mixed;
        return state;
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        for (int taken = 0; taken < in.length(); ) {
            int gathered = (int) state.counters()[GATHERED];
            int rows = Math.min(in.length() - taken, length - gathered);
            System.arraycopy(
                    in.values(),
                    taken * channels,
                    state.values(),
                    gathered * channels,
                    rows * channels);
            taken += rows;
            state.counters()[GATHERED] = gathered + rows;
            if (gathered + rows == length) {
                give(state, out);
            }
        }
    }

    @Override
    public void finish(TransformState state, SampleBlock out) {
        if (state.counters()[GATHERED] > 0) {
            give(state, out);
        }
    }

    private void give(TransformState state, SampleBlock out) {
        int samples = (int) state.counters()[GATHERED];
        int at = out.extend(samples);
        double[] values = state.values();
        for (int channel = 0; channel < channels; channel++) {
            for (int n = 0; n < samples; n++) {
                double value = values[n * channels + channel];
                block[n] = Double.isFinite(value) ? value : Double.NaN;
            }
            Arrays.fill(block, samples, length, Double.NaN);
            long number = state.counters()[NUMBER];
            long seed = RandomNumbers.mix(state.counters()[KEY], number);
            random.seed(forAllChannels ? seed : RandomNumbers.mix(seed, channel));
            damage.apply(block, number, random);
            for (int n = 0; n < samples; n++) {
                out.values()[at + n * channels + channel] = block[n];
            }
        }
        state.counters()[GATHERED] = 0;
        state.counters()[NUMBER]++;
    }
}
