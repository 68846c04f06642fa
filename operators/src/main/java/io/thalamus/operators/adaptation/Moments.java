/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Map;
import java.util.Set;

/**
 * What an optimiser remembers of one stream.
 *
 * @param steps taken
 * @param first running mean of each gradient; empty for an optimiser without memory, and at the
 *     start. Not to be modified
 * @param second running mean of its square
 */
public record Moments(long steps, double[] first, double[] second) {
    private static final String STEPS = "adam.steps";
    private static final String FIRST = "adam.first";
    private static final String SECOND = "adam.second";

    /** What they are called in {@link FastWeights#memory}. */
    public static final Set<String> NAMES = Set.of(STEPS, FIRST, SECOND);

    private static final Moments NONE = new Moments(0, new double[0], new double[0]);

    /** Before the first step. */
    public static Moments none() {
        return NONE;
    }

    /** Those of a stream's memory; none if it has none. */
    public static Moments in(Map<String, float[]> memory) {
        return memory.containsKey(STEPS)
                ? new Moments(
                        (long) memory.get(STEPS)[0],
                        doubles(memory.get(FIRST)),
                        doubles(memory.get(SECOND)))
                : NONE;
    }

    /** Puts them into a stream's memory, rounded to single precision. */
    public void putInto(Map<String, float[]> memory) {
        memory.put(STEPS, new float[] {steps});
        memory.put(FIRST, floats(first));
        memory.put(SECOND, floats(second));
    }

    static float[] floats(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
