/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * One segment on its way through a list of transforms, in float64 from end to end: for programs
 * that have the samples in hand. A whole recording,
 *
 * <pre>{@code
 * double[][] clean = SignalChain.whole(samples, shape, List.of(bandPass, notch));
 * }</pre>
 *
 * <p>or block by block, with the same bits. In steady state it allocates nothing.
 */
public final class SignalChain {
    private final List<PreparedTransform> steps = new ArrayList<>();
    private final List<TransformState> states;
    private final List<SampleBlock> blocks = new ArrayList<>();
    private final StreamShape outputShape;
    private final int latency;
    private final double groupDelay;

    /**
     * Prepares the transforms for one segment.
     *
     * @throws io.thalamus.schemas.InvalidInputException if one cannot work on what it would be
     *     given
     */
    public SignalChain(StreamShape input, List<? extends SignalTransform> transforms) {
        this(input, transforms, List.of());
    }

    private SignalChain(
            StreamShape input,
            List<? extends SignalTransform> transforms,
            List<TransformState> going) {
        StreamShape shape = input;
        int waits = 0;
        double lag = 0;
        for (SignalTransform transform : transforms) {
            PreparedTransform prepared = transform.prepare(shape);
            RateRatio before = RateRatio.of(input.rate(), shape.rate());
            RateRatio own = RateRatio.of(shape.rate(), prepared.outputShape().rate());
            // An output sample between two that the step is given waits for the later one.
            int between = own.outputs() > 1 ? 1 : 0;
            waits += (int) before.inputAtOrAfter(prepared.latency() + between);
            lag += prepared.groupDelay() * before.inputs() / before.outputs();
            shape = prepared.outputShape();
            steps.add(prepared);
            blocks.add(new SampleBlock(shape.channels().size()));
        }
        outputShape = shape;
        latency = waits;
        groupDelay = lag;
        states = going.isEmpty() ? start() : List.copyOf(going);
    }

    /** The states before the first sample of a segment. */
    List<TransformState> start() {
        return steps.stream().map(PreparedTransform::start).toList();
    }

    /** Goes on with a segment from the {@link #states} that another chain had. */
    public static SignalChain resume(
            StreamShape input,
            List<? extends SignalTransform> transforms,
            List<TransformState> states) {
        return new SignalChain(input, transforms, states);
    }

    /** All samples at once: {@code samples[channel][n]} in, the same out. */
    public static double[][] whole(
            double[][] samples, StreamShape shape, List<? extends SignalTransform> transforms) {
        SignalChain chain = new SignalChain(shape, transforms);
        SampleBlock out = new SampleBlock(chain.outputShape.channels().size());
        chain.apply(SampleBlock.of(samples), out);
        chain.finish(out);
        return out.toArrays();
    }

    /** The shape of what comes out. */
    public StreamShape outputShape() {
        return outputShape;
    }

    /** The {@linkplain PreparedTransform#latency latency} of all together, in input samples. */
    public int latency() {
        return latency;
    }

    /** The {@linkplain PreparedTransform#groupDelay lag} of all together, in input samples. */
    public double groupDelay() {
        return groupDelay;
    }

    /** What each transform keeps of the segment; changed in place as the segment goes on. */
    public List<TransformState> states() {
        return states;
    }

    /** Takes the next samples of the segment, and appends what they give. */
    public void apply(SampleBlock in, SampleBlock out) {
        pass(in, false, out);
    }

    /** Appends what the segment still owes, now that no further sample of it comes. */
    public void finish(SampleBlock out) {
        pass(null, true, out);
    }

    private void pass(SampleBlock in, boolean ends, SampleBlock out) {
        SampleBlock current = in;
        for (int i = 0; i < steps.size(); i++) {
            SampleBlock next = i == steps.size() - 1 ? out : blocks.get(i);
            if (next != out) {
                next.clear();
            }
            if (current != null) {
                steps.get(i).apply(current, states.get(i), next);
            }
            if (ends) {
                steps.get(i).finish(states.get(i), next);
            }
            current = next;
        }
        if (steps.isEmpty() && in != null) {
            out.append(in, 0, in.length());
        }
    }
}
