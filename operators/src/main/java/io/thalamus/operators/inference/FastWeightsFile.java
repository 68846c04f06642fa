/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a stream has learned, as a file of tensors that other programs read: {@code delta/NAME} for
 * the difference to each weight, {@code memory/NAME} for what learning remembers, and {@code
 * updates}, the number of updates as two figures of base 2^24. What is said of the file is the
 * digest of the {@code bundle} that the weights are a difference to and the {@code preset} that
 * they were learned by, where they were noted.
 */
public final class FastWeightsFile {
    /** How the files' names end. */
    public static final String SUFFIX = ".safetensors";

    private static final String BUNDLE = "bundle";
    private static final String PRESET = "preset";
    private static final String UPDATES = "updates";
    private static final String DELTA = "delta/";
    private static final String MEMORY = "memory/";

    /** Whole numbers below this are exact as float32. */
    private static final int BASE = 1 << 24;

    private FastWeightsFile() {}

    /** The file of a stream in a folder; what file names may not hold is written as in a URL. */
    public static Path of(Path folder, String stream) {
        return folder.resolve(URLEncoder.encode(stream, StandardCharsets.UTF_8) + SUFFIX);
    }

    /** The stream that a file is of, by its name. */
    public static String stream(Path file) {
        String name = file.getFileName().toString();
        return URLDecoder.decode(
                name.substring(0, name.length() - SUFFIX.length()), StandardCharsets.UTF_8);
    }

    /** Writes a file, which appears, or replaces the one that was there, when it is whole. */
    public static void write(Path file, BoundWeights bound) throws IOException {
        FastWeights weights = bound.weights();
        Map<String, Tensor> tensors = new HashMap<>();
        long updates = weights.updates();
        tensors.put(UPDATES, Tensor.of(new float[] {updates / BASE, updates % BASE}, 2));
        weights.deltas().forEach((name, values) -> put(tensors, DELTA + name, values));
        weights.memory().forEach((name, values) -> put(tensors, MEMORY + name, values));
        Map<String, String> metadata =
                new TreeMap<>(Map.of(BUNDLE, bound.bundle(), PRESET, bound.preset()));
        metadata.values().removeIf(String::isEmpty);
        SafetensorsWriter.write(file, tensors, metadata);
    }

    private static void put(Map<String, Tensor> tensors, String name, float[] values) {
        tensors.put(name, Tensor.of(values, values.length));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws InvalidInputException if the file is missing, damaged or holds something else
     */
    public static BoundWeights read(Path file) {
        Safetensors stored = Safetensors.open(file);
        Map<String, float[]> deltas = new HashMap<>();
        Map<String, float[]> memory = new HashMap<>();
        for (String name : stored.names()) {
            if (name.startsWith(DELTA)) {
                deltas.put(name.substring(DELTA.length()), stored.tensor(name).data());
            } else if (name.startsWith(MEMORY)) {
                memory.put(name.substring(MEMORY.length()), stored.values(name).floats());
            } else if (!name.equals(UPDATES)) {
                throw new InvalidInputException(
                        "%s holds %s, which no fast weights have; give a file of fast weights"
                                .formatted(file, name));
            }
        }
        float[] updates = stored.tensor(UPDATES).data();
        if (updates.length != 2) {
            throw new InvalidInputException(
                    "%s: updates must be two figures; give a file of fast weights".formatted(file));
        }
        return new BoundWeights(
                new FastWeights((long) updates[0] * BASE + (long) updates[1], deltas, memory),
                stored.metadata().getOrDefault(BUNDLE, ""),
                stored.metadata().getOrDefault(PRESET, ""));
    }
}
