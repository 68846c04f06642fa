/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts readings that came at any times onto a grid of equal steps. The points of the grid are the
 * multiples of the period since the epoch, whatever the first reading's time, so that all streams
 * of a rate have theirs at the same times. Units stay.
 *
 * <p>A segment has the points from its first reading to its last; where two readings lie further
 * apart than the limit, the next segment begins, and nothing is invented in between. Each channel
 * goes by its own readings: a value that is missing, or infinite, is passed over, and what would
 * bridge more than the limit, or lies before the channel's first value or after its last, is
 * missing.
 *
 * <p>Latency: none with {@link Method#PREVIOUS}; with {@link Method#LINEAR}, up to the channels'
 * next values, and at most the limit.
 *
 * @param rate how many points there are a second
 * @param method what a point's value is
 * @param limit the longest stretch without a reading that is bridged
 */
public record Grid(SampleRate rate, Method method, Duration limit) implements Serializable {
    /** Most points that may have to be kept until a channel's next value. */
    private static final long MOST_POINTS = 1 << 16;

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** What a point's value is; where a reading lies on the point itself, that reading's. */
    public enum Method {
        /** The last reading's value. */
        PREVIOUS,
        /** The value on the straight line between the readings before and after. */
        LINEAR
    }

    public Grid {
        if (limit.isNegative() || limit.isZero() || limit.compareTo(LONGEST) > 0) {
            throw new InvalidInputException(
                    "grid: limit is %s; give a time above 0 and of at most a century"
                            .formatted(limit));
        }
        if (limit.toNanos() / 1e9 * rate.hertz() > MOST_POINTS) {
            throw new InvalidInputException(
                    "grid: %s at %s are more than %d points; give a shorter limit or a lower rate"
                            .formatted(limit, rate, MOST_POINTS));
        }
    }

    /**
     * A stretch of points.
     *
     * @param startNanos the time of the first, in nanoseconds since the epoch
     * @param samples {@code samples[channel][n]}
     */
    public record Stretch(long startNanos, double[][] samples) {}

    /**
     * The whole of a series.
     *
     * @param nanos the readings' times, in nanoseconds since the epoch; each later than the one
     *     before
     * @param values {@code values[channel][reading]}; NaN is a missing one
     * @return each segment that has a point
     * @throws InvalidInputException if a time is not later than the one before
     */
    public List<Stretch> regularise(long[] nanos, double[][] values) {
        List<Stretch> segments = new ArrayList<>();
        if (nanos.length == 0) {
            return segments;
        }
        double[] reading = new double[values.length];
        SampleBlock out = new SampleBlock(values.length);
        GridState state = before(nanos[0], values.length);
        for (int i = 0; i < nanos.length; i++) {
            for (int channel = 0; channel < values.length; channel++) {
                reading[channel] = values[channel][i];
            }
            if (i > 0 && nanos[i] <= nanos[i - 1]) {
                throw new InvalidInputException(
                        "grid: reading %d is not later than the one before; give them in the order"
                                        .formatted(i + 1)
                                + " of their times, each once");
            }
            if (!follows(nanos[i], state)) {
                finish(state, out);
                addTo(segments, state, out);
                state = before(nanos[i], values.length);
            }
            state = take(nanos[i], reading, state, out);
        }
        finish(state, out);
        addTo(segments, state, out);
        return segments;
    }

    private static void addTo(List<Stretch> segments, GridState state, SampleBlock out) {
        if (out.length() > 0) {
            segments.add(new Stretch(state.startNanos(), out.toArrays()));
            out.clear();
        }
    }

    /**
     * The state before the first reading of a segment.
     *
     * @param nanos that reading's time, in nanoseconds since the epoch
     * @throws ArithmeticException if there is no point from then on that a long can time
     */
    public GridState before(long nanos, int channels) {
        long first = rate.samplesBefore(nanos);
        double[] none = new double[channels];
        Arrays.fill(none, Double.NaN);
        return new GridState(
                first,
                rate.nanosOf(first),
                0,
                Math.subtractExact(nanos, 1),
                new long[channels],
                none,
                new double[0]);
    }

    /**
     * Whether a reading belongs to the segment: if it is later than the last by no more than the
     * limit, and within 146 years of the segment's start.
     */
    public boolean follows(long nanos, GridState state) {
        // A difference that no long can hold comes out negative.
        long since = nanos - state.lastNanos();
        return since > 0
                && since <= limit.toNanos()
                && (nanos <= state.startNanos() || isWithinReach(nanos - state.startNanos()));
    }

    private static boolean isWithinReach(long since) {
        return since >= 0 && since <= Long.MAX_VALUE / 2;
    }

    /**
     * Takes the next reading of the segment, and appends the points that are then known.
     *
     * @param nanos its time, in nanoseconds since the epoch
     * @param reading the channels' values; NaN is a missing one
     * @return the state after the reading
     */
    public GridState take(long nanos, double[] reading, GridState before, SampleBlock out) {
        int channels = reading.length;
        int end = (int) (pointsUpTo(nanos, before) - before.given());
        double[] points = new double[end * channels];
        Arrays.fill(points, Double.NaN);
        System.arraycopy(before.pending(), 0, points, 0, before.pending().length);
        long[] times = before.valueNanos().clone();
        double[] values = before.values().clone();
        int known = end;
        for (int channel = 0; channel < channels; channel++) {
            double value = Double.isFinite(reading[channel]) ? reading[channel] : Double.NaN;
            long from = pointsUpTo(settled(channel, before), before);
            for (int n = (int) (from - before.given()); n < end; n++) {
                points[n * channels + channel] =
                        valueAt(
                                before.timeOf(before.given() + n, rate),
                                times[channel],
                                values[channel],
                                nanos,
                                value);
            }
            if (!Double.isNaN(value)) {
                times[channel] = nanos;
                values[channel] = value;
            }
        }
        GridState after =
                new GridState(
                        before.first(),
                        before.startNanos(),
                        before.given(),
                        nanos,
                        times,
                        values,
                        points);
        for (int channel = 0; channel < channels; channel++) {
            long settled = pointsUpTo(settled(channel, after), after) - after.given();
            known = (int) Math.min(known, settled);
        }
        give(points, known * channels, out);
        return after.given(
                before.given() + known,
                Arrays.copyOfRange(points, known * channels, points.length));
    }

    /** Appends the points up to the segment's last reading that wait for a value: as missing. */
    public void finish(GridState state, SampleBlock out) {
        give(state.pending(), state.pending().length, out);
    }

    private static void give(double[] points, int count, SampleBlock out) {
        int at = out.extend(count / out.channels());
        System.arraycopy(points, 0, out.values(), at, count);
    }

    /** Up to which time a channel's points are decided. */
    private long settled(int channel, GridState state) {
        boolean waits =
                method == Method.LINEAR
                        && !Double.isNaN(state.values()[channel])
                        && state.lastNanos() - state.valueNanos()[channel] <= limit.toNanos();
        return waits ? state.valueNanos()[channel] : state.lastNanos();
    }

    private double valueAt(long point, long lastNanos, double last, long nextNanos, double next) {
        if (point == nextNanos && !Double.isNaN(next)) {
            return next;
        }
        long bridged = (method == Method.LINEAR ? nextNanos : point) - lastNanos;
        if (Double.isNaN(last) || bridged > limit.toNanos()) {
            return Double.NaN;
        }
        if (method == Method.PREVIOUS) {
            return last;
        }
        // Without a next value it is NaN, until one comes.
        return last + (next - last) * ((double) (point - lastNanos) / bridged);
    }

    /** How many of the segment's points are not later than a time. */
    private long pointsUpTo(long nanos, GridState state) {
        if (nanos < state.startNanos()) {
            return 0;
        }
        long since = nanos - state.startNanos();
        long nearest = rate.samplesIn(since);
        return rate.nanosOf(nearest) > since ? nearest : nearest + 1;
    }
}
