/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How much of a core the separation of a window takes: seconds for a second of audio, elapsed and
 * of the processor, medians of rounds; and the most memory that the process has had. Arguments:
 * bundles, by default the shipped separator. One of the published size, with weights by chance, is
 * made by {@code training/mossformer2.py published}. Memory is the process's, so one bundle at a
 * time tells it.
 */
public final class SeparatorPace {
    private static final List<String> SHIPPED = List.of("pipelines/bundles/separator-8k");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";
    private static final int ROUNDS = 5;

    private SeparatorPace() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println(
                "| bundle | window | real-time factor | by processor time | peak memory |");
        System.out.println("| --- | --- | --- | --- | --- |");
        for (String bundle : arguments.length > 0 ? List.of(arguments) : SHIPPED) {
            measure(ModelBundle.open(Path.of(bundle)));
        }
    }

    private static void measure(ModelBundle bundle) throws IOException {
        double[] elapsed = new double[ROUNDS];
        double[] processor = new double[ROUNDS];
        double seconds;
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, SeparatorPace.class.getClassLoader())
                                .open(bundle, engine, AdaptationSettings.FROZEN)) {
            ModelInput input =
                    new ModelInput(
                            noise(model.signature()), CarriedState.empty(), FastWeights.none());
            seconds = input.window().length() / model.signature().rate().hertz();
            model.infer(List.of(input)); // what is compiled first
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                long used = processorNanos();
                model.infer(List.of(input));
                processor[round] = (processorNanos() - used) / 1e9 / seconds;
                elapsed[round] = Rounds.secondsSince(start) / seconds;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f s | %.3f | %.3f | %s |%n",
                bundle.name(),
                seconds,
                Rounds.median(elapsed),
                Rounds.median(processor),
                peak());
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static String peak() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(PEAK))
                .map(line -> line.substring(PEAK.length()).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static SignalFrame noise(ModelSignature signature) {
        SplittableRandom random = new SplittableRandom(1);
        float[] samples = new float[signature.windowLength()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.2 * (random.nextDouble() - 0.5));
        }
        return new SignalFrame("call", 0, 0, 0, signature.rate(), List.of("mixture"), samples, 0);
    }
}
