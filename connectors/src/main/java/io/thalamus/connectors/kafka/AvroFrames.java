/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormat;

/** Frames in Avro's single-object encoding, which need nothing but themselves to be read. */
public record AvroFrames() implements FrameFormat {
    @Override
    public boolean isNumbered() {
        return true;
    }

    @Override
    public FrameReader open() {
        return record -> WireFormat.decode(record.value(), SignalFrame.class);
    }
}
