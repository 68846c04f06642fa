/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.simulation.LoadSimulator;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.StreamModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Windows a second of the whole forecast pipeline, from a CSV file to result files with every
 * window scored, beside those of the bare model on the same windows. The pipeline's figure comes
 * from the difference of a long and a short run, so that starting Flink and the engine does not
 * count. Rounds of both take turns, and medians are printed.
 */
public final class PipelineThroughput {
    private static final int SHORT = 500;
    private static final int LONG = 4500;
    private static final int ROUNDS = 5;
    private static final int[] BATCHES = {1, 8, 32};

    private final Path folder;
    private final Path pipeline;
    private final Path bundle;

    private PipelineThroughput(Path folder, Path pipeline, Path bundle) {
        this.folder = folder;
        this.pipeline = pipeline;
        this.bundle = bundle;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("thalamus-throughput-");
        try {
            new PipelineThroughput(
                            folder,
                            Path.of("pipelines/forecast.yaml"),
                            Path.of("pipelines/bundles/timesnet-etth1-96-96"))
                    .measure();
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private void measure() throws Exception {
        ModelBundle opened = ModelBundle.open(bundle);
        int length = opened.config().integer("seq_len", 1);
        Path shortRecording = recording("short", SHORT + length - 1);
        Path longRecording = recording("long", LONG + length - 1);
        List<ModelInput> windows = windows(opened, longRecording, length);
        System.out.println("| batch | bare model | pipeline | pipeline / bare |");
        System.out.println("| --- | --- | --- | --- |");
        for (int batch : BATCHES) {
            double[] bare = new double[ROUNDS];
            double[] whole = new double[ROUNDS];
            double[] ratio = new double[ROUNDS];
            run(shortRecording, batch);
            for (int round = 0; round < ROUNDS; round++) {
                bare[round] = bare(opened, windows, batch);
                double seconds = run(longRecording, batch) - run(shortRecording, batch);
                whole[round] = (LONG - SHORT) / seconds;
                ratio[round] = whole[round] / bare[round];
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.0f | %.0f | %.2f |%n",
                    batch,
                    Rounds.median(bare),
                    Rounds.median(whole),
                    Rounds.median(ratio));
        }
    }

    private Path recording(String name, int hours) throws IOException {
        Path file = folder.resolve(name + ".csv");
        try (Writer out = Files.newBufferedWriter(file)) {
            new LoadSimulator(1, LocalDateTime.of(2024, 1, 1, 0, 0), hours, 0, 0).write(out);
        }
        return file;
    }

    private double run(Path recording, int batch) throws Exception {
        Path results = Files.createTempDirectory(folder, "results");
        PipelineSpec spec =
                PipelineSpec.load(
                        pipeline,
                        List.of(
                                "source.path=" + recording,
                                "window.hop=1",
                                "model.batch.size=" + batch,
                                "sink.path=" + results.resolve("forecasts"),
                                "dead-letters.path=" + results.resolve("dead-letters")));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        PipelineBuilder.build(environment, spec);
        long start = System.nanoTime();
        environment.execute("throughput");
        double seconds = Rounds.secondsSince(start);
        FileUtils.deleteDirectory(results.toFile());
        return seconds;
    }

    private static double bare(ModelBundle bundle, List<ModelInput> windows, int batch) {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, PipelineThroughput.class.getClassLoader())
                                .open(bundle, engine, AdaptationSettings.FROZEN)) {
            run(model, windows.subList(0, SHORT), batch);
            long start = System.nanoTime();
            run(model, windows, batch);
            return windows.size() / Rounds.secondsSince(start);
        }
    }

    private static void run(StreamModel model, List<ModelInput> windows, int batch) {
        for (int from = 0; from < windows.size(); from += batch) {
            model.infer(windows.subList(from, Math.min(from + batch, windows.size())));
        }
    }

    /** The recording's windows, standardised as the pipeline does it. */
    private static List<ModelInput> windows(ModelBundle bundle, Path recording, int length)
            throws IOException {
        List<String> channels = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(recording)) {
            String[] header = lines.readLine().split(",");
            channels.addAll(Arrays.asList(header).subList(1, header.length));
            var scaler = bundle.config().root().path("dataset").path("scaler");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",");
                float[] row = new float[channels.size()];
                for (int c = 0; c < row.length; c++) {
                    double mean = scaler.path("mean").path(c).doubleValue();
                    double deviation = scaler.path("std").path(c).doubleValue();
                    row[c] = (float) ((Double.parseDouble(cells[c + 1]) - mean) / deviation);
                }
                rows.add(row);
            }
        }
        List<ModelInput> windows = new ArrayList<>();
        for (int start = 0; start + length <= rows.size(); start++) {
            float[] samples = new float[channels.size() * length];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = rows.get(start + i % length)[i / length];
            }
            windows.add(Windows.hourly(start, channels, samples));
        }
        return windows;
    }
}
