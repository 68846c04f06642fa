/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.StreamModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a model's time goes: samples of its thread by the Flight Recorder, counted by the innermost
 * method of the network's own package. Arguments: a bundle and batch sizes; by default the shipped
 * TimesNet at 1, 8 and 32.
 */
public final class TimesNetProfile {
    private static final String SHIPPED = "pipelines/bundles/timesnet-etth1-96-96";
    private static final String NETWORKS = "io.thalamus.models.";
    private static final List<String> SAMPLES =
            List.of("jdk.ExecutionSample", "jdk.NativeMethodSample");
    private static final double SECONDS = 20;
    private static final double LEAST_SHARE = 0.01;
    private static final int WINDOWS = 256;

    private TimesNetProfile() {}

    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments.length > 0 ? arguments[0] : SHIPPED);
        String[] batches = {"1", "8", "32"};
        if (arguments.length > 1) {
            batches = List.of(arguments).subList(1, arguments.length).toArray(new String[0]);
        }
        ModelBundle bundle = ModelBundle.open(path);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, TimesNetProfile.class.getClassLoader())
                                .open(bundle, engine)) {
            List<ModelInput> windows = Windows.rhythmic(model.signature(), WINDOWS);
            for (String batch : batches) {
                profile(model, windows, Integer.parseInt(batch));
            }
        }
    }

    private static void profile(StreamModel model, List<ModelInput> windows, int batch)
            throws IOException {
        run(model, windows, batch); // warm
        Path file = Files.createTempFile("thalamus-profile-", ".jfr");
        try (Recording recording = new Recording()) {
            SAMPLES.forEach(event -> recording.enable(event).withPeriod(Duration.ofMillis(10)));
            recording.start();
            run(model, windows, batch);
            recording.stop();
            recording.dump(file);
            print(file, batch);
        } finally {
            Files.delete(file);
        }
    }

    private static void run(StreamModel model, List<ModelInput> windows, int batch) {
        long start = System.nanoTime();
        int at = 0;
        while (Rounds.secondsSince(start) < SECONDS) {
            model.infer(windows.subList(at, at + batch));
            at = (at + batch) % (windows.size() - batch + 1);
        }
    }

    private static void print(Path file, int batch) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        int all = 0;
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            if (event.getStackTrace() != null) {
                for (RecordedFrame frame : event.getStackTrace().getFrames()) {
                    String type = frame.getMethod().getType().getName();
                    if (type.startsWith(NETWORKS)) {
                        String name = type.substring(type.lastIndexOf('.') + 1);
                        counts.merge(name + "." + frame.getMethod().getName(), 1, Integer::sum);
                        all++;
                        break;
                    }
                }
            }
        }
        int samples = all;
        System.out.printf(Locale.ROOT, "%nbatch %d, %d samples%n%n| step | share |%n", batch, all);
        System.out.println("| --- | --- |");
        counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= LEAST_SHARE * samples)
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(
                        entry ->
                                System.out.printf(
                                        Locale.ROOT,
                                        "| `%s` | %.0f %% |%n",
                                        entry.getKey(),
                                        100.0 * entry.getValue() / samples));
    }
}
