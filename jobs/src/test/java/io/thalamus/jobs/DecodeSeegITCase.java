/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.jobs.simulation.CuedSimulator;
import io.thalamus.jobs.simulation.SignalSimulator;
import io.thalamus.jobs.simulation.SimulatedRecording;
import io.thalamus.jobs.simulation.WordsSimulator;
import io.thalamus.jobs.spec.InvalidPipelineException;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings of depth electrodes to words and codes, on Flink, by networks of small size. */
class DecodeSeegITCase {
    private static final Path GOLDEN = Path.of("../models-neural/src/test/resources/golden/duin");
    private static final Path PRESETS = Path.of("../pipelines");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHAFTS = 2;
    private static final int CONTACTS = 6; // ten pairs of neighbours

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void writePipeline() throws IOException {
        Files.createDirectory(folder.resolve("recordings"));
        record("S01", 1);
        file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
name: decode-seeg
source: {type: csv, path: recordings, time-format: epoch-seconds, rate: 2000}
order: {flat-line: {length: 100ms, remove: true}}
transforms:
  - {id: band, type: butterworth, kind: band-pass, cutoffs: [0.5, 200], order: 4}
  - {id: mains, type: notch, frequency: 50, q: 30, harmonics: 4}
  - {id: rate, type: resample, rate: 1000}
  - {id: montage, type: bipolar}
  - {id: scale, type: standardise, statistics: bundle}
window: {hop: 500}
model: {bundle: words}
sink: {type: jsonl, path: results}
dead-letters: {type: jsonl, path: refused}
""");
        bundle("cls", "words", List.of());
    }

    private void record(String stream, long subject) throws IOException {
        record(stream, reader(subject));
    }

    private static WordsSimulator reader(long subject) {
        return new WordsSimulator(3, subject, 2000, 4, SHAFTS, CONTACTS, 2);
    }

    private void record(String stream, SignalSimulator signal) throws IOException {
        Path csv = folder.resolve("recordings/" + stream + ".csv");
        try (Writer out = Files.newBufferedWriter(csv)) {
            new SimulatedRecording(signal, 1, 0).write(out);
        }
    }

    /** A bundle of the reference for two subjects; its channels are the pairs, and more. */
    private void bundle(String golden, String name, List<String> more, String... fields)
            throws IOException {
        Path target = Files.createDirectories(folder.resolve(name));
        Path from = GOLDEN.resolve(golden);
        ObjectNode config = (ObjectNode) JSON.readTree(from.resolve("config.json").toFile());
        config.putArray("subjects").add("S01").add("S02");
        var columns = config.putObject("dataset").putArray("columns");
        for (char shaft = 'A'; shaft < 'A' + SHAFTS; shaft++) {
            for (int contact = 1; contact < CONTACTS; contact++) {
                columns.add("L%c%d-L%c%d".formatted(shaft, contact, shaft, contact + 1));
            }
        }
        for (int i = 0; i < more.size(); i++) {
            columns.remove(0);
            columns.add(more.get(i));
        }
        ObjectNode scaler = ((ObjectNode) config.get("dataset")).putObject("scaler");
        for (int subject = 0; subject < 2; subject++) {
            ArrayNode mean = scaler.withArray("mean").addArray();
            ArrayNode deviation = scaler.withArray("std").addArray();
            for (int i = 0; i < columns.size(); i++) {
                mean.add(0);
                deviation.add(subject == 0 ? 20 : 40);
            }
        }
        for (int i = 0; i < fields.length; i += 2) {
            config.put(fields[i], fields[i + 1]);
        }
        JSON.writeValue(target.resolve("config.json").toFile(), config);
        Files.copy(from.resolve("weights.safetensors"), target.resolve("weights.safetensors"));
    }

    /** What lies in a folder, in the order of the windows. */
    private List<JsonNode> results(String name) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        for (String line : TinyPipeline.lines(folder.resolve(name))) {
            results.add(JSON.readTree(line));
        }
        results.sort(Comparator.comparingLong(result -> result.path("sequence").asLong()));
        return results;
    }

    @Test
    void windowsOfASubjectAreWordsAndThoseOfOthersAreRefused() throws Exception {
        record("S03", 2);

        run();

        List<JsonNode> words = results("results");
        assertThat(words).hasSize(8); // each half second of four, but for the last window's rest
        for (JsonNode word : words) {
            assertThat(word.path("streamId").asText()).isEqualTo("S01");
            assertThat(word.path("probabilities")).hasSize(5);
        }
        assertThat(TinyPipeline.lines(folder.resolve("refused")))
                .hasSize(33) // every frame
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .contains(
                                                "stream S03 is of none of the subjects [S01,"
                                                        + " S02]"));
    }

    @Test
    void aContactThatFailsIsMaskedAndTheOthersGoOn() throws Exception {
        Path csv = folder.resolve("recordings/S01.csv");
        List<String> failing = new ArrayList<>();
        List<String> whole = Files.readAllLines(csv);
        for (int i = 0; i < whole.size(); i++) {
            String[] values = whole.get(i).split(",");
            if (i > whole.size() / 2) {
                values[3] = "7";
            }
            failing.add(String.join(",", values));
        }
        run();
        List<JsonNode> before = results("results");
        Files.write(csv, failing);
        run("sink.path=" + folder.resolve("failing"));
        List<JsonNode> after = results("failing");

        assertThat(after).hasSameSizeAs(before);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(7)).isNotEqualTo(before.get(7));
        for (JsonNode probability : after.get(7).path("probabilities")) {
            assertThat(probability.asDouble()).isBetween(0.0, 1.0);
        }
    }

    /** At 1000 Hz as by hop, if both have a window there; its times are the recording's. */
    @Test
    void aTriggerStartsTheWindowThatAHopWouldHaveThere() throws Exception {
        List<Annotation> cues = new ArrayList<>();
        for (long millis : new long[] {1500, 1999, 2500, 3000, 3900}) {
            cues.add(new Annotation("S01", millis * 1_000_000, 0, "cue"));
        }
        run();
        List<JsonNode> byHop = results("results");
        record("S01", new CuedSimulator(reader(1), cues));
        String remarks = "annotations: {type: jsonl, path: remarks}\n";
        String cued = "{trigger: {channel: TRIG, offset: -500ms}}";
        Files.writeString(file, Files.readString(file).replace("{hop: 500}", cued) + remarks);
        run("sink.path=" + folder.resolve("cued"));
        List<JsonNode> byTrigger = results("cued");

        assertThat(byTrigger)
                .map(word -> word.path("sequence").asLong())
                .containsExactly(1000L, 1499L, 2000L, 2500L, 3400L);
        assertThat(byTrigger.get(0)).isEqualTo(byHop.get(2));
        assertThat(byTrigger.get(2)).isEqualTo(byHop.get(4));
        assertThat(byTrigger.get(3)).isEqualTo(byHop.get(5));
        assertThat(TinyPipeline.lines(folder.resolve("remarks"))).isEmpty();
        assertThat(TinyPipeline.lines(folder.resolve("refused"))).isEmpty();
    }

    /** All contacts of both shafts, for a second and a half. */
    @Test
    void whatFailsAndWhichWindowsHaveNoResultIsToldOf() throws Exception {
        Path csv = folder.resolve("recordings/S01.csv");
        List<String> failing = new ArrayList<>();
        List<String> whole = Files.readAllLines(csv);
        for (int i = 0; i < whole.size(); i++) {
            String[] values = whole.get(i).split(",");
            if (i > 2000 && i <= 5000) {
                Arrays.fill(values, 1, values.length, "7");
            }
            failing.add(String.join(",", values));
        }
        Files.write(csv, failing);
        Files.writeString(
                file, Files.readString(file) + "annotations: {type: jsonl, path: remarks}\n");
        run();

        // from 1.1 s, when it is known, to 2.5 s; windows of 0.32 s each half second
        assertThat(results("results"))
                .map(word -> word.path("sequence").asLong())
                .containsExactly(0L, 500L, 2500L, 3000L, 3500L);
        List<JsonNode> remarks = results("remarks");
        assertThat(remarks)
                .filteredOn(it -> it.path("text").asText().equals("channel LA1 does not change"))
                .singleElement()
                .satisfies(it -> assertThat(it.path("onset").asText()).contains("00:00:01"));
        assertThat(remarks)
                .filteredOn(it -> it.path("text").asText().endsWith("it has come back"))
                .hasSize(SHAFTS * CONTACTS);
        assertThat(remarks)
                .filteredOn(it -> it.path("text").asText().startsWith("the window has no result"))
                .hasSize(3)
                .allSatisfy(
                        it ->
                                assertThat(it.path("text").asText())
                                        .endsWith("values are missing in every channel"));
    }

    @Test
    void aWrongMontageStopsTheJobWithWhatIsMissing() throws Exception {
        bundle("cls", "other", List.of("LC1-LC2", "LC2-LC3"));

        assertThatThrownBy(() -> run("model.bundle=" + folder.resolve("other")))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("missing: LC1-LC2, LC2-LC3");
        String yaml = Files.readString(file);
        Files.writeString(
                file,
                yaml.replace(
                        "statistics: bundle",
                        "mean: [0,0,0,0,0,0,0,0,0,0], deviation: [1,1,1,1,1,1,1,1,1,1]"));
        assertThatThrownBy(() -> run("model.bundle=" + folder.resolve("other")))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("missing: LC1-LC2, LC2-LC3");
    }

    @Test
    void theTokenizerGivesCodesOrErrors() throws Exception {
        bundle("vqvae", "codes", List.of());
        bundle("vqvae", "errors", List.of(), "gives", "errors");
        run("model.bundle=" + folder.resolve("codes"));
        Files.writeString(
                file,
                Files.readString(file)
                        + "codes: {type: jsonl, path: beside}\n"
                        + "detection: {threshold: {type: fixed, value: 1e-9}, events: {type: jsonl,"
                        + " path: events}}\n");
        run("model.bundle=" + folder.resolve("errors"), "sink.path=" + folder.resolve("scores"));

        assertThat(results("results"))
                .hasSize(8)
                .allSatisfy(
                        tokens -> {
                            assertThat(tokens.path("type").asText()).isEqualTo("TokenFrame");
                            assertThat(tokens.path("codes")).hasSize(8);
                            assertThat(tokens.path("codebookSize").asInt()).isEqualTo(64);
                        });
        assertThat(TinyPipeline.lines(folder.resolve("scores")))
                .hasSize(8)
                .allSatisfy(line -> assertThat(line).contains("\"type\":\"AnomalyScore\""));
        assertThat(results("beside"))
                .map(tokens -> tokens.path("codes"))
                .isEqualTo(results("results").stream().map(it -> it.path("codes")).toList());
        assertThat(TinyPipeline.lines(folder.resolve("events")))
                .allSatisfy(line -> assertThat(line).contains("\"type\":\"AnomalyEvent\""))
                .isNotEmpty();
    }

    /** All of them, of a recording that the network has not learned from. */
    @Test
    void theShippedPipelineTellsTheWordsAndCodesOfTheShippedRecording() throws Exception {
        runPreset("decode-seeg", "sink", "codes");

        List<String> words = new ArrayList<>();
        for (String label : Files.readAllLines(PRESETS.resolve("recordings/S01.labels.jsonl"))) {
            words.add(JSON.readTree(label).path("text").asText());
        }
        assertThat(results("sink"))
                .map(result -> result.path("label").asText())
                .hasSize(6)
                .isEqualTo(words);
        runPreset(
                "tokenize-seeg",
                "sink.path=" + folder.resolve("scores"),
                "codes.path=" + folder.resolve("own-codes"),
                "detection.events");
        assertThat(results("codes")).hasSize(6).isEqualTo(results("own-codes"));
    }

    /**
     * Of the whole stream, standardised with the figures that the tokenizer was trained with: those
     * are not the model's here. Of a bundle that gives errors, its codes alone.
     */
    @Test
    void codesBesideWordsAreThoseOfTheTokenizersOwnPipeline() throws Exception {
        record(
                "S01",
                new CuedSimulator(
                        reader(1), List.of(new Annotation("S01", 1_500_000_000, 0, "cue"))));
        bundle("vqvae", "codes", List.of());
        bundle("vqvae", "errors", List.of(), "gives", "errors");
        for (String name : List.of("codes", "errors")) {
            Path config = folder.resolve(name + "/config.json");
            Files.writeString(config, Files.readString(config).replace("[20,", "[33,"));
        }
        String cued = "window: {trigger: {channel: TRIG}}";
        Files.writeString(file, Files.readString(file).replace("window: {hop: 500}", cued));
        run("sink.path=" + folder.resolve("alone"));
        for (String bundle : List.of("codes", "errors")) {
            run(
                    "sink.path=" + folder.resolve("words-" + bundle),
                    "codes.type=jsonl",
                    "codes.bundle=" + folder.resolve(bundle),
                    "codes.path=" + folder.resolve("beside-" + bundle));
        }
        record("S01", 1);
        run(
                "window=",
                "model.bundle=" + folder.resolve("codes"),
                "sink.path=" + folder.resolve("own"));

        List<JsonNode> own = results("own");
        assertThat(own).hasSize(12); // of 320 samples, of four seconds
        assertThat(results("beside-codes")).isEqualTo(own);
        assertThat(results("beside-errors"))
                .map(tokens -> tokens.path("codes"))
                .isEqualTo(own.stream().map(tokens -> tokens.path("codes")).toList());
        assertThat(results("alone")).hasSize(1);
        assertThat(results("words-codes")).isEqualTo(results("alone"));
        assertThat(TinyPipeline.lines(folder.resolve("refused"))).isEmpty();
    }

    /** Without the trigger, and before it is standardised. */
    @Test
    void aPreparationGivesWhatTheNetworkIsTrainedOn() throws Exception {
        PipelineSpec spec =
                PipelineSpec.loadPreparation(PRESETS.resolve("decode-seeg.yaml"), List.of());
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        List<SignalFrame> frames = new ArrayList<>();
        PipelineBuilder.observe(environment, spec, frame -> frame)
                .results()
                .executeAndCollect()
                .forEachRemaining(record -> frames.add((SignalFrame) record));

        ModelBundle bundle = ModelBundle.open(PRESETS.resolve("bundles/duin-words"));
        assertThat(frames)
                .allSatisfy(
                        frame -> {
                            assertThat(frame.channels()).isEqualTo(bundle.channelNames());
                            assertThat(frame.rate()).isEqualTo(SampleRate.ofHertz(100));
                        });
        assertThat(frames.stream().mapToInt(SignalFrame::length).sum()).isEqualTo(2400);
    }

    /** A muscle near one contact, as it were: half a second of 125 Hz, from 17 s on. */
    @Test
    void theShippedTokenizerGivesACodeForEachPatchAndFindsAnArtefact() throws Exception {
        List<String> rows = Files.readAllLines(PRESETS.resolve("recordings/S01.csv"));
        int contact = List.of(rows.get(0).split(",")).indexOf("LB2");
        for (int n = 17_000; n < 17_500; n++) {
            String[] values = rows.get(n + 1).split(",");
            values[contact] = n / 4 % 2 == 0 ? "200" : "-200";
            rows.set(n + 1, String.join(",", values));
        }
        Path disturbed = folder.resolve("recordings/S01.csv");
        Files.write(disturbed, rows);
        runPreset("tokenize-seeg", "sink", "codes", "detection.events", "source.path=" + disturbed);

        assertThat(results("codes"))
                .hasSize(6) // of four seconds each
                .allSatisfy(tokens -> assertThat(tokens.path("codes")).hasSize(40));
        assertThat(results("sink")).hasSize(6);
        assertThat(results("detection.events"))
                .filteredOn(event -> !event.path("end").isNull())
                .anySatisfy(
                        event -> {
                            assertThat(event.path("startNanos").asLong())
                                    .isBetween(16_900_000_000L, 17_100_000_000L);
                            assertThat(event.path("endNanos").asLong())
                                    .isBetween(17_400_000_000L, 17_600_000_000L);
                            assertThat(event.path("channels"))
                                    .map(JsonNode::asText)
                                    .contains("LB1-LB2", "LB2-LB3");
                        });
    }

    /**
     * @param changes sinks that write into folders of their names, and settings
     */
    private void runPreset(String name, String... changes) throws Exception {
        file = PRESETS.resolve(name + ".yaml");
        List<String> overrides = new ArrayList<>();
        for (String change : changes) {
            overrides.add(
                    change.contains("=") ? change : change + ".path=" + folder.resolve(change));
        }
        for (String other : List.of("annotations", "dead-letters")) {
            overrides.add(other + ".path=" + folder.resolve(other));
        }
        run(overrides.toArray(String[]::new));
        assertThat(TinyPipeline.lines(folder.resolve("dead-letters"))).isEmpty();
    }

    private void run(String... overrides) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(configuration);
        PipelineBuilder.build(
                environment, PipelineSpec.load(file, new ArrayList<>(List.of(overrides))));
        environment.execute();
    }
}
