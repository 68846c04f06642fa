/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    @TempDir static Path root;

    /** A line of a page. */
    private record Documented(String command, int exitCode, Path page) {
        @Override
        public String toString() {
            return Checkout.ROOT.relativize(page) + ": " + command;
        }
    }

    @BeforeAll
    static void copyWhatCommandsName() throws IOException {
        Files.createSymbolicLink(root.resolve("thalamus"), Checkout.ROOT.resolve("thalamus"));
        FileUtils.copy(
                new org.apache.flink.core.fs.Path(Checkout.ROOT.resolve("pipelines").toUri()),
                new org.apache.flink.core.fs.Path(root.resolve("pipelines").toUri()),
                false);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void works(Documented documented) throws Exception {
        assertThat(documented.command)
                .as("a command of a kind that is known")
                .startsWith("./thalamus ");

        Launcher.Outcome outcome = Launcher.run(root, List.of("bash", "-c", documented.command));

        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(documented.exitCode);
        if (documented.exitCode == 0) {
            assertThat(outcome.out()).isNotBlank();
            assertThat(outcome.err()).noneMatch(line -> line.contains("Exception"));
        }
    }

    @Test
    void pipelinesAreRight() throws Exception {
        int found = 0;
        for (Path page : pages()) {
            for (String text : blocks(page, "yaml")) {
                Path file = root.resolve("pipelines/documented-" + found++ + ".yaml");
                Files.writeString(file, text);
                Launcher.Outcome outcome =
                        Launcher.thalamus(root, "validate", root.relativize(file).toString());
                assertThat(outcome.exitCode()).as(page + ": " + outcome).isZero();
            }
        }
        assertThat(found).isPositive();
    }

    /** Each command once, those on the allow-list left out. */
    static List<Documented> commands() throws IOException {
        Map<String, Documented> commands = new LinkedHashMap<>();
        for (Path page : pages()) {
            for (String block : blocks(page, "sh")) {
                for (String line : block.replace("\\\n", " ").split("\n")) {
                    if (line.isBlank() || line.startsWith("#") || isRunElsewhere(line)) {
                        continue;
                    }
                    Matcher exit = EXIT.matcher(line);
                    commands.putIfAbsent(
                            line,
                            exit.matches()
                                    ? new Documented(
                                            exit.group(1), Integer.parseInt(exit.group(2)), page)
                                    : new Documented(line, 0, page));
                }
            }
        }
        return List.copyOf(commands.values());
    }

    private static boolean isRunElsewhere(String line) {
        return ELSEWHERE.keySet().stream().anyMatch(line::startsWith);
    }

    private static List<Path> pages() throws IOException {
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
