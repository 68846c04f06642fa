/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/** What stays the same along a segment: the channels and the sample rate. */
public record StreamShape(List<String> channels, SampleRate rate) {

    public StreamShape {
        channels = List.copyOf(channels);
    }

    public static StreamShape of(SignalFrame frame) {
        return new StreamShape(frame.channels(), frame.rate());
    }
}
