/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.operators.signal.quality.SignalToDistortion;
import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which output of a separator is which speaker. The order of its outputs is arbitrary, but once it
 * has begun it should stay.
 */
final class Assignments {
    /** Every half second is looked at with what is around it, two seconds in all. */
    private static final double STEP_SECONDS = 0.5;

    private static final double LOOK_SECONDS = 2;

    /**
     * In dB: what another order must be better by, so that two poor outputs do not seem to swap.
     */
    private static final double MARGIN = 3;

    /** 40 dB, in power: who is quieter than his loudest by more is silent. */
    private static final double QUIETEST = 1e-4;

    private final float[][] sources;
    private final float[][] outputs;
    private final List<int[]> orders;

    /**
     * @param sources what each speaker said
     * @param outputs as many, each as long
     */
    Assignments(float[][] sources, float[][] outputs) {
        this.sources = sources;
        this.outputs = outputs;
        this.orders = new ArrayList<>();
        permute(new int[sources.length], 0, 0);
    }

    private void permute(int[] order, int place, int taken) {
        if (place == order.length) {
            orders.add(order.clone());
        }
        for (int output = 0; place < order.length && output < order.length; output++) {
            if ((taken & 1 << output) == 0) {
                order[place] = output;
                permute(order, place + 1, taken | 1 << output);
            }
        }
    }

    /** The one order for all of it with the highest mean SI-SDR: the output of each speaker. */
    float[][] fixed() {
        return reordered(best(ratios(0, sources[0].length)));
    }

    /**
     * Outputs in an order that follows the swaps of a separator.
     *
     * @param outputs of each speaker, as if there had been no swap
     * @param swaps how often the order changed
     */
    record Followed(float[][] outputs, int swaps) {}

    /** Follows the order that is best around each moment while all speak. */
    Followed followed(SampleRate rate) {
        int length = sources[0].length;
        int step = (int) Math.max(1, Math.round(STEP_SECONDS * rate.hertz()));
        int margin = (int) Math.round((LOOK_SECONDS - STEP_SECONDS) / 2 * rate.hertz());
        double[] loudest = new double[sources.length];
        for (int start = 0; start < length; start += step) {
            double[] powers = powers(start - margin, start + step + margin);
            Arrays.setAll(loudest, speaker -> Math.max(loudest[speaker], powers[speaker]));
        }
        float[][] followed = new float[sources.length][length];
        int[] order = null;
        int begun = 0;
        int swaps = 0;
        for (int start = 0; start < length; start += step) {
            if (!allSpeak(powers(start - margin, start + step + margin), loudest)) {
                continue;
            }
            double[][] ratios = ratios(start - margin, start + step + margin);
            int[] better = best(ratios);
            if (order == null) {
                order = better;
            } else if (mean(ratios, better) > mean(ratios, order) + MARGIN) {
                copy(order, begun, start, followed);
                order = better;
                begun = start;
                swaps++;
            }
        }
        copy(order == null ? orders.get(0) : order, begun, length, followed);
        return new Followed(followed, swaps);
    }

    private void copy(int[] order, int from, int to, float[][] followed) {
        for (int speaker = 0; speaker < order.length; speaker++) {
            System.arraycopy(outputs[order[speaker]], from, followed[speaker], from, to - from);
        }
    }

    private float[][] reordered(int[] order) {
        return Arrays.stream(order).mapToObj(output -> outputs[output]).toArray(float[][]::new);
    }

    /** The mean power of each speaker, of what is there of a stretch. */
    private double[] powers(int from, int to) {
        int first = Math.max(0, from);
        int end = Math.min(sources[0].length, to);
        double[] powers = new double[sources.length];
        for (int speaker = 0; speaker < powers.length; speaker++) {
            for (int n = first; n < end; n++) {
                double sample = sources[speaker][n];
                powers[speaker] += sample * sample / (end - first);
            }
        }
        return powers;
    }

    private static boolean allSpeak(double[] powers, double[] loudest) {
        for (int speaker = 0; speaker < powers.length; speaker++) {
            if (powers[speaker] == 0 || powers[speaker] < QUIETEST * loudest[speaker]) {
                return false;
            }
        }
        return true;
    }

    /** {@code [speaker][output]} of what is there of a stretch. */
    private double[][] ratios(int from, int to) {
        int first = Math.max(0, from);
        int end = Math.min(sources[0].length, to);
        double[][] ratios = new double[sources.length][outputs.length];
        for (int speaker = 0; speaker < sources.length; speaker++) {
            for (int output = 0; output < outputs.length; output++) {
                ratios[speaker][output] =
                        SignalToDistortion.scaleInvariant(
                                outputs[output], sources[speaker], first, end);
            }
        }
        return ratios;
    }

    private int[] best(double[][] ratios) {
        int[] best = orders.get(0);
        for (int[] order : orders) {
            if (mean(ratios, order) > mean(ratios, best)) {
                best = order;
            }
        }
        return best;
    }

    private static double mean(double[][] ratios, int[] order) {
        double sum = 0;
        for (int speaker = 0; speaker < order.length; speaker++) {
            sum += ratios[speaker][order[speaker]];
        }
        return sum / order.length;
    }
}
