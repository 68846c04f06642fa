/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.simulation.LoadSimulator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input, as a user meets it: one clear sentence, the right exit code, nothing lost. */
class BadInputITCase {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LENGTH_BYTES = 8;

    @TempDir Path folder;

    @Test
    void saysThatThereIsNoFontForAPicture() throws Exception {
        Path noFonts =
                Files.writeString(
                        folder.resolve("fonts.conf"),
                        "<?xml version=\"1.0\"?><fontconfig></fontconfig>");

        Launcher.Outcome outcome =
                Launcher.run(
                        folder,
                        List.of(
                                "env",
                                "FONTCONFIG_FILE=" + noFonts,
                                // Java keeps the fonts that it once found there.
                                "THALAMUS_JAVA_OPTIONS=-Duser.home=" + folder,
                                Checkout.ROOT.resolve("thalamus").toString(),
                                "inspect",
                                Checkout.ROOT.resolve("pipelines/recordings/load.csv").toString(),
                                "--plot",
                                "load.png"));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("Java finds no font here: install"));
    }

    @Test
    void saysWhatIsWrongWithABundle() throws Exception {
        byte[] sound = Files.readAllBytes(Checkout.BUNDLE.resolve("weights.safetensors"));
        bundle("a-truncated", truncated(sound));
        bundle(
                "b-lying",
                withHeader(sound, "\"data_offsets\":[0,2048]", "\"data_offsets\":[0,2052]"));
        bundle("c-nan", withNaN(sound));
        bundle("d-missing", withHeader(sound, "kernels.0.weight", "kernels.0.wait__"));
        Path disagreeing = bundle("e-disagreeing", sound);
        Path config = disagreeing.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceFirst("\"d_ff\": *32", "\"d_ff\": 64"));

        Launcher.Outcome outcome = Launcher.thalamus(folder, "verify", "bundles", "--json");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).isEmpty();
        List<String> reasons = new ArrayList<>();
        for (JsonNode result : JSON.readTree(outcome.out())) {
            assertThat(result.path("ok").booleanValue()).isFalse();
            reasons.add(result.path("reason").textValue());
        }
        assertThat(reasons).hasSize(5);
        assertThat(reasons.get(0)).contains("a-truncated/weights.safetensors is damaged", "header");
        assertThat(reasons.get(1))
                .contains("b-lying/weights.safetensors is damaged", "kernels.0.weight", "2052");
        assertThat(reasons.get(2))
                .contains("c-nan/weights.safetensors is damaged", "kernels.0.weight holds NaN");
        assertThat(reasons.get(3))
                .contains("d-missing/weights.safetensors has no tensor", "kernels.0.weight");
        assertThat(reasons.get(4))
                .contains("e-disagreeing/weights.safetensors", "where config.json calls for");
        assertThat(reasons).allMatch(reason -> reason.lines().count() == 1);

        for (String name : List.of("a-truncated", "c-nan")) {
            Launcher.Outcome run =
                    Launcher.thalamus(
                            folder,
                            "run",
                            Checkout.FORECAST.toString(),
                            "--json",
                            "--set",
                            "model.bundle=bundles/" + name,
                            "--set",
                            "sink.path=out",
                            "--set",
                            "dead-letters.path=dead-letters");
            isOneSentence(run, 1);
            assertThat(run.err().get(0)).contains(name + "/weights.safetensors");
        }
    }

    @Test
    void keepsEveryRowThatIsRefusedAndGoesOn() throws Exception {
        List<String> rows = recording();
        List<String> ragged = new ArrayList<>(rows);
        List<String> refused =
                List.of("2024-01-02 00:00:00,1,2", "", "2024-01-03 00:00:00,1,2,3,4,5,6,7,8", "x");
        insert(ragged, refused);
        List<String> backwards = new ArrayList<>(rows);
        List<String> outOfOrder = List.of(rows.get(1), rows.get(60), rows.get(2));
        insert(backwards, outOfOrder);
        Path recordings = Files.createDirectories(folder.resolve("recordings"));
        Files.write(recordings.resolve("sound.csv"), rows);
        Files.write(recordings.resolve("ragged.csv"), ragged);
        Files.write(recordings.resolve("backwards.csv"), backwards);

        Launcher.Outcome outcome =
                Launcher.thalamus(
                        folder,
                        "run",
                        Checkout.FORECAST.toString(),
                        "--json",
                        "--set",
                        "source.path=recordings",
                        "--set",
                        "sink.path=out/forecasts",
                        "--set",
                        "dead-letters.path=out/dead-letters");

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(outcome.err()).isEmpty();
        JsonNode summary = JSON.readTree(outcome.out());
        assertThat(summary.path("gaps").intValue()).isZero();
        // An empty line is no row.
        assertThat(summary.path("deadLetters").intValue()).isEqualTo(3 + outOfOrder.size());
        List<String> kept = new ArrayList<>();
        for (String line : lines(folder.resolve("out/dead-letters"))) {
            kept.add(
                    new String(
                            JSON.readTree(line).path("payload").binaryValue(),
                            StandardCharsets.UTF_8));
        }
        assertThat(kept)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(refused.stream(), outOfOrder.stream())
                                .filter(line -> !line.isEmpty())
                                .toList());
        // No sound row is lost with them: every stream's forecasts are those of the sound one.
        Map<String, List<String>> byStream =
                ForecastRuns.forecasts(folder.resolve("out")).stream()
                        .collect(
                                Collectors.groupingBy(
                                        BadInputITCase::stream,
                                        Collectors.mapping(
                                                line -> line.replace(stream(line), "STREAM"),
                                                Collectors.toList())));
        assertThat(byStream).containsOnlyKeys("sound", "ragged", "backwards");
        assertThat(byStream.get("sound")).isNotEmpty();
        assertThat(byStream.get("ragged")).isEqualTo(byStream.get("sound"));
        assertThat(byStream.get("backwards")).isEqualTo(byStream.get("sound"));
    }

    @Test
    void anEmptyFileIsOneSentence() throws Exception {
        Files.createFile(folder.resolve("empty.csv"));

        Launcher.Outcome outcome =
                Launcher.thalamus(
                        folder,
                        "run",
                        Checkout.FORECAST.toString(),
                        "--json",
                        "--set",
                        "source.path=empty.csv");

        isOneSentence(outcome, 1);
        assertThat(outcome.err().get(0)).contains("empty.csv", "is empty");
    }

    @Test
    void threeMistakesAreThreeSentences() throws Exception {
        Path pipeline = folder.resolve("wrong.yaml");
        Files.writeString(
                pipeline,
                Files.readString(Checkout.FORECAST)
                        .replace("bundles/", Checkout.ROOT.resolve("pipelines/bundles") + "/")
                        .replace("recordings/load.csv", "nowhere.csv")
                        .replace("limit: 6", "limit: six")
                        .replace("hop: 24", "hopp: 24"));

        Launcher.Outcome outcome = Launcher.thalamus(folder, "run", "wrong.yaml", "--json");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .startsWith("wrong.yaml: line ")
                                        .contains("source.path: there is no file"),
                        line -> assertThat(line).contains("transforms[0].limit: 'six'"),
                        line ->
                                assertThat(line)
                                        .contains(
                                                "window.hopp: unknown key", "did you mean 'hop'?"));
    }

    private static void isOneSentence(Launcher.Outcome outcome, int exitCode) {
        assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(exitCode);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).singleElement().asString().startsWith("thalamus: ");
    }

    /** The shipped bundle's configuration with these weights. */
    private Path bundle(String name, byte[] weights) throws IOException {
        Path bundle = Files.createDirectories(folder.resolve("bundles").resolve(name));
        for (String file : List.of("config.json", "cases.safetensors")) {
            Files.copy(Checkout.BUNDLE.resolve(file), bundle.resolve(file));
        }
        Files.write(bundle.resolve("weights.safetensors"), weights);
        return bundle;
    }

    /** Ends within its header. */
    private static byte[] truncated(byte[] weights) {
        return Arrays.copyOf(weights, 1000);
    }

    private static byte[] withHeader(byte[] weights, String text, String replacement) {
        assertThat(replacement).hasSameSizeAs(text);
        String all = new String(weights, StandardCharsets.ISO_8859_1);
        assertThat(all).contains(text);
        int at = all.indexOf(text);
        byte[] changed = weights.clone();
        byte[] bytes = replacement.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, changed, at, bytes.length);
        return changed;
    }

    private static byte[] withNaN(byte[] weights) {
        byte[] changed = weights.clone();
        ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putFloat(LENGTH_BYTES + (int) buffer.getLong(0), Float.NaN);
        return changed;
    }

    private static List<String> recording() throws IOException {
        StringWriter text = new StringWriter();
        new LoadSimulator(1, LocalDateTime.of(2024, 1, 1, 0, 0), 300, 0, 0).write(text);
        return text.toString().lines().toList();
    }

    private static void insert(List<String> rows, List<String> more) {
        int at = 100;
        for (String row : more) {
            rows.add(at, row);
            at += 40;
        }
    }

    private static String stream(String forecast) {
        try {
            return JSON.readTree(forecast).path("streamId").textValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path files) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> listed = Files.list(files)) {
            for (Path file : listed.toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    @Test
    void figuresDoNotFollowTheMachinesLanguage() throws Exception {
        Launcher.Outcome outcome =
                Launcher.run(
                        folder,
                        List.of(
                                "env",
                                "JAVA_TOOL_OPTIONS=-Duser.language=de",
                                Checkout.ROOT.resolve("thalamus").toString(),
                                "verify",
                                Checkout.BUNDLE.toString()));

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).containsPattern("tolerance 2e-05|tolerance 2.0*e-05");
        assertThat(outcome.out()).doesNotContainPattern("[0-9],[0-9]");
    }
}
