/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.SignalFrame;

/** Frames in Confluent's wire format, whose schemas lie in a registry. */
public record ConfluentFrames(RegistryAccess registry) implements FrameFormat {
    @Override
    public boolean isNumbered() {
        return true;
    }

    @Override
    public FrameReader open() {
        RegistryReader<SignalFrame> reader =
                new RegistryReader<>(registry, written -> SignalFrame.class);
        return record -> reader.read(record.value());
    }
}
