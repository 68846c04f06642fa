/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import java.util.Arrays;

/**
 * A percentile of a number of values, interpolated linearly between the two nearest (Hyndman and
 * Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996, number 7;
 * NumPy's default), found from the highest of the values alone.
 *
 * @param count how many values there are
 * @param percent which percentile, from 0 to 100
 */
public record Percentile(int count, double percent) {

    /** The percentile of values that are all there, ascending; one at least. */
    public static double of(double[] ascending, double percent) {
        Percentile wanted = new Percentile(ascending.length, percent);
        return wanted.of(
                Arrays.copyOfRange(
                        ascending, ascending.length - wanted.highest(), ascending.length));
    }

    private double place() {
        return percent / 100 * (count - 1);
    }

    /** How many of the highest values have to be known. */
    int highest() {
        return count - (int) place();
    }

    /** The percentile, where the values from {@code highest[0]} on are the highest, ascending. */
    double of(double[] highest) {
        if (highest() == 1) {
            return highest[0];
        }
        double share = place() - (int) place();
        double step = highest[1] - highest[0];
        // As NumPy rounds it: from the nearer of the two.
        return share >= 0.5 ? highest[1] - step * (1 - share) : highest[0] + step * share;
    }

    /**
     * Keeps the highest values of a series, ascending.
     *
     * @param highest those so far
     * @param seen how many values have been offered so far
     */
    void offer(double value, double[] highest, long seen) {
        int kept = (int) Math.min(seen, highest());
        int place = Arrays.binarySearch(highest, 0, kept, value);
        place = place < 0 ? -place - 1 : place;
        if (kept < highest()) {
            System.arraycopy(highest, place, highest, place + 1, kept - place);
            highest[place] = value;
        } else if (place > 0) {
            System.arraycopy(highest, 1, highest, 0, place - 1);
            highest[place - 1] = value;
        }
    }
}
