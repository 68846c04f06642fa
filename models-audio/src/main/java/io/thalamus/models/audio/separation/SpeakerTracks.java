/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.CarriedState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps each speaker on one track, as a network may give the speakers of a window in any order.
 * Each order that the network may have given them in is a state of a hidden Markov chain. Two
 * neighbouring windows speak for two orders by how little their outputs differ where both windows
 * have samples. Where these are silent, the spectra of the outputs speak, by how little they differ
 * from what the tracks sounded like so far. And an order is the likelier the more often the network
 * has given it in this stream: so one that has an order of its own is believed when it puts a part
 * of a voice that speaks alone on the wrong output, and of one that has none each window is looked
 * at for itself. The likeliest order is taken, without waiting for what comes.
 *
 * <p>Carried from window to window: its place in the stream, the network's outputs, how likely and
 * how frequent each order is, and the spectrum of each track, which follows slowly.
 */
final class SpeakerTracks {
    private static final String POSITION = "position";
    private static final String OUTPUTS = "outputs";
    private static final String LIKELIHOODS = "likelihoods";
    private static final String COUNTS = "counts";
    private static final String SPECTRA = "spectra";
    private static final String HEARD = "heard";

    /** A sequence number in digits that float32 holds exactly. */
    private static final int DIGITS = 4;

    private static final int DIGIT_BITS = 16;

    /**
     * What it weighs, in nats for each speaker, that outputs which have nothing in common are taken
     * for the same voice: little, as of a voice that speaks alone a network may put nearly all on
     * one output in one window and on the other in the next.
     */
    private static final double OVERLAP_WEIGHT = 2;

    /** The same for spectra that differ as much as spectra do, within a pause. */
    private static final double SPECTRUM_WEIGHT = 3;

    /** The squared difference of two spectra in decibels, a band, that counts for half. */
    private static final double SPECTRUM_SCALE = 50;

    /**
     * How often an order is taken to have been given before there was a stream, for each other one
     * that there is: the more there are, the longer it takes to see them all.
     */
    private static final double UNSEEN = 0.3;

    /** What a window counts for among the orders, of what the next one does. */
    private static final double FADING = 0.99;

    /** An overlap this much quieter than its windows counts for half. */
    private static final double QUIET = 0.01;

    /** How far a track's spectrum goes towards that of a new window. */
    private static final double PACE = 0.15;

    private final int speakers;
    private final int length;
    private final VoiceSpectrum voices;
    private final List<int[]> orders;

    /**
     * Tracks for windows of one length.
     *
     * @param length samples of a window
     */
    SpeakerTracks(int speakers, int length, int sampleRate) {
        this.speakers = speakers;
        this.length = length;
        this.voices = new VoiceSpectrum(sampleRate);
        this.orders = orders(new int[speakers], 0, new ArrayList<>());
    }

    /** All orders, the one that changes nothing first. */
    private static List<int[]> orders(int[] order, int known, List<int[]> all) {
        if (known == order.length) {
            all.add(order.clone());
        }
        for (int next = 0; known < order.length && next < order.length; next++) {
            boolean taken = false;
            for (int i = 0; i < known; i++) {
                taken |= order[i] == next;
            }
            if (!taken) {
                order[known] = next;
                orders(order, known + 1, all);
            }
        }
        return all;
    }

    /**
     * A window's speakers on their tracks.
     *
     * @param tracks one after the other
     * @param order which of the network's outputs each track is
     * @param exchanged whether that is another order than the window before had; of a segment's
     *     first window it is not
     * @param state what the next window needs
     */
    record Placed(float[] tracks, int[] order, boolean exchanged, CarriedState state) {}

    /**
     * Puts the speakers of a window on their tracks.
     *
     * @param separated one speaker after the other, in the network's order
     * @param sequence the index of the window's first sample in its stream
     */
    Placed place(float[] separated, long sequence, CarriedState before) {
        double[][] spectra = new double[speakers][VoiceSpectrum.BANDS];
        boolean[] heard = new boolean[speakers];
        for (int speaker = 0; speaker < speakers; speaker++) {
            heard[speaker] = voices.of(separated, speaker * length, length, spectra[speaker]);
        }
        Belief belief = belief(separated, sequence, spectra, heard, before.arrays());
        int likeliest = belief.likeliest();
        int[] order = orders.get(likeliest);
        float[] tracks = new float[separated.length];
        for (int track = 0; track < speakers; track++) {
            System.arraycopy(separated, order[track] * length, tracks, track * length, length);
        }
        Map<String, float[]> state = new HashMap<>(spectra(order, spectra, heard, before.arrays()));
        state.put(POSITION, digits(sequence));
        state.put(OUTPUTS, separated);
        state.put(LIKELIHOODS, belief.likelihoods());
        state.put(COUNTS, belief.counts());
        return new Placed(
                tracks,
                order.clone(),
                !before.arrays().isEmpty() && Belief.in(before.arrays()).likeliest() != likeliest,
                new CarriedState(state));
    }

    /**
     * What is known of the orders.
     *
     * @param likelihoods logarithms of the orders' likelihoods, the greatest of which is zero
     * @param counts how often each was taken, which fades
     */
    private record Belief(float[] likelihoods, float[] counts) {
        static Belief in(Map<String, float[]> state) {
            return new Belief(state.get(LIKELIHOODS), state.get(COUNTS));
        }

        int likeliest() {
            int likeliest = 0;
            for (int i = 1; i < likelihoods.length; i++) {
                likeliest = likelihoods[i] > likelihoods[likeliest] ? i : likeliest;
            }
            return likeliest;
        }
    }

