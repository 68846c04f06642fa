/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.util.Collections;
import java.util.List;

/**
 * What the head of a recording says about one of its streams.
 *
 * @param streamId the stream's id
 * @param channels the channels that are read, in their order
 * @param units of each channel as the file writes it, such as {@code uV}; empty where none is known
 * @param rate the sample rate; of irregular samples, the nominal one
 * @param irregular whether each sample has a time of its own
 */
public record StreamDescription(
        String streamId,
        List<String> channels,
        List<String> units,
        SampleRate rate,
        boolean irregular) {

    public StreamDescription {
        channels = List.copyOf(channels);
        units = List.copyOf(units);
        if (units.size() != channels.size()) {
            throw new IllegalArgumentException(
                    channels.size() + " channels have " + units.size() + " units");
        }
    }

    /** A stream of regular samples. */
    public StreamDescription(
            String streamId, List<String> channels, List<String> units, SampleRate rate) {
        this(streamId, channels, units, rate, false);
    }

    /** A stream of regular samples whose units are not known. */
    static StreamDescription withoutUnits(String streamId, List<String> channels, SampleRate rate) {
        return new StreamDescription(
                streamId, channels, Collections.nCopies(channels.size(), ""), rate);
    }
}
