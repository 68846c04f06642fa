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
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How long a Du-IN bundle, the argument, takes for a window, by the windows of a batch. {@code
 * training/duin.py published} makes bundles of the published sizes, and {@code training/duin.py
 * pace} takes PyTorch's time for the same.
 */
public final class DuinPace {
    private static final int[] BATCHES = {1, 8};
    private static final int WARM_UP = 30;
    private static final int CALLS = 200;

    private DuinPace() {}

    public static void main(String[] arguments) {
        ModelBundle bundle = ModelBundle.open(Path.of(arguments[0]));
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, DuinPace.class.getClassLoader())
                                .open(bundle, engine, AdaptationSettings.FROZEN)) {
            System.out.println("| windows a batch | best ms a window | median ms a window |");
            System.out.println("| --- | --- | --- |");
            for (int size : BATCHES) {
                double[] millis = times(model, size);
                System.out.printf(
                        Locale.ROOT, "| %d | %.2f | %.2f |%n", size, millis[0], millis[CALLS / 2]);
            }
        }
    }

    /** Milliseconds a window of each call, the shortest first. */
    private static double[] times(StreamModel model, int size) {
        List<ModelInput> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            SignalFrame window = window(model.signature(), i);
            batch.add(new ModelInput(window, CarriedState.empty(), FastWeights.none()));
        }
        for (int call = 0; call < WARM_UP; call++) {
            model.infer(batch);
        }
        double[] millis = new double[CALLS];
        for (int call = 0; call < CALLS; call++) {
            long start = System.nanoTime();
            model.infer(batch);
            millis[call] = 1000 * Rounds.secondsSince(start) / size;
        }
        Arrays.sort(millis);
        return millis;
    }

    private static SignalFrame window(ModelSignature form, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] samples = new float[form.channels() * form.windowLength()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (random.nextDouble() - 0.5);
        }
        List<String> channels = IntStream.range(0, form.channels()).mapToObj(c -> "c" + c).toList();
        return new SignalFrame("s", 0, 0, 0, SampleRate.ofHertz(1000), channels, samples, 0);
    }
}
