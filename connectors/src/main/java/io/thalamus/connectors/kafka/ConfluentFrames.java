/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.RecordDecoder;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Frames in Confluent's wire format, whose schemas lie in a registry. */
public record ConfluentFrames(RegistryAccess registry) implements FrameFormat {
    @Override
    public boolean isNumbered() {
        return true;
    }

    @Override
    public FrameReader open() {
        return new Reader(new RegistrySchemaCoder(registry, ""));
    }

    private static final class Reader implements FrameReader {
        private final RegistrySchemaCoder coder;
        private final Map<Schema, RecordDecoder<SignalFrame>> decoders = new HashMap<>();

        Reader(RegistrySchemaCoder coder) {
            this.coder = coder;
        }

        @Override
        public SignalFrame read(ConsumerRecord<byte[], byte[]> record) throws IOException {
            byte[] value = record.value() == null ? new byte[0] : record.value();
            return decoder(coder.readSchema(new ByteArrayInputStream(value)))
                    .decode(value, RegistrySchemaCoder.HEADER);
        }

        private RecordDecoder<SignalFrame> decoder(Schema written) throws WireFormatException {
            RecordDecoder<SignalFrame> decoder = decoders.get(written);
            if (decoder == null) {
                decoder = RecordDecoder.of(written, SignalFrame.class);
                decoders.put(written, decoder);
            }
            return decoder;
        }
    }
}
