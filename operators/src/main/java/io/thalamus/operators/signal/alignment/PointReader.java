/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import io.thalamus.operators.signal.RateRatio;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.rate.SincInterpolator;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;

/**
 * Reads runs of one sample rate at the points of the common clock, with a {@link SincInterpolator}.
 * A run has the points from its first sample to its last; before and after it there are zeros.
 * Samples that lie on the points, at their rate, come out as they are.
 *
 * <p>A value that is missing, or infinite, stays missing: the points between the samples before and
 * after it have none, and all others are read as if the channel had held its last finite value.
 *
 * <p>Used by one thread at a time.
 */
final class PointReader {
    private static final double SECOND = 1e9;

    private final SampleRate rate;
    private final SampleRate clock;
    private final RateRatio ratio;
    private final SincInterpolator interpolator;

    private float[] values = new float[0];
    private int[] flags = new int[0];

    /**
     * @param rate of the runs
     * @param clock of the points
     * @throws io.thalamus.schemas.InvalidInputException if the clock is slower by more than can be
     *     interpolated
     * @throws ArithmeticException if the ratio of the two is beyond 64 bits
     */
    PointReader(SampleRate rate, SampleRate clock) {
        this.rate = rate;
        this.clock = clock;
        this.ratio = RateRatio.of(rate, clock);
        this.interpolator = new SincInterpolator((double) ratio.outputs() / ratio.inputs());
    }

    /** A run that begins with a frame, of which nothing is taken yet. */
    Run before(SignalFrame frame, int number) {
        long first = clock.samplesBefore(frame.startNanos());
        double after = (clock.nanosOf(first) - frame.startNanos()) * rate.hertz() / SECOND;
        long whole = (long) after;
        return Run.before(frame, number, first, new Position(whole, 0, after - whole));
    }

    /** Reads the points that the samples seen suffice for. */
    Run read(Run run) {
        return read(run, false);
    }

    /** Reads the rest of the points, now that no further sample comes. */
    Run finish(Run run) {
        return read(run, true);
    }

    private Run read(Run run, boolean ends) {
        Points samples = run.samples();
        int channels = run.shape().channels().size();
        double offset = run.position().offset();
        boolean onSamples = ratio.inputs() == ratio.outputs() && offset == 0;
        int reach = onSamples ? 0 : interpolator.halfWidth();
        SampleBlock filled = filled(run);
        double[] value = new double[channels];
        long sample = run.position().sample();
        long rest = run.position().rest();
        int count = 0;
        long at;
        while (true) {
            double fraction = (double) rest / ratio.outputs() + offset;
            at = fraction < 1 ? sample : sample + 1;
            fraction -= at - sample;
            int between = fraction > 0 ? 1 : 0;
            if (at + (ends ? between : reach) >= samples.end()) {
                break;
            }
            makeRoom(count + 1, channels);
            int index = (int) (at - samples.first());
            if (onSamples) {
                System.arraycopy(filled.values(), index * channels, value, 0, channels);
            } else {
                interpolator.interpolate(filled, index, fraction, value, 0);
            }
            give(samples, index, index + between, value, count++);
            sample += ratio.inputs() / ratio.outputs();
            rest += ratio.inputs() % ratio.outputs();
            if (rest >= ratio.outputs()) {
                rest -= ratio.outputs();
                sample++;
            }
        }
        long needed = Math.min(onSamples ? at : at - reach + 1, samples.end());
        int passed = (int) Math.max(needed - samples.first(), 0);
        return run.and(
                new Points(
                        run.nextPoint(),
                        Arrays.copyOf(values, count * channels),
                        Arrays.copyOf(flags, count)),
                ends ? Points.none(samples.end()) : samples.from(needed),
                heldAfter(run, filled, passed),
                new Position(sample, rest, offset),
                !ends);
    }

    /** The samples, with the channel's last finite value in place of those missing. */
    private static SampleBlock filled(Run run) {
        int channels = run.held().length;
        float[] seen = run.samples().values();
        SampleBlock filled = new SampleBlock(channels);
        filled.extend(run.samples().flags().length);
        double[] out = filled.values();
        for (int i = 0; i < seen.length; i++) {
            double last = i < channels ? run.held()[i] : out[i - channels];
            out[i] = Float.isFinite(seen[i]) ? seen[i] : last;
        }
        return filled;
    }

    private static float[] heldAfter(Run run, SampleBlock filled, int passed) {
        if (passed == 0) {
            return run.held();
        }
        float[] held = new float[filled.channels()];
        for (int channel = 0; channel < held.length; channel++) {
            held[channel] = (float) filled.value(channel, passed - 1);
        }
        return held;
    }

    /** Takes a point's value down, missing where one of the samples beside it is. */
    private void give(Points samples, int before, int after, double[] value, int point) {
        int channels = value.length;
        for (int channel = 0; channel < channels; channel++) {
            boolean there =
                    Float.isFinite(samples.values()[before * channels + channel])
                            && Float.isFinite(samples.values()[after * channels + channel]);
            values[point * channels + channel] = there ? (float) value[channel] : Float.NaN;
        }
        flags[point] = samples.flags()[before] | samples.flags()[after];
    }

    private void makeRoom(int points, int channels) {
        if (points * channels > values.length) {
            values = Arrays.copyOf(values, Math.max(points * channels, 2 * values.length));
        }
        if (points > flags.length) {
            flags = Arrays.copyOf(flags, Math.max(points, 2 * flags.length));
        }
    }
}
