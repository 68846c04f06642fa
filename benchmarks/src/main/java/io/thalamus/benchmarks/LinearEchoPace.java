/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.echo.LinearEcho;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How much of a core {@code linear-echo} takes with its defaults: the time for a second of a call
 * of noise, by sample rate and block. Medians of rounds.
 */
public final class LinearEchoPace {
    private static final int[] RATES = {8_000, 16_000, 48_000};
    private static final int[] BLOCKS = {4, 8, 16};
    private static final int ROUNDS = 5;
    private static final int SECONDS_A_ROUND = 4;

    private LinearEchoPace() {}

    public static void main(String[] arguments) {
        System.out.println("| rate in Hz | block in ms | real-time factor |");
        System.out.println("| --- | --- | --- |");
        for (int rate : RATES) {
            for (int block : BLOCKS) {
                SignalChain chain = chain(rate, block);
                SampleBlock second = second(rate);
                double[] factors = new double[ROUNDS];
                round(chain, second); // what is compiled first
                for (int round = 0; round < ROUNDS; round++) {
                    factors[round] = round(chain, second);
                }
                System.out.printf(
                        Locale.ROOT, "| %d | %d | %.4f |%n", rate, block, Rounds.median(factors));
            }
        }
    }

    private static SignalChain chain(int rate, int block) {
        return new SignalChain(
                new StreamShape(List.of("microphone", "far-end"), SampleRate.ofHertz(rate)),
                List.of(
                        new LinearEcho(
                                Duration.ofMillis(250),
                                Duration.ofMillis(500),
                                Duration.ofMillis(block),
                                LinearEcho.Reference.ECHO)));
    }

    private static SampleBlock second(int rate) {
        SplittableRandom random = new SplittableRandom(1);
        double[][] samples = new double[2][rate];
        for (int n = 0; n < rate; n++) {
            samples[1][n] = random.nextDouble() - 0.5;
            double echo = n < 400 ? 0 : 0.5 * samples[1][n - 400];
            samples[0][n] = echo + 0.01 * random.nextDouble();
        }
        return SampleBlock.of(samples);
    }

    private static double round(SignalChain chain, SampleBlock second) {
        SampleBlock out = new SampleBlock(2);
        long start = System.nanoTime();
        for (int n = 0; n < SECONDS_A_ROUND; n++) {
            out.clear();
            chain.apply(second, out);
        }
        return Rounds.secondsSince(start) / SECONDS_A_ROUND;
    }
}
