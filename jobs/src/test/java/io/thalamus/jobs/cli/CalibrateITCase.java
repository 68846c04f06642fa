/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The windows of the reference's case, as recordings, give the reference's statistics. */
class CalibrateITCase {
    private static final Path CLASSIFIER =
            Path.of("../models-audio/src/test/resources/golden/classifier/group_norm");
    private static final int BANDS = 6;
    private static final int FRAMES = 21;
    private static final String CALLS = "calls";
    private static final float SKIPPED = -1;

    @TempDir private Path folder;
    private Path bundle;
    private Path data;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() throws IOException {
        bundle = Files.createDirectory(folder.resolve("classifier"));
        for (String file : List.of("config.json", "weights.safetensors")) {
            Files.copy(CLASSIFIER.resolve(file), bundle.resolve(file));
        }
        Files.createDirectory(folder.resolve("clean"));
        float[] features =
                Safetensors.open(CLASSIFIER.resolve("cases.safetensors"))
                        .tensor("random.features")
                        .data();
        writeRecording("a", features, 0, 2);
        writeRecording("b", features, 2, 5);
        data = folder.resolve("clean.yaml");
        writePipeline("clean", "125/2", bundle);
        Files.writeString(data, Files.readString(data) + "adaptation: {preset: homeostat}\n");
    }

    private void writePipeline(String recordings, String rate, Path model) throws IOException {
        Files.writeString(
                data,
                """
                name: clean
                source: {type: csv, path: %s, rate: %s, time-format: epoch-seconds}
                model: {bundle: '%s'}
                sink: {type: jsonl, path: labels}
                dead-letters: {type: jsonl, path: refused}
                """
                        .formatted(recordings, rate, model));
    }

    private void writeRecording(String name, float[] features, int from, int to)
            throws IOException {
        StringBuilder csv = new StringBuilder("time,b0,b1,b2,b3,b4,b5");
        for (int n = from * FRAMES; n < to * FRAMES; n++) {
            csv.append('\n').append((n - from * FRAMES) * 0.016);
            for (int band = 0; band < BANDS; band++) {
                int at = (n / FRAMES * BANDS + band) * FRAMES + n % FRAMES;
                csv.append(',').append(features[at]);
            }
        }
        Files.writeString(folder.resolve("clean/" + name + ".csv"), csv.append('\n'));
    }

    @Test
    void writesWhatTheHomeostatNeeds() throws IOException {
        assertThat(thalamus("validate", data.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("thalamus calibrate");
        out.reset();

        assertThat(thalamus("calibrate", bundle.toString(), "--data", data.toString(), "--json"))
                .as("%s", err)
                .isZero();

        assertThat(new ObjectMapper().readTree(out.toByteArray()).path("windows").asInt())
                .isEqualTo(5);
        Safetensors found = Safetensors.open(bundle.resolve("source_statistics.safetensors"));
        Safetensors expected =
                Safetensors.open(CLASSIFIER.resolve("source_statistics.safetensors"));
        assertThat(found.names()).isEqualTo(expected.names());
        for (String name : expected.names()) {
            assertThat(found.tensor(name).data())
                    .as(name)
                    .containsExactly(expected.tensor(name).data(), within(1e-5f));
        }
        assertThat(thalamus("validate", data.toString())).isZero();
    }

    /** Each recording begins with a high trigger, which is no rise. */
    @Test
    void cutsWindowsAsThePipelineDoes() throws IOException {
        for (String name : List.of("a", "b")) {
            Path recording = folder.resolve("clean/" + name + ".csv");
            List<String> lines = new ArrayList<>(Files.readAllLines(recording));
            lines.set(0, lines.get(0) + ",TRIG");
            for (int n = 1; n < lines.size(); n++) {
                lines.set(n, lines.get(n) + ((n - 1) % FRAMES < 3 ? ",1" : ",0"));
            }
            Files.write(recording, lines);
        }
        Files.writeString(data, Files.readString(data) + "window: {trigger: {channel: TRIG}}\n");
        assertThat(thalamus("calibrate", bundle.toString(), "--data", data.toString(), "--json"))
                .as("%s", err)
                .isZero();
        assertThat(new ObjectMapper().readTree(out.toByteArray()).path("windows").asInt())
                .isEqualTo(3);
    }

    /** A network with a memory must not join what is on both sides of a hole. */
    @Test
    void tellsOfWindowsThatAreLeftOut() throws IOException {
        Path remembering = Files.createDirectory(folder.resolve("remembering"));
        Files.writeString(
                remembering.resolve("config.json"), "{\"architecture\": \"%s\"}".formatted(CALLS));
        SafetensorsWriter.write(remembering.resolve("weights.safetensors"), Map.of());
        Files.writeString(
                folder.resolve("holes.csv"), "time,x\n0,1\n1,1\n2,1\n3,1\n4,1\n5,\n6,1\n7,1\n");
        writePipeline("holes.csv", "1", remembering);
        assertThat(thalamus("calibrate", remembering.toString(), "--data", data.toString()))
                .as("%s", err)
                .isZero();
        assertThat(
                        Safetensors.open(remembering.resolve("source_statistics.safetensors"))
                                .tensor(CALLS)
                                .data())
                .containsExactly(0, 2, SKIPPED, 6);
    }

    /** Takes windows of two samples, and tells how it was calibrated. */
    public static final class Calls implements ModelFactory {
        @Override
        public String architecture() {
            return CALLS;
        }

        @Override
        public ModelSignature signature(ModelBundle bundle) {
            return new ModelSignature(
                    bundle.name(), 1, List.of(), 2, 1, false, true, Forecast.class);
        }

        @Override
        public void check(ModelBundle bundle) {
            signature(bundle);
        }

        @Override
        public StreamModel open(ModelBundle bundle, GraphEngine engine) {
            throw new UnsupportedOperationException("is only calibrated");
        }

        @Override
        public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
            throw new UnsupportedOperationException("is only calibrated");
        }

        @Override
        public Calibration calibrate(ModelBundle bundle, GraphEngine engine) {
            List<Float> calls = new ArrayList<>();
            return new Calibration() {
                @Override
                public void add(SignalFrame window) {
                    calls.add((float) window.sequence());
                }

                @Override
                public void skip() {
                    calls.add(SKIPPED);
                }

                @Override
                public Map<String, Tensor> statistics() {
                    float[] values = new float[calls.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = calls.get(i);
                    }
                    return Map.of(CALLS, Tensor.of(values, values.length));
                }

                @Override
                public void close() {
                    // Holds nothing.
                }
            };
        }
    }

    @Test
    void wantsAtLeastOneWindow() throws IOException {
        Files.delete(folder.resolve("clean/b.csv"));
        Files.writeString(folder.resolve("clean/a.csv"), "time,b0,b1,b2,b3,b4,b5\n0,1,2,3,4,5,6\n");
        assertThat(thalamus("calibrate", bundle.toString(), "--data", data.toString()))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("gives no whole window");
        assertThat(bundle.resolve("source_statistics.safetensors")).doesNotExist();
    }

    private int thalamus(String... arguments) {
        Console console =
                new Console(new PrintStream(out, true), new PrintStream(err, true), false);
        return ThalamusCommand.execute(console, arguments);
    }
}
