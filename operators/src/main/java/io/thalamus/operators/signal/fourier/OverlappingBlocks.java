/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.ChannelTile;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;

/**
 * Analysis, a change and synthesis: blocks that overlap by half are changed one by one, and joined
 * again. Each is tapered by the root of a Hann taper before and after, and as two such tapers,
 * squared, add up to 1 half a block apart, what is not changed comes out as it was, to rounding,
 * and what is changed has no seams (weighted overlap-add: Crochiere, "A Weighted Overlap-Add Method
 * of Short-Time Fourier Analysis/Synthesis", IEEE Transactions ASSP 28, 1980).
 *
 * <p>The halves, hops, are counted from the segment's first sample, and the segment is continued by
 * zeros at both ends. A block with a value that is missing or infinite is missing, in that channel,
 * and is no concern of the change. The state holds, behind that of the change, the last two hops of
 * the input, and what the last block adds to the next hop of the output.
 */
final class OverlappingBlocks implements PreparedTransform {
    private final StreamShape shape;
    private final int channels;
    private final int length;
    private final int hop;
    private final BlockChange change;
    private final int seenAt;
    private final int inputAt;
    private final int sumsAt;
    private final double[] weights;
    private final ChannelTile tile;

    /**
     * @param length samples of a block, even
     */
    OverlappingBlocks(StreamShape shape, int length, BlockChange change) {
        this.shape = shape;
        this.channels = shape.channels().size();
        this.length = length;
        this.hop = length / 2;
        this.change = change;
        TransformState state = change.start();
        this.seenAt = state.counters().length;
        this.inputAt = state.values().length;
        this.sumsAt = inputAt + length * channels;
        this.weights = StandardTaper.SQRT_HANN.periodic(length);
        this.tile = new ChannelTile(channels, length);
    }

    /** Refuses blocks that have no half. */
    static void check(String what, int length) {
        if (length < 4 || length % 2 != 0) {
            throw new InvalidInputException(
                    "%s: length is %d; give an even number of at least 4 samples"
                            .formatted(what, length));
        }
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
        TransformState state = change.start();
        return new TransformState(
                Arrays.copyOf(state.counters(), seenAt + 1),
                Arrays.copyOf(state.values(), sumsAt + hop * channels));
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        for (int taken = 0; taken < in.length(); ) {
            long seen = state.counters()[seenAt];
            int rows = Math.min(in.length() - taken, hop - (int) (seen % hop));
            System.arraycopy(
                    in.values(), taken * channels, state.values(), rowOf(seen), rows * channels);
            taken += rows;
            seen += rows;
            state.counters()[seenAt] = seen;
            if (seen % hop == 0) {
                give(seen - length, hop, state, out);
            }
        }
    }

    @Override
    public void finish(TransformState state, SampleBlock out) {
        long seen = state.counters()[seenAt];
        long end = (seen + hop - 1) / hop * hop;
        if (end > seen) {
            clear(seen, end, state);
            give(end - length, hop, state, out);
        }
        if (seen > 0) {
            clear(end, end + hop, state);
            give(end - hop, (int) (seen - end + hop), state, out);
        }
    }

    /** Where a sample of the input stands, among those of the last two hops. */
    private int rowOf(long sample) {
        return inputAt + (int) Math.floorMod(sample, (long) length) * channels;
    }

    /** Puts zeros in the place of the samples {@code [from, to)}, all of one hop. */
    private void clear(long from, long to, TransformState state) {
        int row = rowOf(from);
        Arrays.fill(state.values(), row, row + (int) (to - from) * channels, 0);
    }

    /** Changes the block that begins at a sample, and gives the first samples of it that are. */
    private void give(long first, int samples, TransformState state, SampleBlock out) {
        double[] values = state.values();
        boolean begun = first >= 0;
        int at = begun ? out.extend(samples) : 0;
        for (int channel = 0; channel < channels; channel += tile.width()) {
            tile.read(channel, values, rowOf(first), 0, hop);
            tile.read(channel, values, rowOf(first + hop), hop, hop);
            for (int i = 0; i < tile.countFrom(channel); i++) {
                add(tile.series(i), channel + i, state);
            }
            if (begun) {
                tile.write(channel, out.values(), at, 0, samples);
            }
        }
    }

    /**
     * Changes a block, and adds to its first half what the block before has left; its second half
     * is left for the next.
     */
    private void add(double[] block, int channel, TransformState state) {
        if (taper(block)) {
            change.change(block, channel, state);
            for (int i = 0; i < length; i++) {
                block[i] *= weights[i];
            }
        } else {
            Arrays.fill(block, Double.NaN);
        }
        double[] sums = state.values();
        int sum = sumsAt + channel * hop;
        for (int i = 0; i < hop; i++) {
            block[i] += sums[sum + i];
        }
        System.arraycopy(block, hop, sums, sum, hop);
    }

    /** Tapers a block; whether there is nothing missing in it. */
    private boolean taper(double[] block) {
        // What is infinite or NaN times zero is NaN, and so is the sum.
        double finite = 0;
        for (int i = 0; i < length; i++) {
            finite += block[i] * 0;
            block[i] *= weights[i];
        }
        return finite == 0;
    }
}
