/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a bundle of checkpoints.
 *
 * @param checkpoints one file, or a {@code last_best_checkpoint} that names one beside it; or one
 *     for each part of the network, each named after its part, such as {@code encoder.ckpt}, whose
 *     weights then have it before their names
 * @param config the bundle's configuration
 */
public record BundleImport(List<Path> checkpoints, Path config) {
    private static final String POINTER = "last_best_checkpoint";
    private static final int LONGEST_NAME = 4096;
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * What was written.
     *
     * @param bundle the folder
     * @param architecture of the network
     * @param tensors how many weights there are
     * @param parameters how many values they have
     * @param leftOut tensors of whole numbers
     * @param checked whether the architecture is there, and has found all of its weights
     */
    public record Imported(
            String bundle,
            String architecture,
            int tensors,
            long parameters,
            List<String> leftOut,
            boolean checked) {}

    /**
     * Writes the bundle, which appears when it is whole and checked.
     *
     * @param out a folder that is not there yet
     * @param loader finds the architecture
     * @throws InvalidInputException if a file cannot be used, or the architecture is there and
     *     finds its weights wrong
     */
    public Imported write(Path out, ClassLoader loader) throws IOException {
        BundleConfig described = BundleConfig.read(config);
        String architecture = described.text("architecture");
        Checkpoint checkpoint = read();
        Map<String, Tensor> weights = WeightNames.of(architecture, checkpoint.weights());
        ObjectNode settings = described.root().deepCopy();
        settings.putArray("cases");
        Path unfinished =
                out.toAbsolutePath().resolveSibling("." + out.getFileName() + ".unfinished");
        delete(unfinished);
        Files.createDirectories(unfinished);
        Optional<ModelFactory> factory = ModelFactories.find(architecture, loader);
        try {
            JSON.writeValue(unfinished.resolve(ModelBundle.CONFIG).toFile(), settings);
            SafetensorsWriter.write(unfinished.resolve(ModelBundle.WEIGHTS), weights);
            factory.ifPresent(found -> found.check(ModelBundle.open(unfinished)));
            Files.move(unfinished, out.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(unfinished);
        }
        return new Imported(
                out.toString(),
                architecture,
                weights.size(),
                weights.values().stream().mapToLong(Tensor::size).sum(),
                checkpoint.leftOut(),
                factory.isPresent());
    }

    private static void delete(Path bundle) throws IOException {
        Files.deleteIfExists(bundle.resolve(ModelBundle.CONFIG));
        Files.deleteIfExists(bundle.resolve(ModelBundle.WEIGHTS));
        Files.deleteIfExists(bundle);
    }

    private Checkpoint read() throws IOException {
        if (checkpoints.size() == 1) {
            return Checkpoint.read(named(checkpoints.get(0)));
        }
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<String> leftOut = new ArrayList<>();
        for (Path file : checkpoints) {
            String part = file.getFileName().toString().replaceFirst("\\..*", "") + ".";
            Checkpoint read = Checkpoint.read(file);
            read.leftOut().forEach(name -> leftOut.add(within(part, name)));
            read.weights()
                    .forEach(
                            (name, tensor) -> {
                                if (weights.put(within(part, name), tensor) != null) {
                                    throw new InvalidInputException(
                                            "%s has tensor %s, which another file has too"
                                                    .formatted(file, within(part, name)));
                                }
                            });
        }
        return new Checkpoint(weights, leftOut);
    }

    private static String within(String part, String name) {
        return name.startsWith(part) ? name : part + name;
    }

    /** The file that a pointer names; other files as they are. */
    private static Path named(Path file) throws IOException {
        if (!file.getFileName().toString().equals(POINTER)) {
            return file;
        }
        String name;
        try (InputStream in = Files.newInputStream(file)) {
            name = new String(in.readNBytes(LONGEST_NAME), StandardCharsets.UTF_8).strip();
        }
        if (name.isEmpty() || name.matches("(?s).*[/\\\\\\p{Cntrl}].*")) {
            throw new InvalidInputException(
                    "%s names no file beside it; give the checkpoint itself".formatted(file));
        }
        return file.resolveSibling(name);
    }
}
