/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SampleRate;
import java.io.Serializable;

/**
 * How windows are cut, in samples or in time; a {@link FrameSlicer} does it at one sample rate.
 *
 * @param length of a window
 * @param hop from the start of one window to the start of the next; it may exceed the length
 * @param padding what becomes of the window that a segment's end leaves incomplete
 */
public record Slicing(Span length, Span hop, Padding padding) implements Serializable {

    /** Windows of so many samples; an incomplete one is dropped. */
    public static Slicing ofSamples(int length, int hop) {
        return new Slicing(Span.ofSamples(length), Span.ofSamples(hop), Padding.DROP);
    }

    /**
     * The slicer for streams of one rate.
     *
     * @throws io.thalamus.schemas.InvalidInputException if the length or the hop is no whole number
     *     of samples at this rate
     */
    public FrameSlicer at(SampleRate rate) {
        return new FrameSlicer(length.samplesAt(rate), hop.samplesAt(rate), padding);
    }
}
