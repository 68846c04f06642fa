/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.AvroRecords;
import io.thalamus.schemas.WireRecord;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/**
 * An Avro container file of frames and annotations, as {@link AvroFormat} reads it: blocks of about
 * 64 KiB, packed by zstandard with a sum over each.
 */
final class AvroOutput implements Closeable {
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int LEVEL = 3;

    private final DataFileWriter<GenericRecord> file;

    /**
     * @param name the recording's, from which the sync marker comes: the same records give the same
     *     bytes
     */
    AvroOutput(OutputStream out, String name) throws IOException {
        file =
                new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(AvroHeader.RECORDS))
                        .setCodec(CodecFactory.zstandardCodec(LEVEL, true))
                        .setSyncInterval(BLOCK_BYTES)
                        .create(AvroHeader.RECORDS, out, sync(name));
    }

    private static byte[] sync(String name) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, AvroHeader.SYNC_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Appends a frame or an annotation. */
    void write(WireRecord record) throws IOException {
        file.append(AvroRecords.toAvro(record));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
