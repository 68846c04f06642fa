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
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How much of a core a call takes that the shipped echo canceller works on: the time for a second
 * of audio, by the frames of a block. Medians of rounds.
 */
public final class EchoPace {
    private static final Path SHIPPED = Path.of("pipelines/bundles/echo-canceller");
    private static final int[] BLOCKS = {1, 4, 8, 16, 32};
    private static final int ROUNDS = 5;
    private static final double SECONDS_A_ROUND = 2;
    private static final int RATE = 16_000;

    private EchoPace() {}

    public static void main(String[] arguments) {
        ModelBundle bundle = ModelBundle.open(SHIPPED);
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model =
                        ModelFactories.forBundle(bundle, EchoPace.class.getClassLoader())
                                .open(bundle, engine, AdaptationSettings.FROZEN)) {
            System.out.println("| frames a block | real-time factor of a call |");
            System.out.println("| --- | --- |");
            for (int block : BLOCKS) {
                double[] factors = new double[ROUNDS];
                round(model, block); // what is compiled first
                for (int round = 0; round < ROUNDS; round++) {
                    factors[round] = round(model, block);
                }
                System.out.printf(Locale.ROOT, "| %d | %.3f |%n", block, Rounds.median(factors));
            }
        }
    }

    /** Seconds of computing for a second of the call. */
    private static double round(StreamModel model, int block) {
        int hop = block * model.signature().windowStep();
        SignalFrame window = window(hop + model.signature().overlap());
        CarriedState state = CarriedState.empty();
        long start = System.nanoTime();
        long samples = 0;
        while (Rounds.secondsSince(start) < SECONDS_A_ROUND) {
            ModelInput input = new ModelInput(window, state, FastWeights.none());
            state = model.infer(List.of(input)).get(0).state();
            samples += hop;
        }
        return Rounds.secondsSince(start) / ((double) samples / RATE);
    }

    private static SignalFrame window(int length) {
        SplittableRandom random = new SplittableRandom(1);
        float[] samples = new float[2 * length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.2 * (random.nextDouble() - 0.5));
        }
        return new SignalFrame(
                "call",
                0,
                0,
                0,
                SampleRate.ofHertz(RATE),
                List.of("microphone", "far-end"),
                samples,
                0);
    }
}
