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
 *
 * <p>There may be few because the signal has few, as a quiet one does. So nothing is learned from
 * the next 128 windows, by which the codes of the bundle's network itself are counted. Where these
 * are fewer than in training, it is half of theirs that counts from then on, until three quarters
 * of those of the training are in use.
 */
public final class CodeGuard implements Plasticity {
    private static final String USAGE = "codes.usage";

    /** How fast the shares of codes move. */
    private static final double RATE = 1.0 / 128;

    /** Windows by which the bundle's own codes are counted, and their perplexity then. */
    private static final String OWN = "codes.own";

    private static final int COUNTED = 128;
    private static final double FEW = 0.5;
    private static final double MANY = 0.75;

    private final Plasticity rule;
    private final CollapseMonitor monitor = new CollapseMonitor(RATE, 0);
    private final int codes;
    private final int tokens;
    private final double perplexity;

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
        this.perplexity = perplexity;
    }

    /** The perplexity of codes, as it is watched, over windows without an end. */
    public static final class Usage {
        private final CollapseMonitor monitor = new CollapseMonitor(RATE, 0);
        private final int tokens;
        private double[] average;

        public Usage(int codes, int tokens) {
            this.tokens = tokens;
            this.average = new double[codes];
        }

        /** Takes a window's codes, which an output begins with. */
        public void add(float[] output) {
            average = monitor.after(average, shares(output, average.length, tokens));
        }

        /** Of the last windows; 1 of none. */
        public double perplexity() {
            return CollapseMonitor.perplexity(whole(average));
        }
    }

    /** The shares of an average that began with nothing, of which some is missing. */
    private static double[] whole(double[] average) {
        double sum = 0;
        for (double share : average) {
            sum += share;
        }
        double[] shares = average.clone();
        for (int i = 0; sum > 0 && i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    /** As much as a stream could know whose rule knows no more than this. */
    public FastWeights most(FastWeights ofTheRule) {
        Map<String, float[]> memory = new HashMap<>(ofTheRule.memory());
        memory.put(USAGE, new float[codes]);
        memory.put(OWN, new float[2]);
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
        float[] own = memory.remove(OWN);
        FastWeights known = before.withMemory(memory);
        double[] average = monitor.start(codes);
        for (int i = 0; kept != null && i < codes; i++) {
            average[i] = kept[i];
        }
        boolean counts = Finite.are(window.samples());
        if (counts) {
            average = monitor.after(average, shares(output, codes, tokens));
        }
        if (own != null && own[0] < COUNTED) {
            return Lesson.nothing(known).keeping(counted(average, own[0] + (counts ? 1 : 0)));
        }
        double inUse = CollapseMonitor.perplexity(average);
        if (own != null && inUse >= MANY * perplexity) {
            own = null;
        }
        double usual = own == null ? perplexity : Math.min(perplexity, own[1]);
        if (!before.deltas().isEmpty() && inUse < FEW * usual) {
            return Lesson.reset("few codes are in use", inUse)
                    .keeping(counted(new double[codes], 0));
        }
        Map<String, float[]> usage = new HashMap<>();
        usage.put(USAGE, Moments.floats(average));
        if (own != null) {
            usage.put(OWN, own);
        }
        return rule.learn(known, window, output, probed).keeping(usage);
    }

    /** What is kept of the bundle's own codes while so many windows of them are counted. */
    private static Map<String, float[]> counted(double[] average, float windows) {
        double[] shares = windows < COUNTED ? average : whole(average);
        float perplexity = (float) CollapseMonitor.perplexity(shares);
        return Map.of(USAGE, Moments.floats(shares), OWN, new float[] {windows, perplexity});
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
