/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Gathers a stream's windows, and takes a {@link ClassifierStep} when there are enough of them. The
 * windows wait in what the stream itself remembers, so that a checkpoint finds them there. A window
 * with values that are no numbers, or of which the network made none, is not gathered.
 */
final class ClassifierPlasticity implements Plasticity {
    /** The windows that wait, one after the other. */
    private static final String WAITING = "batch";

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
        float[] waiting = before.memory().getOrDefault(WAITING, new float[0]);
        float[] windows = Arrays.copyOf(waiting, waiting.length + samples.length);
        System.arraycopy(samples, 0, windows, waiting.length, samples.length);
        Map<String, float[]> memory = new HashMap<>(before.memory());
        if (windows.length < batch * samples.length) {
            memory.put(WAITING, windows);
            return Lesson.nothing(new FastWeights(before.updates(), before.deltas(), memory));
        }
        memory.remove(WAITING);
        FastWeights known = new FastWeights(before.updates(), before.deltas(), memory);
        step.features();
        for (int i = 0; i < batch; i++) {
            step.standardise(windows, i, i);
        }
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
