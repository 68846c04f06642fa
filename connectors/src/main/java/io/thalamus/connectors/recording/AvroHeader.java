/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.Schemas;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * What stands before the blocks of an Avro object container file.
 *
 * @param schema what the records were written with: a frame's or an annotation's of a known
 *     version, or a union of them
 * @param packing how the blocks are packed
 * @param sync the 16 bytes that end each block
 * @param offset the first block's byte
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#object-container-files">Object
 *     container files</a>
 */
record AvroHeader(Schema schema, AvroPacking packing, byte[] sync, long offset) {

    /** What the records of a file are: frames and annotations, in the order of writing. */
    static final Schema RECORDS =
            Schema.createUnion(
                    Schemas.current(SignalFrame.class), Schemas.current(Annotation.class));

    static final byte[] MAGIC = {'O', 'b', 'j', 1};
    static final int SYNC_BYTES = 16;

    /** Entries of the metadata at most, so that no file keeps a reader busy without records. */
    private static final int MOST_ENTRIES = 1000;

    static AvroHeader read(BinaryFile file) throws IOException {
        file.in("header");
        if (!Arrays.equals(file.bytes(MAGIC.length), MAGIC)) {
            throw file.invalid(
                    "is no Avro container file: it does not begin with Obj and 1; write it with"
                            + " thalamus record");
        }
        Map<String, byte[]> metadata = metadata(file);
        Schema schema = schema(file, metadata.get("avro.schema"));
        String codec =
                new String(
                        metadata.getOrDefault("avro.codec", new byte[0]), StandardCharsets.UTF_8);
        AvroPacking packing =
                AvroPacking.of(codec)
                        .orElseThrow(
                                () ->
                                        file.invalid(
                                                "has blocks packed with '%s': write it with"
                                                        + " zstandard, deflate or null",
                                                codec));
        return new AvroHeader(schema, packing, file.bytes(SYNC_BYTES), file.position());
    }

    private static Map<String, byte[]> metadata(BinaryFile file) throws IOException {
        Map<String, byte[]> metadata = new HashMap<>();
        for (long left = entries(file); left != 0; left = entries(file)) {
            for (; left > 0; left--) {
                String key = new String(file.bytes(varint(file)), StandardCharsets.UTF_8);
                metadata.put(key, file.bytes(varint(file)));
                if (metadata.size() > MOST_ENTRIES) {
                    throw file.invalid(
                            "has more than %d entries in its header: save it again", MOST_ENTRIES);
                }
            }
        }
        return metadata;
    }

    /** How many entries follow; a negative number has their bytes behind it. */
    private static long entries(BinaryFile file) throws IOException {
        long count = varint(file);
        if (count < 0) {
            varint(file);
            count = -count;
        }
        if (count < 0 || count > MOST_ENTRIES) {
            throw file.invalid(
                    "says that %d entries are in its header, where 0 to %d can be: save it again",
                    count, MOST_ENTRIES);
        }
        return count;
    }

    /** A number as Avro writes it: zigzag, seven bits a byte, the lowest first. */
    static long varint(BinaryFile file) throws IOException {
        long bits = 0;
        int shift = 0;
        int next;
        do {
            next = file.u8();
            bits |= (next & 0x7fL) << shift;
            shift += 7;
        } while (next >= 0x80 && shift < Long.SIZE);
        return bits >>> 1 ^ -(bits & 1);
    }

    private static Schema schema(BinaryFile file, byte[] text) {
        Schema schema;
        try {
            schema =
                    new Schema.Parser()
                            .parse(
                                    new String(
                                            text == null ? new byte[0] : text,
                                            StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            // Whatever is wrong with a schema, Avro's parser tells it by the exception it provokes.
            throw file.invalid("has no Avro schema in its header that can be read: save it again");
        }
        List<Schema> written = schema.isUnion() ? schema.getTypes() : List.of(schema);
        for (Schema one : written) {
            if (!Schemas.isKnown(SignalFrame.class, one)
                    && !Schemas.isKnown(Annotation.class, one)) {
                throw file.invalid(
                        "holds records '%s', which are no frames or annotations of a version up to"
                                + " this one: read it with the program that wrote it",
                        one.getFullName());
            }
        }
        return schema;
    }
}
