/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.CarriedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Keeps each speaker on one track, as a network gives the speakers of a window in any order. Of all
 * orders the one is taken that costs least: what the outputs differ by from the tracks of the
 * window before, where both windows have samples, and to a small part how much their spectra differ
 * from what the tracks sounded like so far. Where the windows share speech the first decides;
 * within a pause that is longer than what they share, the second.
 *
 * <p>Carried from window to window: its place in the stream, the tracks over the whole window, and
 * the spectrum of each track, which follows slowly.
 */
final class SpeakerTracks {
    private static final String POSITION = "position";
    private static final String TRACKS = "tracks";
    private static final String SPECTRA = "spectra";
    private static final String HEARD = "heard";
    private static final String ORDER = "order";

    /** A sequence number in digits that float32 holds exactly. */
    private static final int DIGITS = 4;

    private static final int DIGIT_BITS = 16;

    /** How much a spectrum that differs as much as spectra do can weigh against the overlap. */
    private static final double SPECTRUM_WEIGHT = 0.1;

    /** The squared difference of two spectra in decibels, a band, that counts as much. */
    private static final double SPECTRUM_SCALE = 50;

    /**
     * What it costs to take the outputs in another order than in the window before. Of a voice that
     * speaks alone a network may put a part in another's place, so that an overlap of little else
     * speaks for a change by less than this; a true one gains about 1.
     */
    private static final double CHANGE = 0.45;

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
     * @param state what the next window needs
     */
    record Placed(float[] tracks, CarriedState state) {}

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
        int[] order =
                before.arrays().isEmpty()
                        ? orders.get(0)
                        : order(separated, sequence, spectra, heard, before.arrays());
        float[] tracks = new float[separated.length];
        for (int track = 0; track < speakers; track++) {
            System.arraycopy(separated, order[track] * length, tracks, track * length, length);
        }
        return new Placed(tracks, state(tracks, sequence, order, spectra, heard, before.arrays()));
    }

    private int[] order(
            float[] separated,
            long sequence,
            double[][] spectra,
            boolean[] heard,
            Map<String, float[]> before) {
        double[][] costs = new double[speakers][speakers];
        double certainty =
                addOverlap(
                        costs,
                        separated,
                        sequence - sequence(before.get(POSITION)),
                        before.get(TRACKS));
        for (int track = 0; track < speakers; track++) {
            for (int speaker = 0; speaker < speakers; speaker++) {
                if (heard[speaker] && before.get(HEARD)[track] > 0) {
                    double difference = difference(before.get(SPECTRA), track, spectra[speaker]);
                    costs[track][speaker] +=
                            SPECTRUM_WEIGHT * difference / (difference + SPECTRUM_SCALE);
                }
            }
        }
        int[] best = orders.get(0);
        double least = Double.POSITIVE_INFINITY;
        for (int[] order : orders) {
            boolean same = true;
            double cost = 0;
            for (int track = 0; track < speakers; track++) {
                cost += costs[track][order[track]];
                same &= order[track] == before.get(ORDER)[track];
            }
            cost += same ? 0 : CHANGE * certainty;
            if (cost < least) {
                least = cost;
                best = order;
            }
        }
        return best;
    }

    /**
     * Adds what tracks and outputs differ by where both windows have samples.
     *
     * @return how much there is to be heard, from 0 to 1
     */
    private double addOverlap(double[][] costs, float[] separated, long hop, float[] tracks) {
        if (hop <= 0 || hop >= length) {
            return 0;
        }
        int shared = (int) (length - hop);
        double energy =
                energy(tracks, (int) hop, shared) + energy(separated, /* from= */ 0, shared);
        if (energy == 0) {
            return 0;
        }
        double whole = energy(tracks, 0, length) + energy(separated, 0, length);
        double quiet = QUIET * whole * shared / length;
        for (int track = 0; track < speakers; track++) {
            for (int speaker = 0; speaker < speakers; speaker++) {
                double sum = 0;
                for (int i = 0; i < shared; i++) {
                    double difference =
                            tracks[(int) (track * length + hop + i)]
                                    - separated[speaker * length + i];
                    sum += difference * difference;
                }
                costs[track][speaker] += sum / (energy + quiet);
            }
        }
        return energy / (energy + quiet);
    }

    /** Of all tracks or outputs, from one sample of the window on. */
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

    private CarriedState state(
            float[] tracks,
            long sequence,
            int[] order,
            double[][] spectra,
            boolean[] heard,
            Map<String, float[]> before) {
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
        return new CarriedState(
                Map.of(
                        POSITION,
                        digits(sequence),
                        TRACKS,
                        tracks,
                        SPECTRA,
                        next,
                        HEARD,
                        everHeard,
                        ORDER,
                        floats(order)));
    }

    private static float[] floats(int[] order) {
        float[] floats = new float[order.length];
        for (int i = 0; i < order.length; i++) {
            floats[i] = order[i];
        }
        return floats;
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
