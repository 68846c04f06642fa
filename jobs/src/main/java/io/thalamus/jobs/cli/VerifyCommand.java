/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.verification.BundleResult;
import io.thalamus.operators.inference.verification.BundleVerifier;
import io.thalamus.operators.inference.verification.TensorResult;
import io.thalamus.operators.stream.StagedBundle;
import io.thalamus.schemas.InvalidInputException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        description =
                "Run the stored cases of bundles and compare every tensor with the reference. Exit"
                        + " code 1 if one is over its tolerance.")
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private Output output;

    @Parameters(
            paramLabel = "DIR",
            arity = "1..*",
            description =
                    "A bundle, or a folder with bundles below it, on any file system of Flink.")
    private List<String> folders;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "The back end: ${COMPLETION-CANDIDATES}.",
            completionCandidates = Engines.class,
            defaultValue = GraphEngines.DEFAULT)
    private String engine;

    /** The names that the help shows. */
    static final class Engines extends ArrayList<String> {
        Engines() {
            super(GraphEngines.names());
        }
    }

    @Override
    public Integer call() {
        Set<String> bundles = new LinkedHashSet<>();
        if (!GraphEngines.names().contains(engine)) {
            throw wrong(
                    "there is no engine %s; there are %s".formatted(engine, GraphEngines.names()));
        }
        for (String folder : folders) {
            try {
                bundles.addAll(StagedBundle.bundlesIn(folder));
            } catch (InvalidInputException e) {
                throw wrong(e.getMessage());
            }
        }
        Console console = thalamus.console();
        List<BundleResult> results = new ArrayList<>();
        try (GraphEngine opened = GraphEngines.open(engine)) {
            BundleVerifier verifier =
                    new BundleVerifier(opened, VerifyCommand.class.getClassLoader());
            Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
            for (String bundle : bundles) {
                BundleResult result;
                try (StagedBundle staged = StagedBundle.of(bundle, scratch)) {
                    result = verifier.verify(bundle, staged.folder());
                }
                results.add(result);
                if (!output.json) {
                    print(result, console.out());
                }
            }
        }
        if (output.json) {
            console.json(results);
        }
        return results.stream().allMatch(BundleResult::ok) ? 0 : 1;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private static void print(BundleResult result, PrintStream out) {
        out.printf(
                "%s  %s (%s, %s)%n",
                result.ok() ? "ok    " : "FAILED",
                result.bundle(),
                result.architecture(),
                result.engine());
        if (result.reason() != null) {
            out.println("        " + result.reason());
        }
        for (TensorResult tensor : result.results()) {
            out.printf(
                    "        %-6s %-40s relative %.2e  largest %.2e  tolerance %.0e%n",
                    tensor.ok() ? "ok" : "FAILED",
                    tensor.caseName() + "." + tensor.tensor(),
                    tensor.relativeL2(),
                    tensor.maxAbs(),
                    tensor.tolerance());
        }
        if (!result.notCompared().isEmpty()) {
            out.println("        not compared: " + String.join(", ", result.notCompared()));
        }
    }
}
