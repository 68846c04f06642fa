/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the clock of a stream's source goes beside the recorder's: the offsets that were measured
 * between them now and then, as lines over the source's time. All times in seconds.
 *
 * <p>After the reference importer of the format ({@code load_xdf} of pyxdf): a robust line through
 * the offsets, residuals over {@value #THRESHOLD} s counting by their absolute value, so that a
 * measurement delayed by the network hardly counts; and a line of its own for each range of
 * measurements between resets of the source's clock, as when a computer is started again during the
 * recording. A clock was reset where the time of measurement goes back, or where both it and the
 * offset jump unlike all others. The line is the exact minimum, where the importer stops after a
 * fixed number of steps towards it.
 */
final class XdfClock {
    static final double THRESHOLD = 1e-4;

    private static final double TIME_DEVIATIONS = 5;
    private static final double TIME_SECONDS = 5;
    private static final double OFFSET_DEVIATIONS = 10;
    private static final double OFFSET_SECONDS = 1;

    private final List<Range> ranges;

    /** The offsets between two resets: when the first and the last was measured, and their line. */
    private record Range(double first, double last, XdfLine offsets) {}

    private XdfClock(List<Range> ranges) {
        this.ranges = ranges;
    }

    /**
     * The clock of which these offsets are known, in the order of the file; if none, it is the
     * recorder's own.
     *
     * @param times when they were measured, by the source's clock
     * @param offsets what is to be added to the source's time to have the recorder's
     */
    static XdfClock of(double[] times, double[] offsets) {
        List<Range> ranges = new ArrayList<>();
        boolean[] resets = resets(times, offsets);
        int from = 0;
        for (int to = 1; to <= times.length; to++) {
            if (to == times.length || resets[to - 1]) {
                XdfLine line = XdfLine.robust(times, offsets, from, to, THRESHOLD);
                ranges.add(new Range(times[from], times[to - 1], line));
                from = to;
            }
        }
        return new XdfClock(List.copyOf(ranges));
    }

    /** Between which measurements, number i and i + 1, the clock was reset. */
    private static boolean[] resets(double[] times, double[] offsets) {
        if (times.length < 2) {
            return new boolean[0];
        }
        double[] steps = differences(times);
        boolean[] resets = outliers(steps, TIME_DEVIATIONS, TIME_SECONDS);
        boolean[] jumps = outliers(differences(offsets), OFFSET_DEVIATIONS, OFFSET_SECONDS);
        for (int i = 0; i < resets.length; i++) {
            resets[i] = steps[i] < 0 || resets[i] && jumps[i];
        }
        return resets;
    }

    private static double[] differences(double[] values) {
        double[] differences = new double[values.length - 1];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = values[i + 1] - values[i];
        }
        return differences;
    }

    /**
     * Which values lie further from the median than so many times the median of such distances, and
     * than so many seconds.
     */
    private static boolean[] outliers(double[] values, double deviations, double seconds) {
        double median = median(values);
        double[] distances = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            distances[i] = Math.abs(values[i] - median);
        }
        double deviation = median(distances) + Math.ulp(1.0);
        boolean[] outliers = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            outliers[i] = distances[i] / deviation > deviations && distances[i] > seconds;
        }
        return outliers;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The range that a time stamp belongs to, if the stamp before it belongs to {@code range}: the
     * first stamp that lies no nearer to the last measurement of a range than to the first one of
     * the next begins that.
     */
    int rangeOf(double stamp, int range) {
        int at = range;
        while (at + 1 < ranges.size()
                && Math.abs(stamp - ranges.get(at).last())
                        >= Math.abs(stamp - ranges.get(at + 1).first())) {
            at++;
        }
        return at;
    }

    /** A time stamp by the recorder's clock. */
    double toRecorder(double stamp, int range) {
        return ranges.isEmpty() ? stamp : stamp + ranges.get(range).offsets().at(stamp);
    }
}
