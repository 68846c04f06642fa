/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static io.thalamus.schemas.WireFormatException.Fault.CORRUPT;
import static io.thalamus.schemas.WireFormatException.Fault.NOT_A_RECORD;
import static io.thalamus.schemas.WireFormatException.Fault.UNKNOWN_SCHEMA;
import static io.thalamus.schemas.WireFormatException.Fault.WRONG_TYPE;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * How a record lies on a topic: Avro single-object encoding, which is the bytes {@code C3 01}, the
 * fingerprint (CRC-64-AVRO, little-endian) of the schema it was written with, and Avro's binary
 * form. A record can therefore be read without a registry, and so can one that any released version
 * wrote.
 *
 * <p>Avro's own {@code BinaryMessageDecoder} reads one type, does not notice bytes that follow the
 * record, and allocates what a lying length asks for; hence the few lines here.
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
    private static final Map<Long, GenericDatumReader<GenericRecord>> READERS = readers();

    private WireFormat() {}

    /**
     * A record as bytes. The same record always gives the same bytes.
     *
     * @throws NullPointerException if a component of the record is null
     */
    public static byte[] encode(WireRecord record) {
        return WRITERS.get(record.getClass()).encode(AvroRecords.toAvro(record));
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
        GenericDatumReader<GenericRecord> reader = READERS.get(fingerprint);
        if (reader == null) {
            throw new WireFormatException(
                    UNKNOWN_SCHEMA,
                    String.format(
                            "the record's schema, fingerprint %016x, is of no version up to this"
                                    + " one: a newer version wrote it, or another program",
                            fingerprint));
        }
        return AvroRecords.fromAvro(read(reader, bytes));
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

    private static GenericRecord read(GenericDatumReader<GenericRecord> reader, byte[] bytes)
            throws WireFormatException {
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
        String name = reader.getExpected().getName();
        GenericRecord record;
        boolean whole;
        try {
            record = reader.read(null, decoder);
            whole = decoder.isEnd();
        } catch (EOFException e) {
            throw new WireFormatException(
                    CORRUPT,
                    "the "
                            + name
                            + " is cut off: its "
                            + bytes.length
                            + " bytes end before its last field",
                    e);
        } catch (IOException | RuntimeException e) {
            // Avro tells of malformed bytes by whichever exception they provoke.
            throw new WireFormatException(
                    CORRUPT, "the " + name + " does not follow its schema: " + e.getMessage(), e);
        }
        if (!whole) {
            throw new WireFormatException(
                    CORRUPT, "the " + name + " is followed by bytes that do not belong to it");
        }
        return record;
    }

    private static Map<Long, GenericDatumReader<GenericRecord>> readers() {
        Map<Long, GenericDatumReader<GenericRecord>> readers = new HashMap<>();
        Schemas.types()
                .forEach(
                        type -> {
                            for (Schema written : Schemas.known(type)) {
                                readers.put(
                                        SchemaNormalization.parsingFingerprint64(written),
                                        new GenericDatumReader<>(written, Schemas.current(type)));
                            }
                        });
        return Map.copyOf(readers);
    }

    private record Writer(GenericDatumWriter<GenericRecord> body, long fingerprint) {
        static Writer of(Class<? extends WireRecord> type) {
            Schema schema = Schemas.current(type);
            return new Writer(
                    new GenericDatumWriter<>(schema, GenericData.get()),
                    SchemaNormalization.parsingFingerprint64(schema));
        }

        byte[] encode(GenericRecord record) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            try {
                bytes.write(MARKER);
                bytes.write(
                        ByteBuffer.allocate(Long.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(fingerprint)
                                .array());
                BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
                body.write(record, encoder);
                encoder.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory failed", e);
            }
            return bytes.toByteArray();
        }
    }
}
