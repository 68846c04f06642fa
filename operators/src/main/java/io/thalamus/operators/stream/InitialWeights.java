/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.FastWeightsFile;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What streams know when they begin, as files that were {@link FastWeightsFile exported}: a folder
 * on any file system that Flink knows, with a file for each stream that knows something. It counts
 * for the bundle alone that it was learned with, and for the preset that it was learned by.
 */
public final class InitialWeights implements AutoCloseable {
    private final StagedBundle folder;
    private final String bundle;
    private final String preset;

    private InitialWeights(StagedBundle folder, String bundle, String preset) {
        this.folder = folder;
        this.bundle = bundle;
        this.preset = preset;
    }

    /**
     * @param location a path or URI of the folder
     * @param scratch where a copy may be made
     * @param bundle the digest of the bundle
     * @param preset that streams learn by
     * @throws InvalidInputException if there is no such folder, or it cannot be read
     */
    public static InitialWeights of(String location, Path scratch, String bundle, String preset) {
        StagedBundle staged = StagedBundle.of(location, scratch);
        if (!Files.isDirectory(staged.folder())) {
            throw new InvalidInputException(
                    "%s is no folder; give the one that adapt export has written to"
                            .formatted(location));
        }
        return new InitialWeights(staged, bundle, preset);
    }

    /**
     * Reads all of them.
     *
     * @throws InvalidInputException if there is none, or one that was not learned with the bundle
     *     and by the preset
     */
    public void check() {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.folder())) {
            files =
                    all.filter(file -> file.toString().endsWith(FastWeightsFile.SUFFIX))
                            .sorted()
                            .toList();
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be read: %s".formatted(folder.folder(), e.getMessage()), e);
        }
        if (files.isEmpty()) {
            throw new InvalidInputException(
                    "%s holds no file that ends in %s; give the folder that adapt export has written to"
                            .formatted(folder.folder(), FastWeightsFile.SUFFIX));
        }
        files.forEach(this::read);
    }

    /**
     * What a stream knows when it begins.
     *
     * @throws InvalidInputException if it was not learned with the bundle and by the preset
     */
    FastWeights of(String stream) {
        Path file = FastWeightsFile.of(folder.folder(), stream);
        return Files.exists(file) ? read(file) : FastWeights.none();
    }

    private FastWeights read(Path file) {
        BoundWeights read = FastWeightsFile.read(file);
        if (read.bundle().isEmpty()) {
            throw silent(file, "which bundle it was learned with");
        }
        if (!read.bundle().equals(bundle)) {
            throw new InvalidInputException(
                    "%s was learned with a bundle of sha256 %s, and the pipeline's has %s; name the bundle that it was learned with"
                            .formatted(file, read.bundle(), bundle));
        }
        if (read.preset().isEmpty()) {
            throw silent(file, "by which preset it was learned");
        }
        if (!read.preset().equals(preset)) {
            throw new InvalidInputException(
                    "%s was learned by %s, which %s cannot go on from; give adaptation.preset: %s, or leave adaptation.initial out"
                            .formatted(file, read.preset(), preset, read.preset()));
        }
        return read.weights();
    }

    private static InvalidInputException silent(Path file, String what) {
        return new InvalidInputException(
                "%s does not say %s; run on from the savepoint, take another, and export it from that"
                        .formatted(file, what));
    }

    @Override
    public void close() {
        folder.close();
    }
}
