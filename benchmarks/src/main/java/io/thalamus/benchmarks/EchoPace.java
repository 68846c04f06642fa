/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How much of a core a call takes that the shipped echo canceller works on: the time for a second
 * of audio, by the frames of a block and the calls that share a batch. Medians of rounds that take
 * turns.
 */
public final class EchoPace {
    private static final Path SHIPPED = Path.of("pipelines/bundles/echo-canceller");
    private static final int[] BLOCKS = {1, 4, 8, 16, 32};
    private static final int[] CALLS = {1, 2, 4};
    private static final int ROUNDS = 5;
    private static final double SECONDS_A_ROUND = 2;
    private static final int RATE = 16_000;

    private EchoPace() {}

    public static void main(String[] arguments) {
        ModelBundle bundle = ModelBundle.open(SHIPPED);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, EchoPace.class.getClassLoader())
                                .open(bundle, engine)) {
            System.out.println("| frames a block | calls a batch | real-time factor of a call |");
            System.out.println("| --- | --- | --- |");
            for (int block : BLOCKS) {
                for (int calls : CALLS) {
                    double[] factors = new double[ROUNDS];
                    round(model, block, calls); // what is compiled first
                    for (int round = 0; round < ROUNDS; round++) {
                        factors[round] = round(model, block, calls);
                    }
                    System.out.printf(
                            Locale.ROOT,
                            "| %d | %d | %.3f |%n",
                            block,
                            calls,
                            Rounds.median(factors));
                }
            }
        }
    }

    /** Seconds of computing for a second of each call. */
    private static double round(StreamModel model, int block, int calls) {
        int hop = block * model.signature().windowStep();
        int length = hop + model.signature().overlap();
        List<ModelInput> batch = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            batch.add(
                    new ModelInput(window(call, length), CarriedState.empty(), FastWeights.none()));
        }
        long start = System.nanoTime();
        long samples = 0;
        while (Rounds.secondsSince(start) < SECONDS_A_ROUND) {
            List<ModelInput> next = new ArrayList<>();
            var outputs = model.infer(batch);
            for (int call = 0; call < calls; call++) {
                next.add(
                        new ModelInput(
                                batch.get(call).window(),
                                outputs.get(call).state(),
                                FastWeights.none()));
            }
            batch = next;
            samples += (long) calls * hop;
        }
        return Rounds.secondsSince(start) / ((double) samples / RATE);
    }

    private static SignalFrame window(int call, int length) {
        SplittableRandom random = new SplittableRandom(call);
        float[] samples = new float[2 * length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.2 * (random.nextDouble() - 0.5));
        }
        return new SignalFrame(
                "call" + call,
                0,
                0,
                0,
                SampleRate.ofHertz(RATE),
                List.of("microphone", "far-end"),
                samples,
                0);
    }
}
