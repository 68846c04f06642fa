/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks at the samples themselves, as they come from the sensor: values that are missing (NaN) or
 * infinite, a sensor at the end of its range (saturation, clipping), and a channel that no longer
 * changes (flat line: a loose electrode, a stuck sensor). What an infinite value was is not known:
 * it becomes a missing one.
 *
 * <p>A value is judged by itself and those before it, without latency: the first values of a run,
 * until it is long enough, are not known to be one. So the counts do not depend on how a segment
 * was cut into frames. A value that is saturated is not counted as flat, however long it stays.
 *
 * <p>A channel that stays flat, saturated or missing for the length of a flat line has failed,
 * which is told of when that is known, and again when it is over, or when its samples end.
 *
 * @param saturation what counts as saturated; null if nothing does
 * @param flatLine what counts as flat; null if nothing does
 * @param switches channels that are two levels by their nature, and never saturated or flat
 */
public record SampleChecks(Saturation saturation, FlatLine flatLine, Set<String> switches)
        implements Serializable {

    /** Looks for missing and infinite values alone. */
    public static final SampleChecks FINITE = new SampleChecks(null, null);

    public SampleChecks {
        switches = Set.copyOf(switches);
    }

    /** Of streams without switches. */
    public SampleChecks(Saturation saturation, FlatLine flatLine) {
        this(saturation, flatLine, Set.of());
    }

    /** No run becomes that long. */
    private static final int NEVER = Integer.MAX_VALUE;

    /**
     * The end of a sensor's range.
     *
     * @param low the lowest value that it gives, in the data's unit; negative infinity for none
     * @param high the highest
     * @param samples how many values in a row at or beyond a limit are a saturation, at least 1
     * @param remove whether they become missing values
     */
    public record Saturation(double low, double high, int samples, boolean remove)
            implements Serializable {

        public Saturation {
            if (!(low < high)) {
                throw new InvalidInputException(
                        "saturation: low is %s and high is %s; give a low below the high"
                                .formatted(low, high));
            }
            if (Double.isInfinite(low) && Double.isInfinite(high)) {
                throw new InvalidInputException("saturation has no limit; give low, high or both");
            }
            if (samples < 1) {
                throw new InvalidInputException(
                        "saturation: samples is %d; give at least 1".formatted(samples));
            }
        }

        boolean reaches(float value) {
            return value <= low || value >= high;
        }
    }

    /**
     * A channel that has stopped changing.
     *
     * @param length for how long it must have stayed
     * @param tolerance how far a value may be from the first of the run, in the data's unit
     * @param remove whether the values from then on become missing ones
     */
    public record FlatLine(Span length, double tolerance, boolean remove) implements Serializable {

        public FlatLine {
            if (!(tolerance >= 0)) {
                throw new InvalidInputException(
                        "flat-line: tolerance is %s; give 0 or more".formatted(tolerance));
            }
        }

        int samplesAt(SampleRate rate) {
            return Math.max(length.samplesWithin(rate), 2);
        }
    }

    /** What becomes of a channel that fails. */
    public enum Failure {
        MISSING("is missing"),
        SATURATED("is at the end of its range"),
        FLAT("does not change");

        private final String words;

        Failure(String words) {
            this.words = words;
        }
    }

    /**
     * A channel that has failed, or that comes back.
     *
     * @param channel its name
     * @param failure what it does, or did
     * @param first the first sample of that, counted from the frame's first; negative for one of an
     *     earlier frame
     * @param samples for how long, so far or in all
     * @param stage whether it goes on
     */
    public record Remark(String channel, Failure failure, int first, int samples, Stage stage) {

        /** The remark in words. */
        public String text() {
            return "channel " + channel + " " + failure.words + stage.words;
        }
    }

    /** How far a failure is. */
    public enum Stage {
        GOES_ON(""),
        HAS_COME_BACK("; it has come back"),
        IS_CUT_OFF("; its samples end there");

        private final String words;

        Stage(String words) {
            this.words = words;
        }
    }

    /**
     * What was found in a frame; the counts are of values, each channel for itself.
     *
     * @param frame the frame, with its flags, and what is removed missing
     * @param missing values that came as NaN
     * @param infinite values that came infinite
     * @param saturated values that are saturated
     * @param flat values that are flat
     * @param remarks channels that have failed, and those that have come back, channel by channel
     */
    public record Finding(
            SignalFrame frame,
            long missing,
            long infinite,
            long saturated,
            long flat,
            List<Remark> remarks) {}

    /**
     * The channels that have failed where samples end, be it for good or for a gap.
     *
     * @param last the end of those samples: its channels, and the rate
     * @param runs what is known of them
     * @return remarks whose first samples are counted from behind the last one
     */
    public List<Remark> cutOff(StreamShape last, SampleRuns runs) {
        int failed = failedAfter(last.rate());
        List<Remark> remarks = new ArrayList<>();
        for (int channel = 0; channel < last.channels().size(); channel++) {
            int run = runs.length(channel);
            if (run >= failed) {
                remarks.add(
                        new Remark(
                                last.channels().get(channel),
                                runs.kind(channel),
                                -run,
                                run,
                                Stage.IS_CUT_OFF));
            }
        }
        return remarks;
    }

    private int failedAfter(SampleRate rate) {
        return flatLine == null ? NEVER : flatLine.samplesAt(rate);
    }

    /**
     * Looks at the next frame of a segment.
     *
     * @param runs what is known of the frames before; changed in place
     */
    public Finding check(SignalFrame frame, SampleRuns runs) {
        float[] samples = frame.samples();
        float[] kept = samples;
        int length = frame.length();
        int flatSamples = failedAfter(frame.rate());
        double tolerance = flatLine == null ? 0 : flatLine.tolerance();
        long missing = 0;
        long infinite = 0;
        long saturated = 0;
        long flat = 0;
        List<Remark> remarks = List.of();
        for (int channel = 0; channel < frame.channels().size(); channel++) {
            boolean isSignal = !switches.contains(frame.channels().get(channel));
            int before = runs.length(channel);
            Failure kind = runs.kind(channel);
            int end = (channel + 1) * length;
            for (int i = channel * length; i < end; i++) {
                float value = samples[i];
                boolean remove = false;
                int run = 0;
                if (Float.isNaN(value)) {
                    missing++;
                    run = runs.missing(channel);
                } else if (Float.isInfinite(value)) {
                    infinite++;
                    run = runs.missing(channel);
                    remove = true;
                } else if (!isSignal) {
                    runs.end(channel);
                } else if (saturation != null && saturation.reaches(value)) {
                    run = runs.saturated(channel);
                    if (run >= saturation.samples()) {
                        saturated++;
                        remove = saturation.remove();
                    }
                } else {
                    run = runs.flat(channel, value, tolerance);
                    if (run >= flatSamples) {
                        flat++;
                        remove = flatLine.remove();
                    }
                }
                boolean comesBack = run <= 1 && before >= flatSamples;
                if (comesBack || run == flatSamples) {
                    remarks = remarks.isEmpty() ? new ArrayList<>() : remarks;
                    String name = frame.channels().get(channel);
                    int at = i % length;
                    if (comesBack) {
                        remarks.add(
                                new Remark(name, kind, at - before, before, Stage.HAS_COME_BACK));
                    } else {
                        kind = runs.kind(channel);
                        remarks.add(new Remark(name, kind, at + 1 - run, run, Stage.GOES_ON));
                    }
                }
                before = run;
                if (remove) {
                    kept = kept == samples ? samples.clone() : kept;
                    kept[i] = Float.NaN;
                }
            }
        }
        int flags =
                frame.quality()
                        | (saturated > 0 ? Quality.SATURATED.bit() : 0)
                        | (flat > 0 ? Quality.FLAT.bit() : 0);
        return new Finding(
                frame.withSamples(kept, Quality.of(kept, flags)),
                missing,
                infinite,
                saturated,
                flat,
                remarks);
    }
}
