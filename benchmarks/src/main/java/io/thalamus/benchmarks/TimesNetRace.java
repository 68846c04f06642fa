/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.StreamModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.flink.util.FileUtils;

/**
 * TimesNet beside PyTorch on the same windows, one thread each, in turns: windows a second, medians
 * of rounds, and by how much outputs differ at most. Needs a Python 3 with PyTorch, {@code
 * /usr/bin/python3} or what {@code -Dpython=} names.
 */
public final class TimesNetRace {
    private static final String SCRIPT = "benchmarks/timesnet_batches.py";
    private static final String SHIPPED = "pipelines/bundles/timesnet-etth1-96-96";
    private static final String WIDER =
            "{\"seq_len\": 96, \"pred_len\": 96, \"enc_in\": 7, \"d_model\": 64, \"d_ff\": 64,"
                    + " \"e_layers\": 2, \"top_k\": 5, \"num_kernels\": 6}";
    private static final int[] BATCHES = {1, 8, 32};
    private static final int WINDOWS = 256;
    private static final int ROUNDS = 5;
    private static final double SECONDS = 3;

    private final Path folder;
    private final String python = System.getProperty("python", "/usr/bin/python3");

    private TimesNetRace(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("thalamus-race-");
        try {
            TimesNetRace race = new TimesNetRace(folder);
            race.run("shipped, d_model 16", Path.of(SHIPPED));
            race.run("random weights, d_model 64", race.wider());
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private Path wider() throws Exception {
        Path bundle = folder.resolve("timesnet-64");
        Process process =
                new ProcessBuilder(python, SCRIPT, "make", bundle.toString(), WIDER)
                        .inheritIO()
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException(SCRIPT + " could not make a bundle");
        }
        return bundle;
    }

    private void run(String title, Path path) throws Exception {
        ModelBundle bundle = ModelBundle.open(path);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, TimesNetRace.class.getClassLoader())
                                .open(bundle, engine)) {
            List<ModelInput> windows = Windows.rhythmic(model.signature(), WINDOWS);
            Path file = folder.resolve(bundle.name() + ".f32");
            write(windows, file);
            Process process =
                    new ProcessBuilder(python, SCRIPT, "serve", path.toString(), file.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try (PrintWriter orders = new PrintWriter(process.outputWriter(), true);
                    BufferedReader answers = process.inputReader()) {
                race(title, model, windows, orders, answers);
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private static void race(
            String title,
            StreamModel model,
            List<ModelInput> windows,
            PrintWriter orders,
            BufferedReader answers)
            throws IOException {
        orders.println("output 1");
        JsonNode reference = new ObjectMapper().readTree(answers.readLine());
        System.out.printf(
                Locale.ROOT,
                "%n%s: outputs differ by at most %.1e%n%n",
                title,
                difference(model, windows.get(0), reference.path(0)));
        System.out.println(
                "| batch | PyTorch | PyTorch, merged kernels | Thalamus | to PyTorch | to merged"
                        + " |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        for (int batch : BATCHES) {
            double[] plain = new double[ROUNDS];
            double[] merged = new double[ROUNDS];
            double[] own = new double[ROUNDS];
            own(model, windows, batch);
            for (int round = 0; round < ROUNDS; round++) {
                own[round] = own(model, windows, batch);
                plain[round] = theirs("reference", batch, orders, answers);
                merged[round] = theirs("merged", batch, orders, answers);
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.0f | %.0f | %.0f | %.1f | %.1f |%n",
                    batch,
                    Rounds.median(plain),
                    Rounds.median(merged),
                    Rounds.median(own),
                    Rounds.median(ratios(own, plain)),
                    Rounds.median(ratios(own, merged)));
        }
    }

    private static double own(StreamModel model, List<ModelInput> windows, int batch) {
        long start = System.nanoTime();
        long done = 0;
        int at = 0;
        while (Rounds.secondsSince(start) < SECONDS) {
            model.infer(windows.subList(at, at + batch));
            done += batch;
            at = (at + batch) % (windows.size() - batch + 1);
        }
        return done / Rounds.secondsSince(start);
    }

    private static double theirs(
            String network, int batch, PrintWriter orders, BufferedReader answers)
            throws IOException {
        orders.printf(Locale.ROOT, "%s %d %.1f%n", network, batch, SECONDS);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(SCRIPT + " ended early");
        }
        return Double.parseDouble(answer);
    }

    /** The largest difference between two forecasts of one window. */
    private static double difference(StreamModel model, ModelInput window, JsonNode reference) {
        ModelOutput output = model.infer(List.of(window)).get(0);
        int horizon = model.signature().horizon();
        double most = 0;
        for (int i = 0; i < output.values().length; i++) {
            double expected = reference.path(i % horizon).path(i / horizon).doubleValue();
            most = Math.max(most, Math.abs(output.values()[i] - expected));
        }
        return most;
    }

    /** Samples first, channels within them. */
    private static void write(List<ModelInput> windows, Path file) throws IOException {
        int values = windows.get(0).window().samples().length;
        ByteBuffer bytes =
                ByteBuffer.allocate(windows.size() * values * Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (ModelInput input : windows) {
            int channels = input.window().channels().size();
            int length = input.window().length();
            for (int i = 0; i < values; i++) {
                bytes.putFloat(input.window().samples()[i % channels * length + i / channels]);
            }
        }
        Files.write(file, bytes.array());
    }

    private static double[] ratios(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] / b[i]).toArray();
    }
}