    private Belief belief(
            float[] separated,
            long sequence,
            double[][] spectra,
            boolean[] heard,
            Map<String, float[]> before) {
        if (before.isEmpty()) { // the network's own order is what the tracks are numbered by
            float[] likelihoods = new float[orders.size()];
            Arrays.fill(likelihoods, 1, likelihoods.length, Float.NEGATIVE_INFINITY);
            float[] counts = new float[orders.size()];
            counts[0] = 1;
            return new Belief(likelihoods, counts);
        }
        Belief last = Belief.in(before);
        if (isSilent(heard)) {
            return last;
        }
        long hop = sequence - sequence(before.get(POSITION));
        double[][] differences = new double[speakers][speakers];
        double certainty = overlap(differences, separated, hop, before.get(OUTPUTS));
        double[] next = new double[orders.size()];
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < next.length; i++) {
            int[] order = orders.get(i);
            next[i] =
                    reached(order, differences, last)
                            + Math.log(last.counts()[i] + UNSEEN * (next.length - 1))
                            - (1 - certainty) * unlikeness(order, spectra, heard, before);
            greatest = Math.max(greatest, next[i]);
        }
        float[] likelihoods = new float[next.length];
        float[] counts = new float[next.length];
        for (int i = 0; i < next.length; i++) {
            likelihoods[i] = (float) (next[i] - greatest);
            counts[i] = (float) (FADING * last.counts()[i]);
        }
        Belief belief = new Belief(likelihoods, counts);
        counts[belief.likeliest()]++;
        return belief;
    }

    private static boolean isSilent(boolean[] heard) {
        for (boolean any : heard) {
            if (any) {
                return false;
            }
        }
        return true;
    }

    /** The logarithm of the likelihood of the likeliest way to an order. */
    private double reached(int[] order, double[][] differences, Belief last) {
        double likeliest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < orders.size(); i++) {
            double way = last.likelihoods()[i];
            for (int track = 0; track < speakers; track++) {
                way -= OVERLAP_WEIGHT * speakers * differences[orders.get(i)[track]][order[track]];
            }
            likeliest = Math.max(likeliest, way);
        }
        return likeliest;
    }

    /** How little the outputs sound like the tracks that an order puts them on, in nats. */
    private double unlikeness(
            int[] order, double[][] spectra, boolean[] heard, Map<String, float[]> before) {
        double unlikeness = 0;
        for (int track = 0; track < speakers; track++) {
            if (heard[order[track]] && before.get(HEARD)[track] > 0) {
                double difference = difference(before.get(SPECTRA), track, spectra[order[track]]);
                unlikeness += SPECTRUM_WEIGHT * difference / (difference + SPECTRUM_SCALE);
            }
        }
        return unlikeness;
    }

    /**
     * What outputs of two windows differ by where both have samples, as a share of the energy
     * there.
     *
     * @param differences takes them, {@code [output before][output]}
     * @return how much there is to be heard, from 0 to 1
     */
    private double overlap(double[][] differences, float[] separated, long hop, float[] last) {
        if (hop <= 0 || hop >= length) {
            return 0;
        }
        int shared = (int) (length - hop);
        double energy = energy(last, (int) hop, shared) + energy(separated, /* from= */ 0, shared);
        if (energy == 0) {
            return 0;
        }
        double whole = energy(last, 0, length) + energy(separated, 0, length);
        double quiet = QUIET * whole * shared / length;
        for (int before = 0; before < speakers; before++) {
            for (int now = 0; now < speakers; now++) {
                double sum = 0;
                for (int i = 0; i < shared; i++) {
                    double difference =
                            last[(int) (before * length + hop + i)] - separated[now * length + i];
                    sum += difference * difference;
                }
                differences[before][now] = sum / (energy + quiet);
            }
        }
        return energy / (energy + quiet);
    }

    /** Of all outputs, from one sample of the window on. */
    private double energy(float[] values, int from, int count) {
        double sum = 0;
        for (int speaker = 0; speaker < speakers; speaker++) {
            for (int i = 0; i < count; i++) {
                double value = values[speaker * length + from + i];
                sum += value * value;
            }
        }
        return sum;
    }

    private static double difference(float[] known, int track, double[] spectrum) {
        double sum = 0;
        for (int band = 0; band < spectrum.length; band++) {
            double difference = known[track * spectrum.length + band] - spectrum[band];
            sum += difference * difference / spectrum.length;
        }
        return sum;
    }

    private Map<String, float[]> spectra(
            int[] order, double[][] spectra, boolean[] heard, Map<String, float[]> before) {
        float[] known = before.getOrDefault(SPECTRA, new float[speakers * VoiceSpectrum.BANDS]);
        float[] next = known.clone();
        float[] everHeard = before.getOrDefault(HEARD, new float[speakers]).clone();
        for (int track = 0; track < speakers; track++) {
            if (heard[order[track]]) {
                double pace = everHeard[track] > 0 ? PACE : 1;
                double[] spectrum = spectra[order[track]];
                for (int band = 0; band < spectrum.length; band++) {
                    int at = track * spectrum.length + band;
                    next[at] += (float) (pace * (spectrum[band] - known[at]));
                }
                everHeard[track] = 1;
            }
        }
        return Map.of(SPECTRA, next, HEARD, everHeard);
    }

    private static float[] digits(long sequence) {
        float[] digits = new float[DIGITS];
        for (int i = 0; i < DIGITS; i++) {
            digits[i] = sequence >>> (i * DIGIT_BITS) & 0xffff;
        }
        return digits;
    }

    private static long sequence(float[] digits) {
        long sequence = 0;
        for (int i = 0; i < DIGITS; i++) {
            sequence |= (long) digits[i] << (i * DIGIT_BITS);
        }
        return sequence;
    }
}
