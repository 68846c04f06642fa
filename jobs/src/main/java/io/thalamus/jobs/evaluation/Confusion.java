/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which classes were taken for which.
 *
 * @param classes in the order of rows and columns
 * @param counts {@code counts[true][given]}: how many of a true class were given a class. Not to be
 *     modified
 */
public record Confusion(List<String> classes, long[][] counts) {

    /**
     * How well a class was recognised.
     *
     * @param support how many there were
     * @param precision the share of those given this class that are of it; 0 if none was given it
     * @param recall the share of those of this class that were given it; 0 if there were none
     * @param f1 the harmonic mean of the two; 0 if both are 0
     */
    public record ClassScore(long support, double precision, double recall, double f1) {}

    public Confusion {
        classes = List.copyOf(classes);
    }

    /** Nothing yet. */
    public static Confusion none(List<String> classes) {
        return new Confusion(classes, new long[classes.size()][classes.size()]);
    }

    /**
     * Counts one.
     *
     * @throws IllegalArgumentException if one of the two is no class
     */
    public void add(String truth, String given) {
        counts[index(truth)][index(given)]++;
    }

    private int index(String name) {
        int index = classes.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "'%s' is none of the classes %s".formatted(name, classes));
        }
        return index;
    }

    /** How many were compared. */
    public long total() {
        long total = 0;
        for (int row = 0; row < counts.length; row++) {
            total += row(row);
        }
        return total;
    }

    /** The share that was given the true class; NaN of nothing. */
    public double accuracy() {
        long right = 0;
        for (int c = 0; c < counts.length; c++) {
            right += counts[c][c];
        }
        return (double) right / total();
    }

    /**
     * The mean of the F1 of the classes that there were, or that were given: each counts the same,
     * however rare. NaN of nothing.
     */
    public double macroF1() {
        return scores().values().stream().mapToDouble(ClassScore::f1).average().orElse(Double.NaN);
    }

    /** By class; one that neither occurred nor was given has no score. */
    public Map<String, ClassScore> scores() {
        Map<String, ClassScore> scores = new LinkedHashMap<>();
        for (int c = 0; c < counts.length; c++) {
            long support = row(c);
            long given = column(c);
            if (support + given > 0) {
                scores.put(
                        classes.get(c),
                        new ClassScore(
                                support,
                                share(counts[c][c], given),
                                share(counts[c][c], support),
                                share(2 * counts[c][c], support + given)));
            }
        }
        return scores;
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private long row(int row) {
        long sum = 0;
        for (long count : counts[row]) {
            sum += count;
        }
        return sum;
    }

    private long column(int column) {
        long sum = 0;
        for (long[] row : counts) {
            sum += row[column];
        }
        return sum;
    }
}
