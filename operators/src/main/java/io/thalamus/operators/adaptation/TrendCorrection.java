/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.Arrays;

/**
 * Corrects forecasts by how a stream's windows run: a linear map, one for all channels, from the
 * slow shape of a channel's window (cosines of half a period to two) and where its level has been
 * lately ({@link RunningLevels}) to the slow shape of what is added to its forecast (its level, and
 * cosines of half a period and one). All are in units of the channel's deviation in the window. So
 * a stream on which levels wander learns how they go on, and whether they come back; no level and
 * no scale is learned, which would be old by the time that a horizon has come.
 *
 * <p>The map is the ridge regression of past errors, which fade: recursive least squares with the
 * ridge kept. Its gain does not have to be chosen, and it does not depend on how often forecasts
 * are made: {@code weight} says which share of a horizon is new in an error.
 */
public final class TrendCorrection {
    /** What the map takes and gives for a channel. */
    private static final int TAKES = 5;

    /** What it takes of the shape; the last that it takes is the level. */
    private static final int COSINES = TAKES - 1;

    private static final int GIVES = 3;

    /** Horizons of one channel that have as much weight as the wish to change nothing. */
    private static final double RIDGE = 5;

    /** What is left of an error's weight a horizon later. */
    private static final double FADE = 0.98;

    /**
     * Deviations from the window's mean beyond which what has come is no continuation of it, and
     * which count as one where the level has been.
     */
    private static final double FAR = 10;

    private static final double EPSILON = 1e-5;

    private final int channels;
    private final int length;
    private final int horizon;
    private final double[][] analysis;
    private final double[][] shapes;

    /**
     * What has been learned of errors.
     *
     * @param squares sum of the products of what the map takes, {@code [TAKES, TAKES]}
     * @param products sum of the products of what it takes and was to give, {@code [TAKES, GIVES]}.
     *     No array is to be modified
     */
    public record Sums(float[] squares, float[] products) {
        private static final Sums NONE =
                new Sums(new float[TAKES * TAKES], new float[TAKES * GIVES]);

        public static Sums none() {
            return NONE;
        }

        /** Those that a stream has kept; none if it has not, or of a map of another size. */
        public static Sums of(float[] squares, float[] products) {
            return squares == null || squares.length != TAKES * TAKES
                    ? NONE
                    : new Sums(squares, products);
        }
    }

    /** For windows of so many channels and samples, and forecasts of so many. */
    public TrendCorrection(int channels, int length, int horizon) {
        this.channels = channels;
        this.length = length;
        this.horizon = horizon;
        this.analysis = cosines(1, COSINES, length);
        this.shapes = cosines(0, GIVES, horizon);
    }

    /** Cosines of mean square one, of {@code first, first + 1 ...} half periods. */
    private static double[][] cosines(int first, int count, int samples) {
        double[][] cosines = new double[count][samples];
        for (int i = 0; i < count; i++) {
            double size = first + i == 0 ? 1 : Math.sqrt(2);
            for (int t = 0; t < samples; t++) {
                double angle = Math.PI * (first + i) * (t + 0.5) / samples;
                cosines[i][t] = size * StrictMath.cos(angle);
            }
        }
        return cosines;
    }

    /** Values of a map. */
    public static int values() {
        return TAKES * GIVES;
    }

    /**
     * The forecast with the correction.
     *
     * @param map as {@link #map} gives it
     * @param window {@code channels x length}, all finite
     * @param levels where each channel has been lately
     * @param forecast {@code channels x horizon}
     */
    public float[] added(float[] map, float[] window, float[] levels, float[] forecast) {
        return with(map, window, levels, forecast, 1);
    }

    /** The forecast that {@link #added} has corrected, but for rounding. */
    public float[] removed(float[] map, float[] window, float[] levels, float[] corrected) {
        return with(map, window, levels, corrected, -1);
    }

    private float[] with(float[] map, float[] window, float[] levels, float[] forecast, int sign) {
        float[] result = new float[forecast.length];
        double[] taken = new double[TAKES];
        double[] given = new double[GIVES];
        for (int channel = 0; channel < channels; channel++) {
            double unit = sign * take(window, channel, levels[channel], taken);
            Arrays.fill(given, 0);
            for (int i = 0; i < TAKES; i++) {
                for (int j = 0; j < GIVES; j++) {
                    given[j] += taken[i] * map[i * GIVES + j];
                }
            }
            for (int t = 0; t < horizon; t++) {
                double sum = 0;
                for (int j = 0; j < GIVES; j++) {
                    sum += given[j] * shapes[j][t];
                }
                int at = channel * horizon + t;
                double value = forecast[at] + unit * sum;
                result[at] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
            }
        }
        return result;
    }

