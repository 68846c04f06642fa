/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The page holds what each command says of itself; when this fails, put that there. */
class CommandsPageTest {
    private static final Path PAGE = Path.of("../docs/commands.md");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "evaluate",
                "validate",
                "verify",
                "inspect",
                "replay",
                "record",
                "simulate",
                "train",
                "import",
                "calibrate",
                "adapt",
                "demo",
                "dlq"
            })
    void theDocumentationIsCurrent(String command) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        CommandLine thalamus = ThalamusCommand.commandLine(null);
        (command.isEmpty() ? thalamus : thalamus.getSubcommands().get(command))
                .usage(new PrintStream(text, true), CommandLine.Help.Ansi.OFF);

        // The engine "none" is one of the tests.
        String usage = text.toString(StandardCharsets.UTF_8).replace(" none,", "");
        assertThat(Files.readString(PAGE)).contains("```\n" + usage + "```\n");
        assertThat(thalamus.getSubcommands()).hasSize(14);
    }
}
