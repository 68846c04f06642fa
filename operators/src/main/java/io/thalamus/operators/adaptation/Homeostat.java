/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

/**
 * Keeps the mean and variance of each channel of a signal where they were in training: a gain and
 * an offset without a gradient (equation 5.5). It is adaptive batch normalisation restated as a
 * modulator, for signals before a layer or group normalisation, and fit for single windows.
 *
 * @param source of the signal in training
 * @param alpha how far the running statistics move in a step: about 0.003 a window, and {@code 1 -
 *     (1 - 0.003)^n} for {@code n} windows at once
 * @param epsilon added to variances
 */
public record Homeostat(ChannelStatistics source, double alpha, double epsilon) {
    public static final double ALPHA = 0.003;
    public static final double EPSILON = 1e-5;

    /** How far the statistics move for several windows at once. */
    public static double alpha(double perWindow, int windows) {
        return 1 - StrictMath.pow(1 - perWindow, windows);
    }

    /**
     * The running statistics after a batch, itself included.
     *
     * @param running those before; {@link #source} at the start of a stream
     * @param signal {@code [count, channels]}
     */
    public ChannelStatistics after(ChannelStatistics running, double[] signal, int count) {
        int channels = source.mean().length;
        return running.towards(ChannelStatistics.of(signal, count, channels), alpha);
    }

    /** What a channel is multiplied by. */
    public double gain(ChannelStatistics running, int channel) {
        return Math.sqrt(
                (source.variance()[channel] + epsilon) / (running.variance()[channel] + epsilon));
    }

    /** What is then added to it. */
    public double offset(ChannelStatistics running, int channel) {
        return source.mean()[channel] - gain(running, channel) * running.mean()[channel];
    }
}
