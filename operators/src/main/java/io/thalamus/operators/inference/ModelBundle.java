/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.schemas.InnerFile;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A model bundle: a folder with {@code config.json}, {@code weights.safetensors} and, optionally,
 * {@code cases.safetensors}, {@code source_statistics.safetensors} and {@code metrics.json}. The
 * only form in which a network is deployed.
 */
public final class ModelBundle {
    public static final String CONFIG = "config.json";
    public static final String WEIGHTS = "weights.safetensors";
    public static final String CASES = "cases.safetensors";
    public static final String METRICS = "metrics.json";
    public static final String SOURCE_STATISTICS = "source_statistics.safetensors";

    private final Path folder;
    private final BundleConfig config;

    private ModelBundle(Path folder, BundleConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /**
     * Opens a folder and reads its configuration; weights are read when they are asked for.
     *
     * @throws InvalidInputException if it is no folder or its configuration is not readable
     */
    public static ModelBundle open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException(
                    "%s is no folder: a bundle is a folder with %s and %s"
                            .formatted(folder, CONFIG, WEIGHTS));
        }
        return new ModelBundle(folder, BundleConfig.read(InnerFile.of(folder, CONFIG)));
    }

    /** A bundle that is still to be written, so far a configuration. */
    public static ModelBundle draft(Path folder, ObjectNode config) {
        return new ModelBundle(folder, BundleConfig.of(folder.resolve(CONFIG), config));
    }

    /** Whether a folder looks like a bundle. */
    public static boolean isBundle(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    public Path folder() {
        return folder;
    }

    /** The folder's name, which result records carry. */
    public String name() {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    public BundleConfig config() {
        return config;
    }

    /**
     * The channels that the network was trained with, in their order: {@code dataset.columns} of
     * the configuration. None if it does not say.
     */
    public List<String> channelNames() {
        List<String> names = new ArrayList<>();
        config.root().path("dataset").path("columns").forEach(name -> names.add(name.asText()));
        return names;
    }

    /**
     * SHA-256 of all that decides what the network computes and learns, in hexadecimal: the
     * configuration, the weights, and what signals were like in training.
     *
     * @throws InvalidInputException if a file cannot be read
     */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : List.of(CONFIG, WEIGHTS, SOURCE_STATISTICS)) {
                Path file = InnerFile.of(folder, name);
                if (Files.exists(file)) {
                    digest.update(
                            "%s %d\n"
                                    .formatted(name, Files.size(file))
                                    .getBytes(StandardCharsets.UTF_8));
                    try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
                        in.transferTo(OutputStream.nullOutputStream());
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be read: %s".formatted(folder, e.getMessage()), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The weights. */
    public Safetensors weights() {
        return Safetensors.open(InnerFile.of(folder, WEIGHTS));
    }

    /** Another file of tensors in the folder. */
    public Safetensors tensors(String file) {
        return Safetensors.open(InnerFile.of(folder, file));
    }

    /** What signals inside the network were like in training, if the bundle tells. */
    public Optional<Safetensors> sourceStatistics() {
        Path file = InnerFile.of(folder, SOURCE_STATISTICS);
        return Files.exists(file) ? Optional.of(Safetensors.open(file)) : Optional.empty();
    }

    /** The stored cases, if the bundle has any. */
    public Optional<Safetensors> cases() {
        Path file = InnerFile.of(folder, CASES);
        return Files.exists(file) ? Optional.of(Safetensors.open(file)) : Optional.empty();
    }

    /**
     * What training has measured, if the bundle tells.
     *
     * @throws InvalidInputException if the file cannot be read
     */
    public Optional<BundleConfig> metrics() {
        Path file = InnerFile.of(folder, METRICS);
        return Files.exists(file) ? Optional.of(BundleConfig.read(file)) : Optional.empty();
    }

    /**
     * A weight that must have the shape the configuration calls for.
     *
     * @throws InvalidInputException if it is missing, of another shape, or not finite
     */
    public Tensor weight(Safetensors weights, String name, int... shape) {
        if (!weights.names().contains(name)) {
            throw new InvalidInputException(
                    "%s has no tensor %s, which %s calls for"
                            .formatted(folder.resolve(WEIGHTS), name, CONFIG));
        }
        int[] found = weights.shape(name);
        if (!Arrays.equals(found, shape)) {
            throw new InvalidInputException(
                    "%s: tensor %s has shape %s where %s calls for %s"
                            .formatted(
                                    folder.resolve(WEIGHTS),
                                    name,
                                    Arrays.toString(found),
                                    CONFIG,
                                    Arrays.toString(shape)));
        }
        return weights.tensor(name);
    }
}
