/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets a rule learn only while the signal is not what it was in training. The running statistics of
 * the first layer's output open the gate where their shift counts in full, and close it where it no
 * longer counts, by the {@link DeadZone}; a closed gate leaves the bundle's network. Windows that
 * do not teach count for nothing, as they did not in training. Where the rule changes the layer
 * itself, the statistics are of its changed output. The window that opens it is not learned from,
 * as the rule was not asked for its probes. A window moves the statistics no further than one at a
 * distance of 1 would, so that bursts do not open it.
 */
public final class ShiftGate implements Plasticity {
    static final String MEAN = "shift.mean";
    static final String VARIANCE = "shift.variance";
    private static final String OPEN = "shift.open";

    private final Plasticity rule;
    private final DeadZone zone;
    private final double alpha;

    /**
     * Before a rule.
     *
     * @param rule closed with this
     * @param source the statistics of the training
     * @param alpha how far the running statistics move in a window
     */
    public ShiftGate(Plasticity rule, ChannelStatistics source, double alpha) {
        this.rule = rule;
        this.zone = DeadZone.around(source);
        this.alpha = alpha;
    }

    @Override
    public List<FastWeights> probes(FastWeights before, SignalFrame window) {
        return isOpen(before) ? rule.probes(before, window) : List.of();
    }

    private static boolean isOpen(FastWeights before) {
        return before.memory().containsKey(OPEN);
    }

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        ChannelStatistics found = ChannelStatistics.endOf(output, zone.channels());
        if (!found.isFinite() || !rule.judge().teaches(window)) {
            return Lesson.nothing(before);
        }
        Map<String, float[]> own = new HashMap<>();
        Map<String, float[]> memory = new HashMap<>(before.memory());
        float[] mean = memory.remove(MEAN);
        float[] variance = memory.remove(VARIANCE);
        memory.remove(OPEN);
        ChannelStatistics running =
                mean == null ? zone.source() : new ChannelStatistics(mean, variance);
        double distance = Math.max(1, DeadZone.distance(running, found));
        running = running.towards(found, alpha / distance);
        own.put(MEAN, running.mean());
        own.put(VARIANCE, running.variance());
        double share = zone.share(running);
        if (share == 0 || share < 1 && !isOpen(before)) {
            return closed(before, own, zone.distance(running));
        }
        own.put(OPEN, new float[0]);
        FastWeights known = before.withMemory(memory);
        Lesson lesson =
                isOpen(before) ? rule.learn(known, window, output, probed) : Lesson.nothing(known);
        return lesson.keeping(own);
    }

    private static Lesson closed(FastWeights before, Map<String, float[]> own, double distance) {
        FastWeights after = new FastWeights(before.updates(), Map.of(), own);
        return before.deltas().isEmpty()
                ? Lesson.nothing(after)
                : new Lesson(
                        after,
                        List.of(Incident.reset("the signal is as in training", distance)),
                        0);
    }

    /** As much as a stream could know whose rule knows no more than this. */
    public static FastWeights most(FastWeights ofTheRule, int channels) {
        Map<String, float[]> memory = new HashMap<>(ofTheRule.memory());
        memory.put(MEAN, new float[channels]);
        memory.put(VARIANCE, new float[channels]);
        memory.put(OPEN, new float[0]);
        return ofTheRule.withMemory(memory);
    }

    @Override
    public Judge judge() {
        return rule.judge();
    }

    @Override
    public Map<String, float[]> source() {
        return rule.source();
    }

    @Override
    public ShadowScore shadow(ShadowScore given) {
        return rule.shadow(given);
    }

    @Override
    public void close() {
        rule.close();
    }
}
