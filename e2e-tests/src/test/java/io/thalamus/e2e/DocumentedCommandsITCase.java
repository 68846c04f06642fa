/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command in a {@code sh} block of the documentation does what it is there for, and every
 * pipeline in a {@code yaml} block is right. A command that needs what the project does not hold is
 * to be shown as an indented block.
 */
class DocumentedCommandsITCase {
    private static final Pattern BLOCK =
            Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern EXIT = Pattern.compile("(.*?)\\s+# exits with (\\d+)");

    /** What is not run here, by how it starts, and what runs it. */
    private static final Map<String, String> ELSEWHERE =
            Map.of(
                    "mvn verify",
                    ".ci/run",
                    "flink run -c io.thalamus.jobs.PipelineJob jobs/target/thalamus-jobs.jar"
                            + " --pipeline pipelines/forecast.yaml",
                    ClusterSubmissionITCase.class.getName(),
                    "benchmarks/run ",
                    "by hand, as all measurements");

    /** Stands for the checkout's root, and takes what the commands write. */
    @TempDir private Path root;

    /** A line of a page. */
    private record Documented(String command, int exitCode) {
        static Documented of(String line) {
            Matcher exit = EXIT.matcher(line);
            return exit.matches()
                    ? new Documented(exit.group(1), Integer.parseInt(exit.group(2)))
                    : new Documented(line, 0);
        }
    }

    /** In the order of the page, whose later commands may need what earlier ones have written. */
    @ParameterizedTest
    @MethodSource("pages")
    @Execution(ExecutionMode.CONCURRENT)
    void whatAPageSaysWorks(Path page) throws Exception {
        Files.createSymbolicLink(root.resolve("thalamus"), Checkout.ROOT.resolve("thalamus"));
        FileUtils.copy(
                new org.apache.flink.core.fs.Path(Checkout.ROOT.resolve("pipelines").toUri()),
                new org.apache.flink.core.fs.Path(root.resolve("pipelines").toUri()),
                false);
        for (Documented documented : commands(page)) {
            assertThat(documented.command)
                    .as("a command of a kind that is known")
                    .startsWith("./thalamus ");

            Launcher.Outcome outcome =
                    Launcher.run(root, List.of("bash", "-c", documented.command));

            assertThat(outcome.exitCode())
                    .as(documented + ": " + outcome)
                    .isEqualTo(documented.exitCode);
            if (documented.exitCode == 0) {
                assertThat(outcome.out()).isNotBlank();
                assertThat(outcome.err()).noneMatch(line -> line.contains("Exception"));
            }
        }
        int number = 0;
        for (String text : blocks(page, "yaml")) {
            Path file = root.resolve("pipelines/documented-" + number++ + ".yaml");
            Files.writeString(file, text);
            Launcher.Outcome outcome =
                    Launcher.thalamus(root, "validate", root.relativize(file).toString());
            assertThat(outcome.exitCode()).as(text + ": " + outcome).isZero();
        }
    }

    @Test
    void pagesHaveCommandsAndPipelines() throws IOException {
        int commands = 0;
        int pipelines = 0;
        for (Path page : pages()) {
            commands += commands(page).size();
            pipelines += blocks(page, "yaml").size();
        }
        assertThat(commands).isGreaterThan(50);
        assertThat(pipelines).isGreaterThan(10);
    }

    /** Without those on the allow-list. */
    private static List<Documented> commands(Path page) throws IOException {
        return blocks(page, "sh").stream()
                .flatMap(block -> block.replace("\\\n", " ").lines())
                .filter(line -> !line.isBlank() && !line.startsWith("#") && !isRunElsewhere(line))
                .distinct()
                .map(Documented::of)
                .toList();
    }

    private static boolean isRunElsewhere(String line) {
        return ELSEWHERE.keySet().stream().anyMatch(line::startsWith);
    }

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Checkout.ROOT.resolve("README.md")));
        try (Stream<Path> docs = Files.list(Checkout.ROOT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        Stream.of("benchmarks/README.md", "training/README.md")
                .map(Checkout.ROOT::resolve)
                .filter(Files::exists)
                .forEach(pages::add);
        return pages;
    }

    private static List<String> blocks(Path page, String language) throws IOException {
        return BLOCK.matcher(Files.readString(page))
                .results()
                .filter(block -> Objects.equals(block.group(1), language))
                .map(block -> block.group(2))
                .toList();
    }
}
