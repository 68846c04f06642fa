/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.schemas.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs a bundle's stored cases and compares every stored tensor that the model, or the operator,
 * produces. Whatever is wrong with a bundle is said in its result and does not keep the next from
 * being verified. Used by the thread that the engine belongs to.
 */
public final class BundleVerifier {
    private static final Set<String> FOR_UNIT_TESTS = Set.of("blocks", "training");

    private static final String FILES = "files";

    private final GraphEngine engine;
    private final ClassLoader loader;

    /**
     * A verifier for models on one engine.
     *
     * @param engine the caller closes it
     * @param loader where architectures are looked for
     */
    public BundleVerifier(GraphEngine engine, ClassLoader loader) {
        this.engine = engine;
        this.loader = loader;
    }

    /** Verifies one bundle. */
    public BundleResult verify(Path folder) {
        return verify(folder.toString(), folder);
    }

    /**
     * Verifies one bundle.
     *
     * @param location what the result calls it, as where the folder is a copy
     */
    public BundleResult verify(String location, Path folder) {
        Report report = new Report(location, engine.name());
        try {
            verify(ModelBundle.open(folder), report);
        } catch (RuntimeException e) {
            report.fail(sentence(e));
        }
        return report.result();
    }

    private void verify(ModelBundle bundle, Report report) {
        BundleConfig config = bundle.config();
        String kind = config.has("kind") ? config.text("kind") : "model";
        if (kind.equals("model")) {
            report.of(config.text("architecture"));
            verifyModel(bundle, report);
        } else if (kind.equals("operator")) {
            report.of(config.text("operator"));
            report.on(Operators.ENGINE);
            if (config.has(FILES)) {
                verifyFiles(bundle, report);
                return;
            }
            OperatorCase operator = Operators.named(config);
            verifyCases(
                    config,
                    StoredCases.of(bundle),
                    (description, inputs) -> operator.run(config, inputs),
                    report);
        } else if (FOR_UNIT_TESTS.contains(kind)) {
            report.of(config.root().path("architecture").textValue());
            report.skip("skipped: a bundle of kind %s is for unit tests".formatted(kind));
        } else {
            throw config.wrong("kind", "one of model, operator, blocks, training");
        }
    }

    /** An operator with files of cases, one for each of its parts. */
    private void verifyFiles(ModelBundle bundle, Report report) {
        BundleConfig files = bundle.config().section(FILES);
        files.root()
                .fieldNames()
                .forEachRemaining(
                        file -> {
                            Optional<OperatorFile> part = Operators.file(bundle.config(), file);
                            if (part.isPresent()) {
                                verifyFile(bundle, file, part.get(), report);
                            } else if (file.equals(LearningStreams.FILE)) {
                                verifyStreams(new LearningStreams(bundle), report);
                            } else {
                                report.notCompared(file);
                            }
                        });
    }

    /** Streams through networks that are beside the operator's bundle, if they are. */
    private void verifyStreams(LearningStreams streams, Report report) {
        if (!streams.areThere()) {
            report.notCompared(LearningStreams.FILE);
            return;
        }
        StoredCases stored = streams.cases();
        verifyCases(
                streams.config(),
                stored,
                (description, inputs) -> streams.run(description, stored, engine, loader),
                report);
    }

    private static void verifyFile(
            ModelBundle bundle, String file, OperatorFile part, Report report) {
        List<BundleConfig> cases = bundle.config().section(FILES).sections(file);
        verifyCases(
                bundle.config(),
                StoredCases.of(bundle, file, part::takes),
                (description, inputs) -> part.operator().run(caseOf(cases, description), inputs),
                report);
    }

    private static BundleConfig caseOf(List<BundleConfig> cases, JsonNode description) {
        return cases.stream()
                .filter(entry -> entry.root() == description)
                .findFirst()
                .orElseThrow();
    }

    private void verifyModel(ModelBundle bundle, Report report) {
        ModelFactory factory = ModelFactories.forBundle(bundle, loader);
        StoredCases stored = StoredCases.of(bundle);
        try (CaseRunner runner = factory.openCases(bundle, engine)) {
            verifyCases(bundle.config(), stored, runner::run, report);
        }
    }

    /** Recomputes the tensors of one case. */
    private interface Recomputation {
        Map<String, CaseTensor> run(JsonNode description, Map<String, CaseTensor> inputs);
    }

    /**
     * Compares cases.
     *
     * @param config has their tolerance
     */
    private static void verifyCases(
            BundleConfig config, StoredCases stored, Recomputation recomputation, Report report) {
        ToleranceRules rules = new ToleranceRules(config);
        stored.ofNoCase().forEach(report::notCompared);
        for (StoredCases.Case which : stored.cases()) {
            try {
                verify(which, stored, recomputation, rules, report);
            } catch (RuntimeException e) {
                report.fail("case %s: %s".formatted(stored.label() + which.name(), sentence(e)));
            }
        }
        if (stored.cases().isEmpty()) {
            report.fail("its config.json lists no cases to verify it by");
        }
    }

    private static void verify(
            StoredCases.Case which,
            StoredCases stored,
            Recomputation recomputation,
            ToleranceRules rules,
            Report report) {
        Map<String, CaseTensor> found =
                recomputation.run(which.description(), stored.inputsOf(which));
        boolean compared = false;
        for (String tensor : which.expected()) {
            if (found.containsKey(tensor)) {
                CaseTensor reference = stored.value(which, tensor);
                Difference difference = Difference.of(found.get(tensor), reference, rules.share());
                Tolerance tolerance =
                        rules.of(
                                which.description(),
                                tensor,
                                stored.isInteger(which, tensor),
                                difference.zeroReference());
                report.add(
                        new TensorResult(
                                stored.label() + which.name(),
                                tensor,
                                difference.relativeL2(),
                                difference.maxAbs(),
                                tolerance.value(),
                                tolerance.allows(difference)),
                        found.get(tensor),
                        reference);
                compared = true;
            } else {
                report.notCompared(stored.label() + which.name() + "." + tensor);
            }
        }
        if (!compared) {
            throw new InvalidInputException("nothing is stored that it produces");
        }
    }

    /** What a user is told: of a fault that is not theirs, its kind too. */
    private static String sentence(RuntimeException e) {
        return e instanceof InvalidInputException ? e.getMessage() : e.toString();
    }
}
