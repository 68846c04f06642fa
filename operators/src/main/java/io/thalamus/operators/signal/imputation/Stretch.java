/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.imputation;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/**
 * A segment as far as it has come. Immutable.
 *
 * @param segment its number
 * @param rate the sample rate
 * @param channels the channels' names
 * @param first the index, in the stream, of its first sample
 * @param end the index behind the last sample that has come
 * @param isTaken whether the model takes windows of this form
 */
public record Stretch(
        int segment,
        SampleRate rate,
        List<String> channels,
        long first,
        long end,
        boolean isTaken) {

    static Stretch of(SignalFrame frame, boolean isTaken) {
        return new Stretch(
                frame.segment(),
                frame.rate(),
                frame.channels(),
                frame.sequence(),
                frame.nextSequence(),
                isTaken);
    }

    Stretch after(SignalFrame frame) {
        return new Stretch(segment, rate, channels, first, frame.nextSequence(), isTaken);
    }

    /** Whether a frame belongs to the same segment, and is of the same shape. */
    boolean covers(SignalFrame frame) {
        return frame.isOf(segment, rate, channels);
    }
}
