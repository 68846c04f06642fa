/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.operators.inference.checkpoint.BundleImport;
import io.thalamus.operators.inference.checkpoint.BundleImport.Imported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        name = "import",
        description =
                "Make a bundle of the weights that PyTorch has saved. Nothing in the file is"
                        + " executed.")
final class ImportCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Spec private CommandSpec command;
    @Mixin private Output output;

    @Parameters(
            paramLabel = "CHECKPOINT",
            arity = "1..*",
            description =
                    "What torch.save has written of the network's weights, or a"
                            + " last_best_checkpoint that names it; or a file for each part,"
                            + " called as the part is, such as encoder.ckpt.")
    private List<Path> checkpoints;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The config.json of the bundle: the architecture and its sizes.")
    private Path config;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The folder of the bundle, which is not there yet.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        List<Path> needed = new ArrayList<>(checkpoints);
        needed.add(config);
        for (Path file : needed) {
            if (!Files.isRegularFile(file)) {
                throw wrong("there is no file %s", file);
            }
        }
        if (Files.exists(out)) {
            throw wrong("%s is there already; name another folder with --out", out);
        }
        Imported imported =
                new BundleImport(checkpoints, config)
                        .write(out, ImportCommand.class.getClassLoader());
        Console console = thalamus.console();
        if (output.json) {
            console.json(imported);
        } else {
            console.out().print(text(imported));
        }
        return 0;
    }

    private static String text(Imported imported) {
        Lines lines = new Lines();
        lines.add("bundle", imported.bundle());
        lines.add("architecture", imported.architecture());
        lines.add("weights", "%,d".formatted(imported.tensors()));
        lines.add("parameters", "%,d".formatted(imported.parameters()));
        imported.leftOut().forEach(name -> lines.add("left out", name + ", whole numbers"));
        lines.add(
                "checked",
                imported.checked()
                        ? "yes: the architecture finds all of its weights"
                        : "no: there is no such architecture here");
        return lines.toString();
    }

    private ParameterException wrong(String sentence, Object... values) {
        return new ParameterException(command.commandLine(), sentence.formatted(values));
    }
}
