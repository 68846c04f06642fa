/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.InvalidInputException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * How {@link BoundWeights} are kept: a version, the bundle's digest, the preset, the number of
 * updates, then deltas and memory, each a count and so many arrays in the order of their names. The
 * same fast weights make the same bytes. A version that is not known is refused, never guessed at;
 * the second has no preset, and the first no digest either.
 */
public final class FastWeightsFormat {
    /** What is written. */
    public static final int VERSION = 3;

    private static final int WITHOUT_PRESET = 2;
    private static final int WITHOUT_DIGEST = 1;

    private FastWeightsFormat() {}

    /** Writes {@link BoundWeights#bytes} bytes; fewer, in the first version, without a digest. */
    public static void write(BoundWeights bound, DataOutput out) throws IOException {
        int version = version(bound);
        out.writeInt(version);
        if (version > WITHOUT_DIGEST) {
            out.write(HexFormat.of().parseHex(bound.bundle()));
        }
        if (version > WITHOUT_PRESET) {
            writeText(bound.preset(), out);
        }
        FastWeights weights = bound.weights();
        out.writeLong(weights.updates());
        write(weights.deltas(), out);
        write(weights.memory(), out);
    }

    private static int version(BoundWeights bound) {
        if (bound.bundle().isEmpty()) {
            return WITHOUT_DIGEST;
        }
        return bound.preset().isEmpty() ? WITHOUT_PRESET : VERSION;
    }

    private static void write(Map<String, float[]> arrays, DataOutput out) throws IOException {
        out.writeInt(arrays.size());
        for (Map.Entry<String, float[]> entry : new TreeMap<>(arrays).entrySet()) {
            writeText(entry.getKey(), out);
            out.writeInt(entry.getValue().length);
            for (float value : entry.getValue()) {
                out.writeFloat(value);
            }
        }
    }

    private static void writeText(String text, DataOutput out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InvalidInputException if it is of another version
     */
    public static BoundWeights read(DataInput in) throws IOException {
        int version = in.readInt();
        if (version < WITHOUT_DIGEST || version > VERSION) {
            throw new InvalidInputException(
                    ("fast weights are stored in version %d, and this release reads up to %d;"
                                    + " restore with the release that wrote them")
                            .formatted(version, VERSION));
        }
        byte[] digest = new byte[version > WITHOUT_DIGEST ? BoundWeights.DIGEST_BYTES : 0];
        in.readFully(digest);
        String preset = version > WITHOUT_PRESET ? readText(in) : "";
        return new BoundWeights(
                new FastWeights(in.readLong(), arrays(in), arrays(in)),
                HexFormat.of().formatHex(digest),
                preset);
    }

    private static Map<String, float[]> arrays(DataInput in) throws IOException {
        int count = in.readInt();
        Map<String, float[]> arrays = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = readText(in);
            arrays.put(name, values(in));
        }
        return arrays;
    }

    /** All at once: from a checkpoint in a local file Flink reads each float as four bytes. */
    private static float[] values(DataInput in) throws IOException {
        float[] values = new float[in.readInt()];
        byte[] bytes = new byte[values.length * Float.BYTES];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        return values;
    }

    private static String readText(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static int size(BoundWeights bound) {
        int preset = bound.preset().isEmpty() ? 0 : size(bound.preset());
        return size(bound.weights()) + preset;
    }

    static int size(FastWeights weights) {
        return Integer.BYTES
                + BoundWeights.DIGEST_BYTES
                + Long.BYTES
                + size(weights.deltas())
                + size(weights.memory());
    }

    private static int size(Map<String, float[]> arrays) {
        int size = Integer.BYTES;
        for (Map.Entry<String, float[]> entry : arrays.entrySet()) {
            size += size(entry.getKey()) + Integer.BYTES + entry.getValue().length * Float.BYTES;
        }
        return size;
    }

    private static int size(String text) {
        return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }
}
