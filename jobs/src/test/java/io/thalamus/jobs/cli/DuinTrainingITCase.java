/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.operators.inference.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three stages of a Du-IN, each from the one before, with the smallest networks. */
class DuinTrainingITCase {
    private static final int RATE = 100;
    private static final int TRIALS = 30;
    private static final int EVERY = 4 * RATE;
    private static final int CODES = 16;
    private static final double NOISE = 0.5;
    private static final LocalDateTime START = LocalDateTime.of(2020, 1, 1, 0, 0);

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** A word of three seconds every four: its second one is loud at a contact of its own. */
    @BeforeEach
    void record() throws IOException {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("time,A1-A2,B1-B2\n");
        StringBuilder labels = new StringBuilder("stream,onset,duration,text\n");
        for (int row = 0; row < TRIALS * EVERY; row++) {
            LocalDateTime time = START.plusNanos(row * (1_000_000_000L / RATE));
            int word = row / EVERY % 2;
            boolean loud = row % EVERY >= RATE && row % EVERY < 2 * RATE;
            csv.append(time);
            for (int contact = 0; contact < 2; contact++) {
                double level = loud && word == contact ? 3 : 0;
                csv.append(
                        String.format(Locale.ROOT, ",%.4f", level + NOISE * random.nextGaussian()));
            }
            csv.append('\n');
            if (row % EVERY == 0) {
                labels.append("words,%s,3,%s\n".formatted(time, word == 0 ? "ja" : "nein"));
            }
        }
        Files.writeString(folder.resolve("words.csv"), csv);
        Files.writeString(folder.resolve("labels.csv"), labels);
    }

    private int thalamus(String... arguments) {
        out.reset();
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false);
        return ThalamusCommand.execute(console, arguments);
    }

    private JsonNode train(String stage, String bundle, String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "duin",
                                "--json",
                                "--stage",
                                stage,
                                "--data",
                                folder.resolve("words.csv").toString(),
                                "--batch",
                                "4",
                                "--learning-rate",
                                "0.002",
                                "--out",
                                folder.resolve(bundle).toString()));
        arguments.addAll(List.of(more));
        assertThat(thalamus(arguments.toArray(String[]::new))).as("%s", err).isZero();
        JsonNode metrics = new ObjectMapper().readTree(out.toByteArray()).path("metrics");
        assertThat(thalamus("verify", folder.resolve(bundle).toString())).isZero();
        return metrics;
    }

    private String bundle(String name) {
        return folder.resolve(name).toString();
    }

    private static String[] with(String[] some, String... others) {
        List<String> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    private static String[] set(String... settings) {
        List<String> arguments = new ArrayList<>();
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add("model_params." + setting);
        }
        return arguments.toArray(String[]::new);
    }

    @Test
    void eachStageGoesOnFromTheOneBefore() throws IOException {
        String[] sizes =
                set(
                        "tokenizer.n_filters=[8,8,4]",
                        "encoder.d_model=40",
                        "encoder.n_blocks=1",
                        "encoder.n_heads=2",
                        "encoder.d_head=8",
                        "encoder.d_ff=32",
                        "decoder.d_model=40",
                        "decoder.n_blocks=1",
                        "decoder.n_heads=2",
                        "decoder.d_head=8",
                        "decoder.d_ff=32",
                        "vq.codex_size=" + CODES,
                        "vq.d_codex=8",
                        "rgs.n_filters=[16,16,16,16,16]");
        JsonNode codes = train("vqvae", "codes", with(sizes, "--hop", "50", "--epochs", "6"));

        JsonNode best = codes.path("best");
        // Both tell the mean error of standardised signals; the training's has the codes' beside.
        assertThat(best.path("validation").asDouble())
                .isLessThan(0.8)
                .isLessThan(best.path("training").asDouble());
        assertThat(codes.path("test").path("mse").asDouble()).isLessThan(0.8);
        assertThat(best.path("codes").path("different").asInt()).isBetween(3, CODES);
        assertThat(best.path("codes").path("perplexity").asDouble()).isBetween(2.0, CODES + 0.0);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(" codes, perplexity ");
        assertThat(folder.resolve("codes/README.md"))
                .content()
                .contains("| validation loss | codes | perplexity |");

        JsonNode masks =
                train("mae", "masks", "--hop", "50", "--epochs", "8", "--from", bundle("codes"));

        assertThat(masks.path("test").path("loss").asDouble()).isLessThan(Math.log(CODES));
        assertThat(masks.path("best").has("codes")).isFalse();
        assertThat(Safetensors.open(folder.resolve("masks/weights.safetensors")).names())
                .contains("mask_emb", "cls_block.cls_head.0.0.weight");

        JsonNode words =
                train(
                        "cls",
                        "words",
                        "--epochs",
                        "12",
                        "--from",
                        bundle("masks"),
                        "--labels",
                        folder.resolve("labels.csv").toString());

        assertThat(words.path("test").path("accuracy").asDouble()).isEqualTo(1);
        assertThat(words.path("data").path("windows").path("training").path("used").asInt())
                .isEqualTo(18);
        JsonNode sizesOfWords =
                new ObjectMapper()
                        .readTree(folder.resolve("words/config.json").toFile())
                        .path("model_params");
        assertThat(sizesOfWords.path("encoder").path("d_ff").asInt()).isEqualTo(32);
    }
}
