/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SignalFrame;

/**
 * A {@link SignalTransform} that is ready for streams of one shape. It holds no stream's memory,
 * which is the {@link TransformState} of one segment, but may hold working memory of its own: it is
 * used by one thread at a time. In steady state it allocates nothing.
 *
 * <p>Output sample {@code m} of a segment, counted from 0, belongs to the time {@code m /
 * outputRate} after the segment's first sample. Any cutting of a segment into blocks gives the same
 * output bits, whatever the blocks; only when an output sample comes depends on them.
 */
public interface PreparedTransform {

    /** The shape of what comes out. */
    StreamShape outputShape();

    /** The state before the first sample of a segment. */
    TransformState start();

    /**
     * The state before a frame that begins a segment: that of {@link #start}, unless what is done
     * depends on which stream it is and where in it the segment begins.
     */
    default TransformState startOf(SignalFrame first) {
        return start();
    }

    /**
     * Takes the next samples of the segment, and appends what they give.
     *
     * @param in is left as it is
     * @param state is changed in place; its arrays may be longer than those that {@link #start}
     *     gave, and what lies behind them is left as it is
     */
    void apply(SampleBlock in, TransformState state, SampleBlock out);

    /** Appends what the segment still owes, now that no further sample of it comes. */
    default void finish(TransformState state, SampleBlock out) {}

    /**
     * How many input samples beyond that of its own time must have come before an output sample is
     * given, at most.
     */
    default int latency() {
        return 0;
    }

    /**
     * By how many input samples the signal in the output lags behind its time, where this is the
     * same for all frequencies; 0 if it does not lag, NaN if it depends on the frequency.
     */
    default double groupDelay() {
        return 0;
    }
}
