/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.jobs.BandRecording;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways of learning side by side, on streams that a network sorts somehow. */
class AdaptationEvaluationITCase {
    private static final int WINDOW = BandRecording.WINDOW;
    private static final int WINDOWS = 20;

    @TempDir private Path folder;
    private Path file;
    private Path labels;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() throws IOException {
        Files.createDirectory(folder.resolve("recordings"));
        for (int stream = 0; stream < 2; stream++) {
            SplittableRandom random = new SplittableRandom(stream);
            int id = stream;
            BandRecording.write(
                    folder.resolve("recordings/s" + stream + ".csv"),
                    WINDOWS * WINDOW,
                    (n, band) ->
                            3 * ((n / WINDOW * 7 + band * 3 + id) % 5 - 2)
                                    + random.nextDouble(-1, 1));
        }
        JsonNode classes =
                new ObjectMapper()
                        .readTree(BandRecording.CLASSIFIER.resolve("config.json").toFile())
                        .path("classes");
        StringBuilder known = new StringBuilder("stream,onset,duration,text");
        for (int window = 0; window < WINDOWS; window++) {
            for (int stream = 0; stream < 2; stream++) {
                known.append(
                        "\ns%d,%s,0.336,%s"
                                .formatted(
                                        stream,
                                        window * WINDOW * 0.016,
                                        classes.path(window % classes.size()).asText()));
            }
        }
        labels = Files.writeString(folder.resolve("labels.csv"), known.append('\n'));
        file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
name: bands
source: {type: csv, path: recordings, rate: 125/2, time-format: epoch-seconds}
model: {bundle: '%s'}
adaptation: {preset: homeostat, alpha: 1}
sink: {type: jsonl, path: out}
dead-letters: {type: jsonl, path: refused}
"""
                                .formatted(BandRecording.CLASSIFIER));
    }

    @Test
    void eachMethodSeesTheSameStreams() throws IOException {
        JsonNode scores =
                scores(
                        "--adaptation=source,homeostat",
                        "--corruptions=wander,clip",
                        "--severities=5",
                        "--block=84");

        assertThat(scores.path("methods")).hasToString("[\"source\",\"homeostat\"]");
        assertThat(scores.path("streams")).hasSize(2 * 3);
        double[] sums = new double[2];
        for (JsonNode stream : scores.path("streams")) {
            String corruption = stream.path("corruption").asText();
            String only = stream.path("stream").asText() + ".csv";
            String transforms =
                    corruption.equals("clean")
                            ? "transforms="
                            : "transforms=[{id: c, type: corrupt, kind: %s, severity: %s, length: 84}]"
                                    .formatted((Object[]) corruption.split("-"));
            assertThat(stream.path("windows").asInt()).isEqualTo(WINDOWS);
            String[] learning = {"adaptation=", "adaptation.alpha=1"};
            for (int i = 0; i < 2; i++) {
                String method = scores.path("methods").get(i).asText();
                double error = stream.path("errors").path(method).asDouble();
                sums[i] += corruption.equals("clean") ? 0 : error;
                // What the pipeline gives that has the corruption in itself, and nothing else.
                JsonNode alone =
                        scores(
                                "--set=source.path=" + folder.resolve("recordings/" + only),
                                "--set=" + transforms,
                                "--set=" + learning[i]);
                assertThat(100 * (1 - alone.path("accuracy").asDouble()))
                        .as("%s of %s", method, stream)
                        .isCloseTo(error, within(1e-9));
            }
        }
        assertThat(scores.path("meanErrors").path("source").asDouble())
                .isCloseTo(sums[0] / 4, within(1e-9));
        JsonNode pair = scores.path("comparisons").get(0);
        assertThat(scores.path("comparisons")).hasSize(1);
        assertThat(pair.path("difference").asDouble())
                .isCloseTo((sums[1] - sums[0]) / 4, within(1e-9));
        assertThat(pair.path("equal").asInt()).isLessThan(4);
        assertThat(
                        pair.path("better").asInt()
                                + pair.path("equal").asInt()
                                + pair.path("worse").asInt())
                .isEqualTo(4);
    }

    @Test
    void streamsMayStayAsTheyAre() throws IOException {
        JsonNode scores = scores("--adaptation=source", "--corruptions=none");
        assertThat(scores.path("streams")).hasSize(2);
        assertThat(scores.path("meanErrors").path("source").asDouble()).isBetween(0.0, 100.0);
        assertThat(evaluate("--adaptation=source,homeostat", "--corruptions=none")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("error in % +source +homeostat")
                .containsPattern("homeostat - source +[-+]");
    }

    @Test
    void sayWhatIsWrong() {
        assertThat(evaluate("--adaptation=source", "--corruptions=whit")).isEqualTo(2);
        assertThat(evaluate("--adaptation=source", "--severities=6")).isEqualTo(1);
        assertThat(evaluate("--adaptation=luck", "--corruptions=none")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--corruptions names whit; give some of white, pink,")
                .contains("severity is 6; give 1 to 5")
                .contains("adaptation.preset");
    }

    private JsonNode scores(String... options) throws IOException {
        out.reset();
        String[] all = new String[options.length + 1];
        System.arraycopy(options, 0, all, 1, options.length);
        all[0] = "--json";
        assertThat(evaluate(all)).as("%s", err).isZero();
        return new ObjectMapper().readTree(out.toByteArray()).path("scores");
    }

    private int evaluate(String... options) {
        String[] arguments = new String[3 + options.length];
        arguments[0] = "evaluate";
        arguments[1] = file.toString();
        arguments[2] = "--labels=" + labels;
        System.arraycopy(options, 0, arguments, 3, options.length);
        return ThalamusCommand.execute(
                new Console(Console.inUtf8(new PrintStream(out)), new PrintStream(err), false),
                arguments);
    }
}
