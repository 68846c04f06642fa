/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.io.Serializable;
import java.util.Map;

/**
 * Compares what a stream has learned with the network as it is in the bundle, on some of its
 * windows. The only guard that tells a harder world from a worse model.
 *
 * @param every the windows from one that is compared to the next; 0 to compare none
 * @param rate how fast the averages of both errors move
 * @param ratio of the adapted error to the source's above which learning has done harm
 * @param margin added to that, as a ratio of next to nothing means nothing
 * @param patience compared windows in a row in which it must have done so
 * @param hold windows after the stream went back in which nothing is learned, twice as many each
 *     time until the rule has gone back to the bundle itself; 0 for none
 */
public record ShadowScore(
        int every, double rate, double ratio, double margin, int patience, int hold)
        implements Serializable {
    private static final int STRICT_HOLD = 1024;

    /** Which lets a stream learn again at once. */
    public ShadowScore(int every, double rate, double ratio, double margin, int patience) {
        this(every, rate, ratio, margin, patience, 0);
    }

    /**
     * What has been compared so far.
     *
     * @param adapted average error of the adapted network; NaN before the first
     * @param source average error of the network in the bundle
     * @param worse compared windows in a row in which the former was worse
     */
    public record Tally(double adapted, double source, int worse) {
        private static final Tally NONE = new Tally(Double.NaN, Double.NaN, 0);

        public static Tally none() {
            return NONE;
        }

        /** The one that a stream's memory has under a name; none if it has none. */
        public static Tally in(Map<String, float[]> memory, String name) {
            float[] kept = memory.get(name);
            return kept == null ? NONE : new Tally(kept[0], kept[1], (int) kept[2]);
        }

        /** Puts it into a stream's memory, rounded to single precision. */
        public void putInto(Map<String, float[]> memory, String name) {
            memory.put(name, new float[] {(float) adapted, (float) source, worse});
        }

        /**
         * Whether the adapted network does no worse, without any margin: what is a little worse is
         * borne, but nothing to go back to.
         */
        public boolean isGood() {
            return adapted <= source;
        }
    }

    /** The same, comparing more or fewer windows. */
    public ShadowScore every(int windows) {
        return new ShadowScore(windows, rate, ratio, margin, patience, hold);
    }

    /**
     * The same without bearing anything: whatever is worse counts, is seen four times as soon, and
     * is not tried again soon.
     */
    public ShadowScore strict() {
        return new ShadowScore((every + 3) / 4, rate, 1, 0, patience, STRICT_HOLD);
    }

    /** Whether a window is compared, by its number in the stream. */
    public boolean compares(long window) {
        return every > 0 && window % every == 0;
    }

    /** The tally after a window that was compared. */
    public Tally after(Tally before, double adaptedError, double sourceError) {
        double adapted = average(before.adapted, adaptedError);
        double source = average(before.source, sourceError);
        return new Tally(adapted, source, adapted > ratio * source + margin ? before.worse + 1 : 0);
    }

    /** Whether the stream goes back to what it knew when it was good. */
    public boolean rollsBack(Tally tally) {
        return tally.worse >= patience;
    }

    private double average(double before, double value) {
        return Double.isNaN(before) ? value : before + rate * (value - before);
    }
}
