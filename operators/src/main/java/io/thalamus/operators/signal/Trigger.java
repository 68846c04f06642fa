/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What starts windows: the rising edge of a channel that tells of stimuli or trials, such as the
 * TTL line of an amplifier.
 *
 * @param channel the channel's name
 * @param level the channel is high where its value is above this
 * @param offset from the rise to the start of its window; negative for one that starts before
 */
public record Trigger(String channel, double level, Duration offset) implements Serializable {

    /**
     * The offset in samples.
     *
     * @throws InvalidInputException if it is no whole number of samples at this rate
     */
    int offsetAt(SampleRate rate) {
        if (offset.isZero()) {
            return 0;
        }
        int samples = Span.of(offset.abs()).samplesAt(rate);
        return offset.isNegative() ? -samples : samples;
    }

    /**
     * Cuts windows at one sample rate.
     *
     * @param length of a window
     * @throws InvalidInputException if the length or the offset is no whole number of samples at
     *     this rate
     */
    public TriggerSlicer at(SampleRate rate, Span length) {
        return new TriggerSlicer(this, length.samplesAt(rate), offsetAt(rate));
    }

    /**
     * The shape of a stream's other channels.
     *
     * @throws InvalidInputException if there is no such channel, or no other
     */
    public StreamShape without(StreamShape stream) {
        int at = indexIn(stream);
        List<String> others = new ArrayList<>(stream.channels());
        others.remove(at);
        if (others.isEmpty()) {
            throw new InvalidInputException(
                    "there is no channel beside the trigger %s; give the signal's too"
                            .formatted(channel));
        }
        return new StreamShape(others, stream.rate());
    }

    /**
     * Which channel it is.
     *
     * @throws InvalidInputException if there is no such channel
     */
    int indexIn(StreamShape stream) {
        int at = stream.channels().indexOf(channel);
        if (at < 0) {
            throw new InvalidInputException(
                    "there is no trigger channel %s; the channels are %s"
                            .formatted(channel, stream.channels()));
        }
        return at;
    }
}
