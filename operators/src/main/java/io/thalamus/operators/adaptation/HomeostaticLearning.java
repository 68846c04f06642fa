/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;

/**
 * A stream learns the running statistics of a layer's output, with which those of models end, and
 * which a {@link Homeostat} then keeps where they were in training. A window is predicted with what
 * the windows before it have taught; one whose statistics are no numbers teaches nothing.
 *
 * @param training its statistics; not to be modified
 * @param alpha how far the statistics move in a window
 * @param judge says which windows teach
 */
public record HomeostaticLearning(ChannelStatistics training, double alpha, Judge judge)
        implements Plasticity {
    private static final String MEAN = "homeostat.mean";
    private static final String VARIANCE = "homeostat.variance";

    /** Whether a stream knows statistics of its own. */
    public static boolean hasLearned(FastWeights weights) {
        return weights.deltas().containsKey(MEAN);
    }

    /** A stream's running statistics: those of the training where it has none of its own. */
    public static ChannelStatistics running(ChannelStatistics source, FastWeights weights) {
        return hasLearned(weights)
                ? new ChannelStatistics(
                        weights.weights(MEAN, source.mean()),
                        weights.weights(VARIANCE, source.variance()))
                : source;
    }

    /**
     * The statistics that a stream's signal is taken to have: of its running statistics, as much of
     * the way from those of the training as the {@link DeadZone} lets count.
     */
    public static ChannelStatistics shifted(ChannelStatistics source, FastWeights weights) {
        ChannelStatistics running = running(source, weights);
        return source.towards(running, DeadZone.around(source).share(running));
    }

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame input, float[] output, List<float[]> probed) {
        ChannelStatistics window = ChannelStatistics.endOf(output, training.mean().length);
        if (!window.isFinite() || !judge.teaches(input)) {
            return Lesson.nothing(before);
        }
        ChannelStatistics after = running(training, before).towards(window, alpha);
        return Lesson.of(known(before.updates() + 1, after, before.memory()));
    }

    private FastWeights known(
            long updates, ChannelStatistics running, Map<String, float[]> memory) {
        return new FastWeights(
                updates,
                Map.of(
                        MEAN, difference(running.mean(), training.mean()),
                        VARIANCE, difference(running.variance(), training.variance())),
                memory);
    }

    /** As much as a stream could know. */
    public FastWeights most() {
        return known(0, training, Map.of());
    }

    @Override
    public Map<String, float[]> source() {
        return Map.of(MEAN, training.mean(), VARIANCE, training.variance());
    }

    private static float[] difference(float[] values, float[] source) {
        float[] difference = new float[source.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = values[i] - source[i];
        }
        return difference;
    }
}
