/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What was taken out of a window at random. Each value that is there is taken out with the same
 * probability, one of the rates, which is drawn for each window; at least one always is. Which are
 * depends on the seed, the window and the draw alone. What was missing before stays so and is not
 * asked for.
 */
record MaskedExamples(int length, List<Double> rates, long seed) implements ExampleMaker {

    @Override
    public Optional<TrainingExample> at(SignalFrame stretch, int first, int draw) {
        SignalFrame window = stretch.slice(first, first + length);
        float[] samples = window.samples();
        float[] kept = new float[samples.length];
        float[] target = new float[samples.length];
        Arrays.fill(target, Float.NaN);
        Random random =
                SeededRandom.of(
                        seed, window.streamId().hashCode(), window.sequence(), length, draw);
        double rate = rates.get(random.nextInt(rates.size()));
        int present = 0;
        boolean masked = false;
        for (int i = 0; i < samples.length; i++) {
            boolean there = Float.isFinite(samples[i]);
            boolean taken = random.nextDouble() < rate && there;
            kept[i] = taken || !there ? Float.NaN : samples[i];
            target[i] = taken ? samples[i] : Float.NaN;
            masked |= taken;
            present += there ? 1 : 0;
        }
        if (present == 0) {
            return Optional.empty();
        }
        if (!masked) {
            int one = place(samples, random.nextInt(present));
            kept[one] = Float.NaN;
            target[one] = samples[one];
        }
        return Optional.of(new TrainingExample(window.withSamples(kept, window.quality()), target));
    }

    /** Where a value is, counted among those that are there. */
    private static int place(float[] samples, int among) {
        int left = among;
        int at = -1;
        while (left >= 0) {
            at++;
            left -= Float.isFinite(samples[at]) ? 1 : 0;
        }
        return at;
    }
}
