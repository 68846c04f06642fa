/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.schemas.SignalFrame;
import java.util.HashMap;
import java.util.Map;

/**
 * Gathers a stream's windows, and takes a {@link ClassifierStep} when there are enough of them. The
 * windows wait in what the stream itself remembers, so that a checkpoint finds them there. A window
 * with values that are no numbers, or of which the network made none, is not gathered.
 */
final class ClassifierPlasticity implements Plasticity {
    /** What the names of windows that wait begin with; then comes a number from 0. */
    private static final String WAITING = "window.";

    private final ClassifierStep step;
    private final int batch;

    /**
     * Learning by a step.
     *
     * @param step closed by this
     * @param batch windows that it takes
     */
    ClassifierPlasticity(ClassifierStep step, int batch) {
        this.step = step;
        this.batch = batch;
    }

    @Override
    public Lesson learn(FastWeights before, SignalFrame window, float[] output) {
        float[] samples = window.samples();
        if (!isFinite(samples) || !isFinite(output)) {
            return Lesson.nothing(before);
        }
        Map<String, float[]> memory = new HashMap<>(before.memory());
        int waiting = 0;
        while (memory.containsKey(WAITING + waiting)) {
            waiting++;
        }
        if (waiting + 1 < batch) {
            memory.put(WAITING + waiting, samples);
            return Lesson.nothing(new FastWeights(before.updates(), before.deltas(), memory));
        }
        step.features();
        step.standardise(samples, waiting);
        for (int i = 0; i < waiting; i++) {
            step.standardise(memory.remove(WAITING + i), i);
        }
        FastWeights known = new FastWeights(before.updates(), before.deltas(), memory);
        FastWeights after = step.learn(known).after();
        return after == known ? Lesson.nothing(known) : Lesson.of(after);
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        step.close();
    }
}
