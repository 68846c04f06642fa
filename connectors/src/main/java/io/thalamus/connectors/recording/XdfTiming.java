/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.util.List;

/** What the time stamps of a stream tell while they are gone through. */
final class XdfTiming {
    /** How far a measured rate may lie from the header's before the header is not believed. */
    private static final double RATE_TOLERANCE = 0.1;

    /** How many intervals it takes to measure a rate: jitter is no matter in so many. */
    private static final long MEASURABLE = XdfStretches.BREAK_SAMPLES;

    private final XdfHeader header;
    private final XdfStamps stamps;
    private final XdfStretches stretches;

    /** Of a regular stream, known once it is finished. */
    private double earliest = Double.POSITIVE_INFINITY;

    private double latest = Double.NEGATIVE_INFINITY;

    XdfTiming(XdfHeader header, XdfClock clock) {
        this.header = header;
        this.stamps = new XdfStamps(clock, header.period());
        this.stretches = new XdfStretches(header.period());
    }

    /** Takes the next time stamp; true if something is kept of it. */
    boolean add(double time) {
        if (header.isRegular()) {
            return stretches.add(time);
        }
        earliest = Math.min(earliest, time);
        latest = Math.max(latest, time);
        return false;
    }

    /** Ends the last stretch, when there are no more time stamps. */
    void finish() {
        for (XdfStretch stretch : stretches.stretches()) {
            earliest = Math.min(earliest, stretch.time());
            latest = Math.max(latest, stretch.lastTime());
        }
    }

    XdfHeader header() {
        return header;
    }

    XdfStamps stamps() {
        return stamps;
    }

    List<XdfStretch> stretches() {
        return stretches.stretches();
    }

    /** The time of the earliest sample; infinite if there is none. */
    double earliest() {
        return earliest;
    }

    /** The time of the latest sample. */
    double latest() {
        return latest;
    }

    /** The rate that frames have, as {@link XdfFormat} says. */
    SampleRate rate() {
        return header.isRegular() ? regularRate() : meanRate();
    }

    private SampleRate regularRate() {
        long intervals = 0;
        double seconds = 0;
        for (XdfStretch stretch : stretches.stretches()) {
            intervals += stretch.length() - 1;
            seconds += (stretch.length() - 1) * stretch.period();
        }
        double measured = intervals / seconds;
        boolean believed =
                intervals < MEASURABLE
                        || Math.abs(measured - header.nominal())
                                <= RATE_TOLERANCE * header.nominal();
        return believed ? header.rate() : rounded(measured);
    }

    private SampleRate meanRate() {
        return stamps.count() > 1 && latest > earliest
                ? rounded((stamps.count() - 1) / (latest - earliest))
                : SampleRate.ofHertz(1);
    }

    /** To a thousandth of a hertz, the slowest rate; the fastest is that of a header too. */
    private static SampleRate rounded(double hertz) {
        double thousandths = Math.rint(Math.min(hertz, XdfHeader.FASTEST) * 1000);
        return new SampleRate((long) Math.max(1, thousandths), 1000);
    }
}
