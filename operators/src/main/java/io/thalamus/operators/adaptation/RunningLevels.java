/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/**
 * Where the channels of a stream have been lately: running means of the levels of its windows, over
 * some four windows' lengths. They lie in the memory of the stream's {@link FastWeights}, beside
 * its {@link PendingForecasts}, which know whether a window goes on where the last one was; where
 * it does not, they begin at its own levels.
 */
public final class RunningLevels {
    private static final String LEVELS = "trend.levels";

    /** Of a window, after which a level still has the share 1/e in the mean. */
    private static final double LENGTHS = 4;

    private RunningLevels() {}

    /** Those of all windows until this one, for each channel; not to be modified. */
    public static float[] until(Map<String, float[]> memory, SignalFrame window) {
        return isKnown(memory, window) ? memory.get(LEVELS) : means(window);
    }

    /**
     * Takes a window in.
     *
     * @param memory of the stream before {@link PendingForecasts#take} has taken it
     * @param after takes the levels after it
     */
    public static void take(
            Map<String, float[]> memory, SignalFrame window, Map<String, float[]> after) {
        float[] levels = means(window);
        if (isKnown(memory, window)) {
            float[] before = memory.get(LEVELS);
            double news = PendingForecasts.news(memory, window).orElseThrow();
            double share = -StrictMath.expm1(-news / (LENGTHS * window.length()));
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (float) (before[i] + share * ((double) levels[i] - before[i]));
            }
        }
        after.put(LEVELS, levels);
    }

    /** As much as they take. */
    public static void putMost(int channels, Map<String, float[]> memory) {
        memory.put(LEVELS, new float[channels]);
    }

    private static boolean isKnown(Map<String, float[]> memory, SignalFrame window) {
        return memory.containsKey(LEVELS) && PendingForecasts.news(memory, window).isPresent();
    }

    private static float[] means(SignalFrame window) {
        int length = window.length();
        float[] means = new float[window.channels().size()];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (Rows.sum(window.samples(), i * length, length) / length);
        }
        return means;
    }
}
