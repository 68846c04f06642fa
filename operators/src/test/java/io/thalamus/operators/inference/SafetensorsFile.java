/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes safetensors files for tests, honest ones and others. */
public final class SafetensorsFile {
    private final ObjectNode header = new ObjectMapper().createObjectNode();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();

    /** Adds float32 values. */
    public SafetensorsFile floats(String name, int[] shape, float... data) {
        ByteBuffer bytes = littleEndian(4 * data.length);
        bytes.asFloatBuffer().put(data);
        return add(name, "F32", shape, bytes);
    }

    /** Adds float64 values. */
    public SafetensorsFile doubles(String name, int[] shape, double... data) {
        ByteBuffer bytes = littleEndian(8 * data.length);
        bytes.asDoubleBuffer().put(data);
        return add(name, "F64", shape, bytes);
    }

    /** Adds int64 values. */
    public SafetensorsFile longs(String name, int[] shape, long... data) {
        ByteBuffer bytes = littleEndian(8 * data.length);
        bytes.asLongBuffer().put(data);
        return add(name, "I64", shape, bytes);
    }

    /** Adds values of any type, as they are stored. */
    SafetensorsFile add(String name, String type, int[] shape, ByteBuffer bytes) {
        ObjectNode entry = header.putObject(name).put("dtype", type);
        ArrayNode sizes = entry.putArray("shape");
        for (int size : shape) {
            sizes.add(size);
        }
        int begin = values.size();
        values.writeBytes(bytes.array());
        entry.putArray("data_offsets").add(begin).add(values.size());
        return this;
    }

    /** The entry of a tensor in the header, to make it lie. */
    ObjectNode entry(String name) {
        return (ObjectNode) header.get(name);
    }

    ObjectNode header() {
        return header;
    }

    byte[] bytes() {
        return bytes(header.toString(), values.toByteArray());
    }

    static byte[] bytes(String header, byte[] values) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return littleEndian(8 + text.length + values.length)
                .putLong(text.length)
                .put(text)
                .put(values)
                .array();
    }

    /** Writes the file. */
    public void write(Path file) {
        try {
            Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
