/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import java.util.Arrays;

/** The lowest and the highest value of a channel in each column; NaN where there is none. */
final class ColumnLevels {
    private final float[] low;
    private final float[] high;

    ColumnLevels(int columns) {
        low = new float[columns];
        high = new float[columns];
        Arrays.fill(low, Float.NaN);
        Arrays.fill(high, Float.NaN);
    }

    /** Adds a value to some columns; NaN is none. */
    void add(int from, int to, float value) {
        for (int column = Math.max(0, from); column < Math.min(to, low.length); column++) {
            if (!(value >= low[column])) {
                low[column] = Float.isNaN(value) ? low[column] : value;
            }
            if (!(value <= high[column])) {
                high[column] = Float.isNaN(value) ? high[column] : value;
            }
        }
    }

    boolean has(int column) {
        return column >= 0 && !Float.isNaN(low[column]);
    }

    float low(int column) {
        return low[column];
    }

    float high(int column) {
        return high[column];
    }

    /** The lowest value of all; NaN if there is none. */
    float lowest() {
        float lowest = Float.NaN;
        for (float value : low) {
            lowest = value >= lowest || Float.isNaN(value) ? lowest : value;
        }
        return lowest;
    }

    /** The highest value of all; NaN if there is none. */
    float highest() {
        float highest = Float.NaN;
        for (float value : high) {
            highest = value <= highest || Float.isNaN(value) ? highest : value;
        }
        return highest;
    }
}