    /**
     * The sums after an error. A channel that has gone far from where its window was teaches
     * nothing: one that was dead and is no more, or one that breaks.
     *
     * @param levels where each channel had been when the forecast was made
     * @param forecast without a correction
     * @param truth what came, {@code channels x horizon}
     * @param weight the share of the horizon that no error before it had a part in
     */
    public Sums after(
            Sums before,
            float[] window,
            float[] levels,
            float[] forecast,
            float[] truth,
            double weight) {
        double faded = StrictMath.pow(FADE, weight);
        double[] squares = scaled(before.squares, faded);
        double[] products = scaled(before.products, faded);
        double[] taken = new double[TAKES];
        for (int channel = 0; channel < channels; channel++) {
            double unit = take(window, channel, levels[channel], taken);
            if (!isNear(window, truth, channel, unit)) {
                continue;
            }
            for (int j = 0; j < GIVES; j++) {
                double wanted = 0;
                for (int t = 0; t < horizon; t++) {
                    int at = channel * horizon + t;
                    wanted += ((double) truth[at] - forecast[at]) * shapes[j][t];
                }
                wanted /= horizon * unit;
                for (int i = 0; i < TAKES; i++) {
                    products[i * GIVES + j] += weight * taken[i] * wanted;
                }
            }
            for (int i = 0; i < TAKES; i++) {
                for (int k = 0; k < TAKES; k++) {
                    squares[i * TAKES + k] += weight * taken[i] * taken[k];
                }
            }
        }
        return new Sums(Moments.floats(squares), Moments.floats(products));
    }

    private boolean isNear(float[] window, float[] truth, int channel, double unit) {
        double mean = mean(window, channel);
        for (int t = 0; t < horizon; t++) {
            if (!(Math.abs(truth[channel * horizon + t] - mean) <= FAR * unit)) {
                return false;
            }
        }
        return true;
    }

    /** Reads off a channel of a window what the map takes, and gives its unit. */
    private double take(float[] window, int channel, double level, double[] taken) {
        double mean = mean(window, channel);
        double squares = 0;
        Arrays.fill(taken, 0);
        for (int t = 0; t < length; t++) {
            double distance = window[channel * length + t] - mean;
            squares += distance * distance;
            for (int i = 0; i < COSINES; i++) {
                taken[i] += distance * analysis[i][t];
            }
        }
        double unit = Math.sqrt(squares / length + EPSILON);
        for (int i = 0; i < COSINES; i++) {
            taken[i] /= length * unit;
        }
        taken[COSINES] = Math.max(-1, Math.min(1, (level - mean) / (FAR * unit)));
        return unit;
    }

    private double mean(float[] window, int channel) {
        double sum = 0;
        for (int t = 0; t < length; t++) {
            sum += window[channel * length + t];
        }
        return sum / length;
    }

    /** The map that errors call for, {@code [TAKES, GIVES]}: zeros while there are none. */
    public static float[] map(Sums sums) {
        double[][] rows = new double[TAKES][TAKES + GIVES];
        for (int i = 0; i < TAKES; i++) {
            for (int k = 0; k < TAKES; k++) {
                rows[i][k] = sums.squares[i * TAKES + k];
            }
            rows[i][i] += RIDGE;
            for (int j = 0; j < GIVES; j++) {
                rows[i][TAKES + j] = sums.products[i * GIVES + j];
            }
        }
        // positive definite, so that no row has to be exchanged
        for (int pivot = 0; pivot < TAKES; pivot++) {
            for (int i = 0; i < TAKES; i++) {
                if (i != pivot) {
                    double factor = rows[i][pivot] / rows[pivot][pivot];
                    for (int k = pivot; k < TAKES + GIVES; k++) {
                        rows[i][k] -= factor * rows[pivot][k];
                    }
                }
            }
        }
        float[] map = new float[TAKES * GIVES];
        for (int i = 0; i < TAKES; i++) {
            for (int j = 0; j < GIVES; j++) {
                map[i * GIVES + j] = (float) (rows[i][TAKES + j] / rows[i][i]);
            }
        }
        return map;
    }

    private static double[] scaled(float[] values, double factor) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = factor * values[i];
        }
        return scaled;
    }
}
