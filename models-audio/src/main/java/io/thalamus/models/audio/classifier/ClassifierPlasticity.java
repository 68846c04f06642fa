/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Feedback;
import io.thalamus.operators.adaptation.Finite;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShadowScore;
import io.thalamus.schemas.SignalFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers a stream's windows, and takes a {@link ClassifierStep} when there are enough of them. The
 * windows wait in what the stream itself remembers, so that a checkpoint finds them there. A window
 * with values that are no numbers, or of which the network made none, is not gathered.
 */
final class ClassifierPlasticity implements Plasticity {
    private final ClassifierStep step;
    private final int batch;
    private final Map<String, float[]> source;
    private final Judge judge;

    /**
     * Learning by a step.
     *
     * @param step closed by this
     * @param batch windows that it takes
     */
    ClassifierPlasticity(ClassifierStep step, int batch) {
        this.step = step;
        this.batch = batch;
        source = step.source();
        judge = judge(step.classes());
    }

    /** Every window teaches, and its error is the entropy of the classes. */
    static Judge judge(int classes) {
        return Judge.ofAll(classes, (window, output) -> Feedback.ofClasses(output, classes));
    }

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        float[] samples = window.samples();
        if (!Finite.are(samples) || !Finite.are(output)) {
            return Lesson.nothing(before);
        }
        Map<String, float[]> memory = new HashMap<>(before.memory());
        int waiting = 0;
        while (memory.containsKey(pending(waiting))) {
            waiting++;
        }
        if (waiting + 1 < batch) {
            memory.put(pending(waiting), samples);
            return Lesson.nothing(before.withMemory(memory));
        }
        step.features();
        step.standardise(samples, batch - 1);
        // More have waited than are taken where the stream has had a larger batch before.
        int first = waiting - (batch - 1);
        for (int i = 0; i < waiting; i++) {
            float[] pending = memory.remove(pending(i));
            if (i >= first) {
                step.standardise(pending, i - first);
            }
        }
        FastWeights known = before.withMemory(memory);
        FastWeights after = step.learn(known).after();
        return after == known ? Lesson.nothing(known) : Lesson.of(after);
    }

    /** What a window that waits is called. */
    static String pending(int index) {
        return FastWeights.PENDING + index;
    }

    @Override
    public Judge judge() {
        return judge;
    }

    @Override
    public Map<String, float[]> source() {
        return source;
    }

    /**
     * A network whose statistics are on their way is less sure than it will be, which is borne.
     * Where none are, nothing is worse for a while in order to be better.
     */
    @Override
    public ShadowScore shadow(ShadowScore given) {
        return step.movesStatistics() ? given : given.strict();
    }

    @Override
    public void close() {
        step.close();
    }
}
