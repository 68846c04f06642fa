/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;
import java.util.List;

/**
 * What a filter lets through.
 *
 * @param kind below a cutoff, above it, between two, or all but what lies between two
 * @param cutoffs in hertz, ascending: one for {@code LOW_PASS} and {@code HIGH_PASS}, else two
 */
public record Band(Kind kind, List<Double> cutoffs) implements Serializable {

    /** The four kinds of filters. */
    public enum Kind {
        LOW_PASS("low-pass", 1),
        HIGH_PASS("high-pass", 1),
        BAND_PASS("band-pass", 2),
        BAND_STOP("band-stop", 2);

        private final String name;
        private final int cutoffs;

        Kind(String name, int cutoffs) {
            this.name = name;
            this.cutoffs = cutoffs;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * @throws InvalidInputException if the cutoffs are not usable at any sample rate
     */
    public Band {
        cutoffs = List.copyOf(cutoffs);
        if (cutoffs.size() != kind.cutoffs) {
            throw new InvalidInputException(
                    "%s: %d cutoffs are given; give %d"
                            .formatted(kind, cutoffs.size(), kind.cutoffs));
        }
        for (double cutoff : cutoffs) {
            if (!Double.isFinite(cutoff) || cutoff <= 0) {
                throw new InvalidInputException(
                        "%s: a cutoff is %s Hz; give a positive frequency".formatted(kind, cutoff));
            }
        }
        if (kind.cutoffs == 2 && cutoffs.get(0) >= cutoffs.get(1)) {
            throw new InvalidInputException(
                    "%s: the cutoffs are %s and %s Hz; give the lower one first"
                            .formatted(kind, cutoffs.get(0), cutoffs.get(1)));
        }
    }

    public static Band lowPass(double cutoff) {
        return new Band(Kind.LOW_PASS, List.of(cutoff));
    }

    public static Band highPass(double cutoff) {
        return new Band(Kind.HIGH_PASS, List.of(cutoff));
    }

    public static Band bandPass(double lower, double upper) {
        return new Band(Kind.BAND_PASS, List.of(lower, upper));
    }

    public static Band bandStop(double lower, double upper) {
        return new Band(Kind.BAND_STOP, List.of(lower, upper));
    }

    /** Refuses a rate at which a cutoff is no frequency of the signal. */
    void check(SampleRate rate) {
        for (double cutoff : cutoffs) {
            Nyquist.check(kind + ": a cutoff", cutoff, rate);
        }
    }

    /** A cutoff as a share of half the sample rate. */
    double relative(int cutoff, SampleRate rate) {
        return 2 * cutoffs.get(cutoff) / rate.hertz();
    }
}
