/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportITCase {
    private static final Path MOSSFORMER2 = Path.of("../operators/src/test/resources/checkpoint");
    private static final Path TIMESNET =
            Path.of("../models-timeseries/src/test/resources/golden/timesnet/classification");
    private static final Path CHECKPOINT = Path.of("src/test/resources/import/timesnet.pt");

    @TempDir private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aCheckpointBecomesABundleThatItsArchitectureHasChecked() throws IOException {
        Path bundle = folder.resolve("bundle");

        assertThat(run(TIMESNET.resolve("config.json"), bundle, CHECKPOINT)).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("architecture  timesnet")
                .contains("weights       30")
                .contains("checked       yes");
        assertSame(bundle, TIMESNET.resolve("weights.safetensors"));
        JsonNode config = new ObjectMapper().readTree(bundle.resolve("config.json").toFile());
        assertThat(config.path("cases")).isEmpty();
        assertThat(config.path("d_model"))
                .isEqualTo(json(TIMESNET.resolve("config.json")).path("d_model"));
        try (Stream<Path> files = Files.list(bundle)) {
            assertThat(files).hasSize(2);
        }
    }

    /** As its authors publish it: in one file, in three, and behind a file that names another. */
    @Test
    void everyFormOfMossFormer2GivesTheSameBundle() throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("separator.json"),
                        """
                        {"architecture": "mossformer2", "sample_rate": 8000,
                         "encoder_kernel_size": 16, "encoder_stride": 8, "encoder_dim": 32,
                         "num_layers": 2, "num_speakers": 2, "group_size": 32,
                         "query_key_dim": 48, "expansion_factor": 4.0,
                         "fsmn_inner_channels": 24, "fsmn_lorder": 20, "fsmn_dense_depth": 2,
                         "depthwise_kernel": 17, "rotary_dim_max": 32, "rotary_theta": 10000,
                         "skip_mask_multiplication": false,
                         "eps": {"masknet_norm": 1e-08, "intra_norm": 1e-08,
                                 "final_layernorm": 1e-06, "fsmn_layernorms": 1e-05,
                                 "instance_norm": 1e-05, "scalenorm_floor": 1e-05}}
                        """);
        List<List<String>> forms =
                List.of(
                        List.of("pytorch_model.pt"),
                        List.of("last_best_checkpoint"),
                        List.of("encoder.ckpt", "masknet.ckpt", "decoder.ckpt"),
                        List.of("masknet.legacy.ckpt", "decoder.ckpt", "encoder.ckpt"));
        byte[] first = null;
        for (List<String> form : forms) {
            Path bundle = folder.resolve("from-" + form.get(0));
            out.reset();
            assertThat(
                            run(
                                    config,
                                    bundle,
                                    form.stream().map(MOSSFORMER2::resolve).toArray(Path[]::new)))
                    .isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("weights       109");
            assertSame(bundle, MOSSFORMER2.resolve("weights.safetensors"));
            byte[] bytes = Files.readAllBytes(bundle.resolve("weights.safetensors"));
            assertThat(bytes).isEqualTo(first == null ? bytes : first);
            first = bytes;
        }
    }

    private static void assertSame(Path bundle, Path reference) {
        Safetensors found = Safetensors.open(bundle.resolve("weights.safetensors"));
        Safetensors expected = Safetensors.open(reference);
        assertThat(found.names()).isEqualTo(expected.names());
        for (String name : expected.names()) {
            assertThat(found.shape(name)).isEqualTo(expected.shape(name));
            assertThat(found.tensor(name).data()).isEqualTo(expected.tensor(name).data());
        }
    }

    @Test
    void whatIsOfNoArchitectureHereIsNotCheckedAndSaysSo() throws IOException {
        Path config = Files.writeString(folder.resolve("c.json"), "{\"architecture\": \"other\"}");
        Path types = MOSSFORMER2.resolve("types.pt");

        assertThat(
                        thalamus(
                                "import",
                                types.toString(),
                                "--config",
                                config.toString(),
                                "--out",
                                folder.resolve("b").toString(),
                                "--json"))
                .isZero();

        JsonNode imported = json(out.toByteArray());
        assertThat(imported.path("architecture").asText()).isEqualTo("other");
        assertThat(imported.path("tensors").asInt()).isEqualTo(9);
        assertThat(imported.path("checked").asBoolean()).isFalse();
        assertThat(imported.path("leftOut")).hasToString("[\"count\",\"mask\"]");
    }

    @Test
    void whatTheArchitectureRefusesIsOneSentenceAndLeavesNothing() throws IOException {
        ObjectNode config = (ObjectNode) json(TIMESNET.resolve("config.json"));
        Path wider = folder.resolve("wider.json");
        new ObjectMapper()
                .writeValue(wider.toFile(), config.put("d_ff", 2 * config.path("d_ff").asInt()));
        Path bundle = folder.resolve("bundle");

        assertThat(run(wider, bundle, CHECKPOINT)).isEqualTo(1);
        assertThat(run(wider, bundle, MOSSFORMER2.resolve("module.pt"))).isEqualTo(1);
        Path pointer = Files.writeString(folder.resolve("last_best_checkpoint"), "../x.pt\n");
        assertThat(run(wider, bundle, pointer)).isEqualTo(1);
        Files.writeString(pointer, "none.pt");
        assertThat(run(wider, bundle, pointer)).isEqualTo(1);
        assertThat(run(wider, bundle, CHECKPOINT, CHECKPOINT)).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("where config.json calls for"),
                        line -> assertThat(line).contains("torch.nn.modules.linear.Linear"),
                        line -> assertThat(line).contains("names no file beside it"),
                        line -> assertThat(line).contains("none.pt does not exist"),
                        line -> assertThat(line).contains("which another file has too"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("wider.json", "last_best_checkpoint");
        }
    }

    @Test
    void wrongCallsAreOneSentenceAndExitWithTwo() throws IOException {
        Path config = TIMESNET.resolve("config.json");
        Path there = Files.createDirectory(folder.resolve("there"));
        assertThat(run(config, there, CHECKPOINT)).isEqualTo(2);
        assertThat(run(config, folder.resolve("b"), folder.resolve("none.pt"))).isEqualTo(2);
        assertThat(run(folder.resolve("none.json"), folder.resolve("b"), CHECKPOINT)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith("see thalamus import --help"));
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static JsonNode json(byte[] text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private int run(Path config, Path bundle, Path... checkpoints) {
        String[] arguments = new String[5 + checkpoints.length];
        arguments[0] = "import";
        for (int i = 0; i < checkpoints.length; i++) {
            arguments[1 + i] = checkpoints[i].toString();
        }
        arguments[1 + checkpoints.length] = "--config";
        arguments[2 + checkpoints.length] = config.toString();
        arguments[3 + checkpoints.length] = "--out";
        arguments[4 + checkpoints.length] = bundle.toString();
        return thalamus(arguments);
    }

    private int thalamus(String... arguments) {
        return ThalamusCommand.execute(
                new Console(Console.inUtf8(new PrintStream(out)), new PrintStream(err), false),
                arguments);
    }
}
