/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes a stream back to the bundle when its tokenizer has collapsed to few codes: the perplexity
 * of the codes in use, over some 128 windows, is less than half of what it was in training. Windows
 * with missing values do not count, as they did not there.
 */
public final class CodeGuard implements Plasticity {
    private static final String USAGE = "codes.usage";

    /** How fast the shares of codes move. */
    private static final double RATE = 1.0 / 128;

    private final Plasticity rule;
    private final CollapseMonitor monitor;
    private final int codes;
    private final int tokens;

    /**
     * Around a rule.
     *
     * @param rule closed with this
     * @param codes how many there are
     * @param tokens codes that a model's output begins with
     * @param perplexity in training, by {@link Usage}
     */
    public CodeGuard(Plasticity rule, int codes, int tokens, double perplexity) {
        this.rule = rule;
        this.codes = codes;
        this.tokens = tokens;
        this.monitor =
                new CollapseMonitor(
                        RATE, StrictMath.log(perplexity / 2) / StrictMath.log((double) codes));
    }

    /** The perplexity of codes, as it is watched, over windows without an end. */
    public static final class Usage {
        private final CollapseMonitor monitor = new CollapseMonitor(RATE, 0);
        private final int tokens;
        private double[] average;
        private double seen;

        public Usage(int codes, int tokens) {
            this.tokens = tokens;
            this.average = new double[codes];
        }

        /** Takes a window's codes, which an output begins with. */
        public void add(float[] output) {
            average = monitor.after(average, shares(output, average.length, tokens));
            seen += RATE * (1 - seen);
        }

        /** Of the last windows; 1 of none. */
        public double perplexity() {
            double[] shares = average.clone();
            for (int i = 0; seen > 0 && i < shares.length; i++) {
                shares[i] /= seen;
            }
            return CollapseMonitor.perplexity(shares);
        }
    }

    /** As much as a stream could know whose rule knows no more than this. */
    public FastWeights most(FastWeights ofTheRule) {
        Map<String, float[]> memory = new HashMap<>(ofTheRule.memory());
        memory.put(USAGE, new float[codes]);
        return ofTheRule.withMemory(memory);
    }

    private static double[] shares(float[] output, int codes, int tokens) {
        double[] shares = new double[codes];
        for (int i = 0; i < tokens; i++) {
            shares[(int) output[i]] += 1.0 / tokens;
        }
        return shares;
    }

    @Override
    public List<FastWeights> probes(FastWeights before, SignalFrame window) {
        return rule.probes(before, window);
    }

    @Override
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        Map<String, float[]> memory = new HashMap<>(before.memory());
        float[] kept = memory.remove(USAGE);
        double[] average = monitor.start(codes);
        for (int i = 0; kept != null && i < codes; i++) {
            average[i] = kept[i];
        }
        if (Finite.are(window.samples())) {
            average = monitor.after(average, shares(output, codes, tokens));
        }
        if (!before.deltas().isEmpty() && monitor.collapsed(average)) {
            return Lesson.reset("few codes are in use", CollapseMonitor.perplexity(average));
        }
        return rule.learn(before.withMemory(memory), window, output, probed)
                .keeping(Map.of(USAGE, Moments.floats(average)));
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
    public void close() {
        rule.close();
    }
}
