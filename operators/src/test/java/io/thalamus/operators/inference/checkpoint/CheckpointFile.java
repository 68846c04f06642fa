/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes zip checkpoints for tests, honest ones and others. */
final class CheckpointFile {
    private final Path folder;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private int method = ZipEntry.STORED;

    CheckpointFile(Path folder) {
        this.folder = folder;
    }

    CheckpointFile pickle(byte[] pickle) {
        return entry("data.pkl", pickle);
    }

    CheckpointFile entry(String name, byte[] bytes) {
        entries.put("any/" + name, bytes);
        return this;
    }

    CheckpointFile compressed() {
        method = ZipEntry.DEFLATED;
        return this;
    }

    /** A dictionary of one tensor, {@code w}, that looks at storage 0. */
    CheckpointFile tensor(
            String type, long size, long offset, long[] shape, long[] stride, byte[] values) {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        text(pickle, "\u0080\u0002}");
        named(pickle, "w");
        text(pickle, "ctorch._utils\n_rebuild_tensor_v2\n((");
        named(pickle, "storage");
        text(pickle, "ctorch\n" + type + "\n");
        named(pickle, "0");
        named(pickle, "cpu");
        whole(pickle, size);
        text(pickle, "tQ");
        whole(pickle, offset);
        for (long[] list : new long[][] {shape, stride}) {
            text(pickle, "(");
            for (long number : list) {
                whole(pickle, number);
            }
            text(pickle, "t");
        }
        text(pickle, "\u0089}tRs.");
        return pickle(pickle.toByteArray()).entry("data/0", values);
    }

    private static void text(ByteArrayOutputStream pickle, String text) {
        pickle.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void named(ByteArrayOutputStream pickle, String text) {
        pickle.write('X');
        pickle.writeBytes(littleEndian(4).putInt(text.length()).array());
        text(pickle, text);
    }

    private static void whole(ByteArrayOutputStream pickle, long number) {
        pickle.write(0x8a);
        pickle.write(8);
        pickle.writeBytes(littleEndian(8).putLong(number).array());
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = littleEndian(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    Path write() throws IOException {
        Path file = folder.resolve("any.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    CRC32 check = new CRC32();
                    check.update(each.getValue());
                    entry.setSize(each.getValue().length);
                    entry.setCrc(check.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
