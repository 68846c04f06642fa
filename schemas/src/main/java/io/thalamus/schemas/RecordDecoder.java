/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static io.thalamus.schemas.WireFormatException.Fault.CORRUPT;
import static io.thalamus.schemas.WireFormatException.Fault.WRONG_TYPE;

import java.io.EOFException;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Reads records of one type, in Avro's binary form, that were written with one schema: the fields
 * are matched with those of the type's current schema by Avro's rules.
 */
public final class RecordDecoder<T extends WireRecord> {
    private final GenericDatumReader<GenericRecord> reader;
    private final Class<T> type;

    private RecordDecoder(Schema written, Class<T> type) {
        this.reader = new GenericDatumReader<>(written, Schemas.current(type));
        this.type = type;
    }

    /**
     * A decoder for records that anyone wrote.
     *
     * @param written the schema that they were written with
     * @throws WireFormatException if such records cannot be read as that type
     */
    public static <T extends WireRecord> RecordDecoder<T> of(Schema written, Class<T> type)
            throws WireFormatException {
        SchemaPairCompatibility verdict =
                SchemaCompatibility.checkReaderWriterCompatibility(Schemas.current(type), written);
        if (verdict.getType() != SchemaCompatibilityType.COMPATIBLE) {
            throw new WireFormatException(
                    WRONG_TYPE,
                    "the record was written as "
                            + written.getFullName()
                            + ", which cannot be read as "
                            + type.getSimpleName()
                            + ": "
                            + verdict.getResult().getIncompatibilities().get(0).getMessage());
        }
        return new RecordDecoder<>(written, type);
    }

    /** A decoder for a schema that a version of this project wrote. */
    static <T extends WireRecord> RecordDecoder<T> known(Schema written, Class<T> type) {
        return new RecordDecoder<>(written, type);
    }

    /**
     * The record that the bytes hold.
     *
     * @param bytes one record, whole, with what is before it
     * @param from where it begins
     * @throws WireFormatException if they hold none, with a sentence that says why
     */
    public T decode(byte[] bytes, int from) throws WireFormatException {
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
        String name = type.getSimpleName();
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
        return type.cast(AvroRecords.fromAvro(record));
    }
}
