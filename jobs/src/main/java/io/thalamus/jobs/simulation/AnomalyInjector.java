/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.jobs.simulation.InjectedAnomaly.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Puts anomalies into any series: {@code ofEachKind} of each {@link Kind}. The first quarter stays
 * as it is, for a detector to be calibrated on. What is behind it is divided into as many parts as
 * there are anomalies; which part has which is drawn. An anomaly begins, by chance, in the first
 * half of its part and lasts 12 to 48 samples, but a quarter of the part at most; a spike 1 to 3.
 * So anomalies never touch.
 *
 * <p>With {@code x} the series before, {@code s} the deviation of the channel in it, {@code k} the
 * sample from 0 on of {@code L} that the anomaly has, {@code a} a size with a sign, both drawn, and
 * {@code e} independent normal deviates:
 *
 * <pre>
 * spike           x + a s,                |a| from 4 to 8
 * level shift     x + a s,                |a| from 1.5 to 3
 * drift           x + a s (k + 1) / L,    |a| from 2 to 4
 * flat line       the last value before
 * noise burst     x + |a| s e,            |a| from 1 to 2
 * changed period  x twice as fast: what is 2 k + 1 behind the first sample
 * phase shift     x as it was a quarter to a half of L samples before
 * channel swap    x of another channel, and the other way round
 * </pre>
 *
 * <p>A series of one channel has no channel swap. Values that are missing stay missing, and one
 * that would be taken from a missing one stays as it is.
 *
 * @param seed the same seed puts the same anomalies into the same series, on every machine
 * @param ofEachKind how many of each kind
 */
public record AnomalyInjector(long seed, int ofEachKind) {
    private static final int SHORTEST_PART = 16;
    private static final int SHORTEST = 12;
    private static final int LONGEST = 48;
    private static final int LONGEST_SPIKE = 3;

    public AnomalyInjector {
        if (ofEachKind < 1) {
            throw new IllegalArgumentException(
                    "there is 1 anomaly of each kind or more, not " + ofEachKind);
        }
    }

    /**
     * Changes a series in place.
     *
     * @param values {@code [channel][sample]}; NaN is a missing one
     * @return the anomalies, in the order of their times
     * @throws IllegalArgumentException if they do not fit in the series
     */
    public List<InjectedAnomaly> inject(double[][] values) {
        int samples = values[0].length;
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind != Kind.CHANNEL_SWAP || values.length > 1) {
                kinds.addAll(Collections.nCopies(ofEachKind, kind));
            }
        }
        int start = samples / 4;
        int part = (samples - start) / kinds.size();
        if (part < SHORTEST_PART) {
            throw new IllegalArgumentException(
                    "%d anomalies of each kind do not fit in %d samples"
                            .formatted(ofEachKind, samples));
        }
        double[][] before = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        Noise noise = new Noise(seed).branch(-3);
        List<InjectedAnomaly> injected = new ArrayList<>();
        for (int at = start; !kinds.isEmpty(); at += part) {
            Kind kind = kinds.remove(noise.between(0, kinds.size() - 1));
            int channel = noise.between(0, values.length - 1);
            int other = channel;
            if (kind == Kind.CHANNEL_SWAP) {
                other = (channel + noise.between(1, values.length - 1)) % values.length;
            }
            int longest = Math.min(LONGEST, part / 4);
            int length =
                    kind == Kind.SPIKE
                            ? noise.between(1, Math.min(LONGEST_SPIKE, longest))
                            : noise.between(Math.min(SHORTEST, longest), longest);
            int first = at + noise.between(0, part / 2);
            InjectedAnomaly anomaly = new InjectedAnomaly(kind, channel, other, first, length);
            inject(anomaly, before, values, noise);
            injected.add(anomaly);
        }
        return injected;
    }

    private static void inject(
            InjectedAnomaly anomaly, double[][] before, double[][] values, Noise noise) {
        double[] was = before[anomaly.channel()];
        double[] is = values[anomaly.channel()];
        double sign = noise.uniform() < 0.5 ? -1 : 1;
        double size = noise.uniform(); // from 0 to 1, of the range that the kind has
        double deviation = deviation(was);
        int length = anomaly.samples();
        int shift = Math.max(1, (int) ((0.25 + 0.25 * size) * length));
        for (int k = 0; k < length; k++) {
            int n = anomaly.first() + k;
            switch (anomaly.kind()) {
                case SPIKE -> is[n] += sign * (4 + 4 * size) * deviation;
                case LEVEL_SHIFT -> is[n] += sign * (1.5 + 1.5 * size) * deviation;
                case DRIFT -> is[n] += sign * (2 + 2 * size) * deviation * (k + 1) / length;
                case FLAT_LINE -> is[n] = replaced(was[n], last(was, anomaly));
                case NOISE_BURST -> is[n] += (1 + size) * deviation * noise.normal();
                case CHANGED_PERIOD -> is[n] = replaced(was[n], was[anomaly.first() + 2 * k + 1]);
                case PHASE_SHIFT -> is[n] = replaced(was[n], was[n - shift]);
                case CHANNEL_SWAP -> {
                    double other = before[anomaly.other()][n];
                    is[n] = replaced(was[n], other);
                    values[anomaly.other()][n] = replaced(other, was[n]);
                }
            }
        }
    }

    /** Another value in the place of one, if both are there. */
    private static double replaced(double value, double other) {
        return Double.isNaN(value) || Double.isNaN(other) ? value : other;
    }

    /** The last value before an anomaly. */
    private static double last(double[] channel, InjectedAnomaly anomaly) {
        int n = anomaly.first() - 1;
        while (n > 0 && Double.isNaN(channel[n])) {
            n--;
        }
        return channel[n];
    }

    /** Of the values that are there; 1 where they are all equal. */
    private static double deviation(double[] channel) {
        double mean = Arrays.stream(channel).filter(Double::isFinite).average().orElse(0);
        double variance =
                Arrays.stream(channel)
                        .filter(Double::isFinite)
                        .map(value -> (value - mean) * (value - mean))
                        .average()
                        .orElse(0);
        return variance == 0 ? 1 : Math.sqrt(variance);
    }
}
