/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

/**
 * The time stamps of a stream, one after the other: those that the file leaves out are deduced, and
 * all are put on the recorder's clock. In seconds.
 */
final class XdfStamps {

    /** 68 years to either side: what a time stamp may be, be it since the start or the epoch. */
    private static final double FARTHEST = 1L << 31;

    private final XdfClock clock;
    private final double period;

    /** The last stamp by the stream's own clock; NaN before the first. */
    private double last = Double.NaN;

    private int range;
    private long count;

    /**
     * @param period from one sample to the next where the file leaves out the stamp; 0 of an
     *     irregular stream
     */
    XdfStamps(XdfClock clock, double period) {
        this.clock = clock;
        this.period = period;
    }

    /** Those of the same stream, before the first. */
    XdfStamps fromStart() {
        return new XdfStamps(clock, period);
    }

    XdfStamps copy() {
        XdfStamps copy = fromStart();
        copy.last = last;
        copy.range = range;
        copy.count = count;
        return copy;
    }

    /** Whether a number of seconds can be a time here. */
    static boolean isTime(double seconds) {
        return Math.abs(seconds) <= FARTHEST;
    }

    /** The time of the next sample, whose stamp is left out; NaN if it can have none. */
    double next() {
        return next(last + period);
    }

    /** The time of the next sample by the recorder's clock; NaN if the stamp can be none. */
    double next(double stamp) {
        if (!isTime(stamp)) {
            return Double.NaN;
        }
        int newRange = clock.rangeOf(stamp, range);
        double time = clock.toRecorder(stamp, newRange);
        if (!isTime(time)) {
            return Double.NaN;
        }
        last = stamp;
        range = newRange;
        count++;
        return time;
    }

    /** Samples so far. */
    long count() {
        return count;
    }
}
