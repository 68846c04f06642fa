/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.RecordDecoder;
import io.thalamus.schemas.WireRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;

/** Reads records in Confluent's wire format. */
final class RegistryReader<T extends WireRecord> {
    private final RegistrySchemaCoder coder;
    private final Function<Schema, Class<? extends T>> type;
    private final Map<Schema, RecordDecoder<? extends T>> decoders = new HashMap<>();

    /**
     * @param type as what the records of a schema are read
     */
    RegistryReader(RegistryAccess registry, Function<Schema, Class<? extends T>> type) {
        this.coder = new RegistrySchemaCoder(registry, "");
        this.type = type;
    }

    /**
     * The record that the bytes hold.
     *
     * @param bytes may be null, which is refused like any other bytes
     * @throws io.thalamus.schemas.WireFormatException if they hold none
     * @throws IOException if the registry cannot be asked
     */
    T read(byte[] bytes) throws IOException {
        byte[] value = bytes == null ? new byte[0] : bytes;
        Schema written = coder.readSchema(new ByteArrayInputStream(value));
        RecordDecoder<? extends T> decoder = decoders.get(written);
        if (decoder == null) {
            decoder = RecordDecoder.of(written, type.apply(written));
            decoders.put(written, decoder);
        }
        return decoder.decode(value, RegistrySchemaCoder.HEADER);
    }
}
