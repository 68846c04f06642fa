/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;
import java.util.Optional;

/**
 * A stream learns the running statistics of a layer's output, which a {@link Homeostat} then keeps
 * where they were in training. A window is predicted with what the windows before it have taught;
 * one whose statistics are no numbers teaches nothing.
 *
 * @param sourceMean of each channel in training; not to be modified
 * @param sourceVariance of each channel in training; not to be modified
 * @param alpha how far the statistics move in a window
 * @param at how many classes a model's output begins with; behind their logits it has the window's
 *     statistics, the means of all channels, then their variances
 */
public record HomeostaticLearning(float[] sourceMean, float[] sourceVariance, double alpha, int at)
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
                        sum(source.mean(), weights.deltas().get(MEAN)),
                        sum(source.variance(), weights.deltas().get(VARIANCE)))
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
    public Lesson learn(FastWeights before, SignalFrame input, float[] output) {
        ChannelStatistics source = new ChannelStatistics(sourceMean, sourceVariance);
        ChannelStatistics window = ChannelStatistics.read(output, at, sourceMean.length);
        if (!window.isFinite()) {
            return Lesson.nothing(before);
        }
        ChannelStatistics after = running(source, before).towards(window, alpha);
        return Lesson.of(
                new FastWeights(
                        before.updates() + 1,
                        Map.of(
                                MEAN, difference(after.mean(), sourceMean),
                                VARIANCE, difference(after.variance(), sourceVariance)),
                        before.memory()));
    }

    @Override
    public Optional<Feedback> feedback(FastWeights before, SignalFrame window, float[] output) {
        return Optional.of(Feedback.ofClasses(output, at));
    }

    @Override
    public Map<String, float[]> source() {
        return Map.of(MEAN, sourceMean, VARIANCE, sourceVariance);
    }

    private static float[] sum(float[] source, float[] delta) {
        float[] sum = new float[source.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = source[i] + delta[i];
        }
        return sum;
    }

    private static float[] difference(float[] values, float[] source) {
        float[] difference = new float[source.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = values[i] - source[i];
        }
        return difference;
    }
}
