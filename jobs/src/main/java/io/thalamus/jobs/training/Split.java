/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.schemas.InvalidInputException;
import java.util.Locale;

/**
 * How each stream is divided in time: into what is learned from, what says when to stop, and what
 * the network is tested on. What is left over is not used.
 *
 * @param training rows, or a share of the stream's rows
 * @param validation the same of what follows
 * @param test the same of what follows that
 */
public record Split(double training, double validation, double test) {
    private static final double ROUNDING = 1e-9;

    /** A part of a stream. */
    enum Part {
        TRAINING,
        VALIDATION,
        TEST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Rows of a stream.
     *
     * @param first counted from 0
     * @param end the first that is not of them
     */
    record Rows(long first, long end) {}

    /**
     * Reads {@code 0.6/0.2/0.2} as shares, and {@code 8640/2880/2880} as rows.
     *
     * @throws InvalidInputException if it is neither
     */
    public static Split of(String text) {
        String[] parts = text.split("/", -1);
        try {
            if (parts.length == 3) {
                Split split =
                        new Split(
                                Double.parseDouble(parts[0]),
                                Double.parseDouble(parts[1]),
                                Double.parseDouble(parts[2]));
                if (split.isUsable()) {
                    return split;
                }
            }
        } catch (NumberFormatException e) {
            // Told below, with everything else that it may not be.
        }
        throw new InvalidInputException(
                ("'%s' is no split: write the shares of training, validation and test, such as"
                                + " 0.6/0.2/0.2, or their rows, such as 8640/2880/2880")
                        .formatted(text));
    }

    private boolean isUsable() {
        boolean positive = training > 0 && validation > 0 && test > 0;
        return positive
                && (isOfShares() || (isWhole(training) && isWhole(validation) && isWhole(test)));
    }

    private static boolean isWhole(double rows) {
        return rows == Math.rint(rows) && rows <= Integer.MAX_VALUE;
    }

    private boolean isOfShares() {
        return training + validation + test <= 1 + ROUNDING;
    }

    /**
     * Where a part lies.
     *
     * @param rows of the stream
     * @throws InvalidInputException if the stream has fewer rows than all parts together
     */
    Rows of(Part part, String stream, long rows) {
        double unit = isOfShares() ? rows : 1;
        double before =
                switch (part) {
                    case TRAINING -> 0;
                    case VALIDATION -> training;
                    case TEST -> training + validation;
                };
        double size =
                switch (part) {
                    case TRAINING -> training;
                    case VALIDATION -> validation;
                    case TEST -> test;
                };
        if (!isOfShares() && training + validation + test > rows) {
            throw new InvalidInputException(
                    "stream %s has %d rows, fewer than the split %s wants"
                            .formatted(stream, rows, this));
        }
        return new Rows(
                (long) Math.floor(before * unit + ROUNDING),
                (long) Math.floor((before + size) * unit + ROUNDING));
    }

    @Override
    public String toString() {
        return text(training) + "/" + text(validation) + "/" + text(test);
    }

    private static String text(double number) {
        return number >= 1 ? Long.toString((long) number) : Double.toString(number);
    }
}
