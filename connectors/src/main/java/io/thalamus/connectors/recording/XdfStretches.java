/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the jitter out of the time stamps of a regular stream: divides them into unbroken stretches
 * and lays a line of least squares over the sample numbers of each. It keeps sums, not stamps.
 *
 * <p>As in the reference importer of the format ({@code load_xdf} of pyxdf, with its defaults), a
 * stretch ends where a time stamp lies more than {@value #BREAK_SECONDS} s and more than {@value
 * #BREAK_SAMPLES} nominal intervals from the one before it; smaller holes are taken for jitter. Two
 * things differ: a stretch of one sample has the nominal interval; and so has one whose line does
 * not rise, which happens to a few samples with much jitter, through the mean of its times.
 *
 * <p>As many samples are missing before a stretch as nominal intervals fit into the hole, less one;
 * none if the time goes back.
 */
final class XdfStretches {
    static final double BREAK_SECONDS = 1;
    static final int BREAK_SAMPLES = 500;

    /** Missing samples that one hole counts for at most, so that no number overflows. */
    private static final double MOST_MISSING = 1L << 40;

    private final double nominal;
    private final double longestStep;
    private final List<XdfStretch> finished = new ArrayList<>();

    /** The stretch that is not finished: its first stamp, samples, and sums over them. */
    private long firstSample;

    private double origin;
    private long length;
    private double previous;

    /** Of what the stamps differ by from a line of the nominal interval: small numbers. */
    private double sum;

    private double sumOfProducts;

    /**
     * @param nominal the nominal interval between samples, in seconds
     */
    XdfStretches(double nominal) {
        this.nominal = nominal;
        this.longestStep = Math.max(BREAK_SECONDS, BREAK_SAMPLES * nominal);
    }

    /** Takes the next time stamp; true if it begins a stretch. */
    boolean add(double time) {
        boolean begins = length == 0 || Math.abs(time - previous) > longestStep;
        if (begins) {
            finish();
            origin = time;
        }
        double difference = time - origin - length * nominal;
        sum += difference;
        sumOfProducts += length * difference;
        length++;
        previous = time;
        return begins;
    }

    private void finish() {
        if (length == 0) {
            return;
        }
        double count = length;
        double middle = (count - 1) / 2;
        double mean = sum / count;
        double period = nominal;
        double time = origin + mean;
        if (length > 1) {
            double squares = count * (count * count - 1) / 12;
            double excess = (sumOfProducts - middle * sum) / squares;
            if (nominal + excess > 0) {
                period += excess;
                time -= excess * middle;
            }
        }
        finished.add(new XdfStretch(firstSample, length, sequenceAt(time), time, period));
        firstSample += length;
        length = 0;
        sum = 0;
        sumOfProducts = 0;
    }

    private long sequenceAt(double time) {
        if (finished.isEmpty()) {
            return 0;
        }
        XdfStretch last = finished.get(finished.size() - 1);
        double missing = Math.rint((time - last.lastTime()) / nominal) - 1;
        return last.sequenceOf(last.endSample())
                + (long) Math.max(0, Math.min(missing, MOST_MISSING));
    }

    /** All stretches, when there are no more stamps. */
    List<XdfStretch> stretches() {
        finish();
        return finished;
    }
}
