/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Tells a shift of a signal from the classes that happen to pass. Long runs of one class move the
 * running statistics of a layer's output, too, but not far: what lies within a radius around the
 * statistics of the training counts for nothing, what lies beyond twice the radius counts in full,
 * and between the two the share grows evenly.
 *
 * @param source of the training
 * @param radius the distance that is no shift
 */
public record DeadZone(ChannelStatistics source, double radius) {
    /** About a third of the distance at which the windows of one spoken digit alone lie. */
    public static final double RADIUS = 0.15;

    /** With the usual radius. */
    public static DeadZone around(ChannelStatistics source) {
        return new DeadZone(source, RADIUS);
    }

    /**
     * How far statistics are from those of the training: the root of the mean, over channels, of
     * the squared difference of the means in deviations and half the squared logarithm of the ratio
     * of the variances. For small shifts that is the root of twice the Kullback-Leibler divergence
     * of normal distributions.
     */
    public double distance(ChannelStatistics running) {
        return distance(source, running);
    }

    static double distance(ChannelStatistics from, ChannelStatistics to) {
        double sum = 0;
        int channels = from.mean().length;
        for (int k = 0; k < channels; k++) {
            double variance = from.variance()[k] + Homeostat.EPSILON;
            double mean = to.mean()[k] - from.mean()[k];
            double ratio = StrictMath.log((to.variance()[k] + Homeostat.EPSILON) / variance);
            sum += mean * mean / variance + ratio * ratio / 2;
        }
        return Math.sqrt(sum / channels);
    }

    /** The share of a shift that counts: 0 within the zone, 1 from twice its radius on. */
    public double share(ChannelStatistics running) {
        return Math.min(1, Math.max(0, distance(running) / radius - 1));
    }

    int channels() {
        return source.mean().length;
    }
}
