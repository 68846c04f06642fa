/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file of named tensors: eight bytes with the length of a JSON header, the header, the values.
 * Every figure of the header is checked against the file before it is believed; values are read
 * when they are asked for.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors {
    private static final int LENGTH_BYTES = 8;
    private static final long LONGEST_HEADER = 100_000_000;

    /**
     * The longest tensor, in bytes, that is read through a buffer: mappings last until the garbage
     * is collected, and a process may have some 65,000 of them, which is the tensors of what a
     * thousand streams have learned.
     */
    private static final long LONGEST_READ = 1 << 20;

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Name in the header of what is said of the file. */
    static final String METADATA = "__metadata__";

    private final Path file;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    private enum Type {
        F64(8),
        F32(4),
        I64(8),
        I32(4),
        I16(2),
        I8(1),
        U8(1),
        BOOL(1);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    private record Entry(Type type, int[] shape, int size, long begin, long end) {}

    private Safetensors(Path file, Map<String, String> metadata, Map<String, Entry> entries) {
        this.file = file;
        this.metadata = metadata;
        this.entries = entries;
    }

    /**
     * Reads and checks a file's header.
     *
     * @throws InvalidInputException if the file is missing, truncated, or says what cannot be
     */
    public static Safetensors open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long fileSize = channel.size();
            if (fileSize < LENGTH_BYTES) {
                throw broken(file, "it has %d bytes, too few for a header".formatted(fileSize));
            }
            long headerSize = read(channel, 0, LENGTH_BYTES).getLong();
            if (headerSize < 2
                    || headerSize > LONGEST_HEADER
                    || headerSize > fileSize - LENGTH_BYTES) {
                throw broken(
                        file,
                        "its header is said to have %s bytes, the file has %d"
                                .formatted(Long.toUnsignedString(headerSize), fileSize));
            }
            ByteBuffer header = read(channel, LENGTH_BYTES, (int) headerSize);
            return parse(file, header.array(), LENGTH_BYTES + headerSize, fileSize);
        } catch (IOException e) {
            throw new InvalidInputException(
                    Files.exists(file)
                            ? "%s cannot be read: %s".formatted(file, e.getMessage())
                            : "%s does not exist".formatted(file),
                    e);
        }
    }

    private static Safetensors parse(Path file, byte[] header, long dataStart, long fileSize) {
        JsonNode root;
        try {
            root = JSON.readTree(header);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s is damaged: its header is not valid JSON".formatted(file), e);
        }
        if (root == null || !root.isObject()) {
            throw broken(file, "its header is no JSON object");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                field.getValue()
                        .properties()
                        .forEach(said -> metadata.put(said.getKey(), said.getValue().asText()));
            } else {
                entries.put(
                        field.getKey(),
                        entry(file, field.getKey(), field.getValue(), dataStart, fileSize));
            }
        }
        checkLayout(file, entries, dataStart, fileSize);
        return new Safetensors(file, metadata, entries);
    }

    private static Entry entry(
            Path file, String name, JsonNode node, long dataStart, long fileSize) {
        Type type = type(file, name, node.path("dtype").asText());
        JsonNode sizes = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!sizes.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw broken(file, "tensor %s has no shape or no data_offsets".formatted(name));
        }
        int[] shape = new int[sizes.size()];
        long elements = 1;
        for (int i = 0; i < shape.length; i++) {
            JsonNode size = sizes.get(i);
            if (!size.canConvertToInt() || !size.isIntegralNumber() || size.intValue() < 0) {
                throw broken(file, "tensor %s has a size of %s".formatted(name, size));
            }
            shape[i] = size.intValue();
            elements *= shape[i];
            if (elements > Integer.MAX_VALUE) {
                throw broken(file, "tensor %s has more than 2^31 elements".formatted(name));
            }
        }
        if (!isOffset(offsets.get(0)) || !isOffset(offsets.get(1))) {
            throw broken(file, "tensor %s has data_offsets %s".formatted(name, offsets));
        }
        long begin = offsets.get(0).longValue();
        long end = offsets.get(1).longValue();
        if (begin < 0 || end < begin || end > fileSize - dataStart) {
            throw broken(
                    file,
                    "tensor %s is said to lie at bytes %d to %d of %d"
                            .formatted(name, begin, end, fileSize - dataStart));
        }
        if (end - begin != elements * type.bytes) {
            throw broken(
                    file,
                    "tensor %s of %d %s values is said to take %d bytes"
                            .formatted(name, elements, type, end - begin));
        }
        return new Entry(type, shape, (int) elements, dataStart + begin, dataStart + end);
    }

    private static boolean isOffset(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    private static Type type(Path file, String name, String dtype) {
        for (Type type : Type.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw broken(file, "tensor %s has the unknown type '%s'".formatted(name, dtype));
    }

    private static void checkLayout(
            Path file, Map<String, Entry> entries, long dataStart, long fileSize) {
        List<Entry> inOrder = new ArrayList<>(entries.values());
        inOrder.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long position = dataStart;
        for (Entry entry : inOrder) {
            if (entry.begin != position) {
                throw broken(file, "its tensors overlap or leave holes");
            }
            position = entry.end;
        }
        if (position != fileSize) {
            throw broken(
                    file,
                    "it is %d bytes long where its header says %d".formatted(fileSize, position));
        }
    }

    /** What is said of the file, by name. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The tensors' names, in the order of the header. */
    public Set<String> names() {
        return entries.keySet();
    }

    /** The shape of a tensor. */
    public int[] shape(String name) {
        return entry(name).shape.clone();
    }

    /** Whether a tensor is stored as whole numbers. */
    public boolean isInteger(String name) {
        Type type = entry(name).type;
        return type != Type.F32 && type != Type.F64;
    }

    /**
     * The values of a floating-point tensor as float32.
     *
     * @throws InvalidInputException if there is no such tensor, or a value is NaN or infinite
     */
    public Tensor tensor(String name) {
        Entry entry = entry(name);
        if (entry.type != Type.F32 && entry.type != Type.F64) {
            throw broken(
                    file,
                    "tensor %s is of type %s where F32 is wanted".formatted(name, entry.type));
        }
        float[] data = new float[entry.size];
        ByteBuffer bytes = bytes(entry);
        if (entry.type == Type.F32) {
            bytes.asFloatBuffer().get(data);
        } else {
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) bytes.getDouble();
            }
        }
        for (int i = 0; i < data.length; i++) {
            if (!Float.isFinite(data[i])) {
                throw broken(file, "tensor %s holds %s at element %d".formatted(name, data[i], i));
            }
        }
        return Tensor.of(data, entry.shape);
    }

    /** The values of a tensor of any type; NaN and infinities are let through. */
    public CaseTensor values(String name) {
        Entry entry = entry(name);
        ByteBuffer bytes = bytes(entry);
        double[] values = new double[entry.size];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (entry.type) {
                        case F64 -> bytes.getDouble();
                        case F32 -> bytes.getFloat();
                        case I64 -> bytes.getLong();
                        case I32 -> bytes.getInt();
                        case I16 -> bytes.getShort();
                        case I8 -> bytes.get();
                        case U8, BOOL -> bytes.get() & 0xff;
                    };
        }
        return new CaseTensor(entry.shape.clone(), values);
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new InvalidInputException("%s has no tensor %s".formatted(file, name));
        }
        return entry;
    }

    private ByteBuffer bytes(Entry entry) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < entry.end) {
                throw broken(file, "it has become shorter since it was opened");
            }
            long length = entry.end - entry.begin;
            if (length <= LONGEST_READ) {
                return read(channel, entry.begin, (int) length);
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, entry.begin, length)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static ByteBuffer read(FileChannel channel, long position, int length)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("it ends too early");
            }
        }
        return buffer.flip();
    }

    private static InvalidInputException broken(Path file, String why) {
        return new InvalidInputException(
                "%s is damaged: %s; fetch or export it again".formatted(file, why));
    }
}
