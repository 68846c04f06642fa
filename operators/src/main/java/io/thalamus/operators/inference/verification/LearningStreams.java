/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stream of windows through networks that learn on it: {@code fsdd_stream} of the operator's
 * files, of which each of {@code runs} names a method and, by what its name begins with, a network
 * of spoken digits. Those are bundles of their own, {@code ../../weights/fsdd-cnn-*} beside the
 * operator's.
 */
final class LearningStreams {
    static final String FILE = "fsdd_stream";

    private static final String FEATURES = "features";
    private static final String LOGITS = "logits";

    /** Between the largest two logits of a window, for the class to be compared. */
    private static final double CLEAR = 1e-2;

    private final ModelBundle bundle;
    private final BundleConfig config;

    LearningStreams(ModelBundle bundle) {
        this.bundle = bundle;
        config = bundle.config().section("files").section(FILE);
    }

    /** What the file's section says. */
    BundleConfig config() {
        return config;
    }

    /** Whether the file and the networks are there. */
    boolean areThere() {
        return Files.exists(bundle.folder().resolve(FILE + ".safetensors"))
                && config.sections("runs").stream()
                        .allMatch(run -> Files.isDirectory(network(run.text("name"))));
    }

    private Path network(String run) {
        String name = "fsdd-cnn-" + run.substring(0, run.indexOf('-'));
        return bundle.folder().resolve("../../weights").resolve(name).normalize();
    }

    /** One case for each run. */
    StoredCases cases() {
        Safetensors tensors = bundle.tensors(FILE + ".safetensors");
        List<StoredCases.Case> cases = new ArrayList<>();
        for (BundleConfig run : config.sections("runs")) {
            String prefix = run.text("name") + ".";
            ObjectNode description = run.root().deepCopy();
            description.put("batch", config.integer("batch", 1));
            Set<String> expected =
                    tensors.names().stream()
                            .filter(name -> name.startsWith(prefix))
                            .map(name -> name.substring(prefix.length()))
                            .collect(Collectors.toCollection(LinkedHashSet::new));
            cases.add(new StoredCases.Case(run.text("name"), description, Set.of(), expected));
        }
        return new StoredCases(FILE + "/", tensors, cases, List.of());
    }

    /**
     * Recomputes a run.
     *
     * @throws InvalidInputException if a window gets another class than in the reference
     */
    Map<String, CaseTensor> run(
            JsonNode description, StoredCases stored, GraphEngine engine, ClassLoader loader) {
        String name = description.path("name").asText();
        ModelBundle network = ModelBundle.open(network(name));
        try (CaseRunner runner =
                ModelFactories.forBundle(network, loader).openCases(network, engine)) {
            Map<String, CaseTensor> found =
                    runner.run(description, Map.of(FEATURES, stored.tensors().values(FEATURES)));
            compareClasses(found.get(LOGITS), stored.tensors().values(name + "." + LOGITS));
            return found;
        }
    }

    private static void compareClasses(CaseTensor found, CaseTensor reference) {
        int windows = reference.shape()[0];
        int classes = reference.shape()[1];
        for (int window = 0; window < windows; window++) {
            int wanted = largest(reference.values(), window * classes, classes, -1);
            int second = largest(reference.values(), window * classes, classes, wanted);
            int given = largest(found.values(), window * classes, classes, -1);
            double gap = reference.values()[wanted] - reference.values()[second];
            if (gap > CLEAR && given != wanted) {
                throw new InvalidInputException(
                        "window %d is of class %d where the reference has %d"
                                .formatted(
                                        window,
                                        given - window * classes,
                                        wanted - window * classes));
            }
        }
    }

    /** Where the largest of a window's logits is, one of them left out. */
    private static int largest(double[] logits, int from, int classes, int without) {
        int largest = from == without ? from + 1 : from;
        for (int i = from; i < from + classes; i++) {
            if (i != without && logits[i] > logits[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
