/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.Serializable;

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
 * @param saturation what counts as saturated; null if nothing does
 * @param flatLine what counts as flat; null if nothing does
 */
public record SampleChecks(Saturation saturation, FlatLine flatLine) implements Serializable {

    /** Looks for missing and infinite values alone. */
    public static final SampleChecks FINITE = new SampleChecks(null, null);

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

    /**
     * What was found in a frame; the counts are of values, each channel for itself.
     *
     * @param frame the frame, with its flags, and what is removed missing
     * @param missing values that came as NaN
     * @param infinite values that came infinite
     * @param saturated values that are saturated
     * @param flat values that are flat
     */
    public record Finding(
            SignalFrame frame, long missing, long infinite, long saturated, long flat) {}

    /**
     * Looks at the next frame of a segment.
     *
     * @param runs what is known of the frames before; changed in place
     */
    public Finding check(SignalFrame frame, SampleRuns runs) {
        float[] samples = frame.samples();
        float[] kept = samples;
        int length = frame.length();
        int flatSamples = flatLine == null ? NEVER : flatLine.samplesAt(frame.rate());
        double tolerance = flatLine == null ? 0 : flatLine.tolerance();
        long missing = 0;
        long infinite = 0;
        long saturated = 0;
        long flat = 0;
        for (int channel = 0; channel < frame.channels().size(); channel++) {
            int end = (channel + 1) * length;
            for (int i = channel * length; i < end; i++) {
                float value = samples[i];
                boolean remove = false;
                if (Float.isNaN(value)) {
                    missing++;
                    runs.end(channel);
                } else if (Float.isInfinite(value)) {
                    infinite++;
                    runs.end(channel);
                    remove = true;
                } else if (saturation != null && saturation.reaches(value)) {
                    if (runs.saturated(channel) >= saturation.samples()) {
                        saturated++;
                        remove = saturation.remove();
                    }
                } else if (runs.flat(channel, value, tolerance) >= flatSamples) {
                    flat++;
                    remove = flatLine.remove();
                }
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
                flat);
    }
}
