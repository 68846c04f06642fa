/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static io.thalamus.schemas.WireFormatException.Fault.NOT_A_RECORD;
import static io.thalamus.schemas.WireFormatException.Fault.UNKNOWN_SCHEMA;
import static io.thalamus.schemas.WireFormatException.Fault.WRONG_TYPE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * How a record lies on a topic: Avro single-object encoding, which is the bytes {@code C3 01}, the
 * fingerprint (CRC-64-AVRO, little-endian) of the schema it was written with, and Avro's binary
 * form. A record can therefore be read without a registry, and so can one that any released version
 * wrote.
 *
 * <p>Avro's own {@code BinaryMessageDecoder} reads one type, does not notice bytes that follow the
 * record, and allocates what a lying length asks for; hence {@link RecordDecoder}.
 *
 * @see <a
 *     href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Single-object
 *     encoding</a>
 */
public final class WireFormat {
    private static final byte[] MARKER = {(byte) 0xC3, 0x01};
    private static final int HEADER = MARKER.length + Long.BYTES;

    private static final Map<Class<? extends WireRecord>, Writer> WRITERS =
            Schemas.types().collect(Collectors.toUnmodifiableMap(Function.identity(), Writer::of));
    private static final Map<Long, RecordDecoder<?>> DECODERS = decoders();

    private WireFormat() {}

    /**
     * A record as bytes. The same record always gives the same bytes.
     *
     * @throws NullPointerException if a component of the record is null
     */
    public static byte[] encode(WireRecord record) {
        Writer writer = WRITERS.get(record.getClass());
        return writer.encode(writer.header, record);
    }

    /**
     * A record in Avro's binary form, behind a header of another wire format than this one. It is
     * written with {@link Schemas#current} and read by a {@link RecordDecoder}.
     */
    public static byte[] encode(byte[] header, WireRecord record) {
        return WRITERS.get(record.getClass()).encode(header, record);
    }

    /**
     * The record that the bytes hold.
     *
     * @param bytes one record, whole; may be null, which is refused like any other bytes
     * @throws WireFormatException if they hold none, with a sentence that says why
     */
    public static WireRecord decode(byte[] bytes) throws WireFormatException {
        if (bytes == null || bytes.length == 0) {
            throw new WireFormatException(NOT_A_RECORD, "the record is empty");
        }
        if (bytes.length < HEADER || bytes[0] != MARKER[0] || bytes[1] != MARKER[1]) {
            throw new WireFormatException(
                    NOT_A_RECORD,
                    "the "
                            + bytes.length
                            + " bytes do not start with C3 01 and a schema fingerprint, so they are"
                            + " not in Avro's single-object encoding");
        }
        long fingerprint =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(MARKER.length);
        RecordDecoder<?> decoder = DECODERS.get(fingerprint);
        if (decoder == null) {
            throw new WireFormatException(
                    UNKNOWN_SCHEMA,
                    String.format(
                            "the record's schema, fingerprint %016x, is of no version up to this"
                                    + " one: a newer version wrote it, or another program",
                            fingerprint));
        }
        return decoder.decode(bytes, HEADER);
    }

    /**
     * The record that the bytes hold, which must be of one type.
     *
     * @throws WireFormatException as {@link #decode(byte[])}, and if it is of another type
     */
    public static <T extends WireRecord> T decode(byte[] bytes, Class<T> type)
            throws WireFormatException {
        WireRecord record = decode(bytes);
        if (!type.isInstance(record)) {
            throw new WireFormatException(
                    WRONG_TYPE,
                    "the record is of type "
                            + record.getClass().getSimpleName()
                            + " and not "
                            + type.getSimpleName());
        }
        return type.cast(record);
    }

    private static Map<Long, RecordDecoder<?>> decoders() {
        Map<Long, RecordDecoder<?>> decoders = new HashMap<>();
        Schemas.types()
                .forEach(
                        type -> {
                            for (Schema written : Schemas.known(type)) {
                                decoders.put(
                                        SchemaNormalization.parsingFingerprint64(written),
                                        RecordDecoder.known(written, type));
                            }
                        });
        return Map.copyOf(decoders);
    }

    private record Writer(GenericDatumWriter<GenericRecord> body, byte[] header) {
        static Writer of(Class<? extends WireRecord> type) {
            Schema schema = Schemas.current(type);
            byte[] header =
                    ByteBuffer.allocate(HEADER)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .put(MARKER)
                            .putLong(SchemaNormalization.parsingFingerprint64(schema))
                            .array();
            return new Writer(new GenericDatumWriter<>(schema, GenericData.get()), header);
        }

        byte[] encode(byte[] before, WireRecord record) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            bytes.writeBytes(before);
            try {
                BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
                body.write(AvroRecords.toAvro(record), encoder);
                encoder.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            }
            return bytes.toByteArray();
        }
    }
}
