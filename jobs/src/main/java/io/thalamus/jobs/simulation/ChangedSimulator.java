/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.SampleRate;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * A signal whose recording becomes another: {@code y = g x + e} with the gain {@code g} and the
 * noise {@code e} of a {@link Change}, in the converter's steps.
 *
 * @param signal what is recorded
 * @param seed of what chance decides
 * @param change what becomes of the recording
 */
public record ChangedSimulator(SignalSimulator signal, long seed, Change change)
        implements SignalSimulator {

    /** What becomes of a recording; the first two from 15 % of it on. */
    public enum Change {
        /** An amplifier is turned down: {@code g} = 0.35. */
        QUIET,
        /** One gets loud itself: {@code e} is white, of a deviation of 12 of the signal's units. */
        NOISE,
        /**
         * Each channel's gain goes its own way, {@code g = exp(0.8 sin(2 pi t / T))}, from 0.45 to
         * 2.23; {@code T} is drawn from 10 to 20 minutes, and its sign too.
         */
        CONTACTS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The share of the recording that is as ever. */
    public static final double BEFORE = 0.15;

    private static final double QUIET_GAIN = 0.35;
    private static final double NOISE_UNITS = 12;
    private static final double LARGEST_LOG_GAIN = 0.8;
    private static final double SHORTEST_SECONDS = 600;

    @Override
    public List<String> channels() {
        return signal.channels();
    }

    @Override
    public SampleRate rate() {
        return signal.rate();
    }

    @Override
    public int decimals() {
        return signal.decimals();
    }

    @Override
    public short[][] steps() {
        short[][] steps = signal.steps();
        Noise noise = new Noise(seed).branch(-2);
        for (int channel = 0; channel < steps.length; channel++) {
            change(steps[channel], noise.branch(channel));
        }
        return steps;
    }

    private void change(short[] channel, Noise noise) {
        IntToDoubleFunction gain = gain(noise);
        double deviation =
                change == Change.NOISE ? NOISE_UNITS * StrictMath.pow(10, decimals()) : 0;
        int first = change == Change.CONTACTS ? 0 : (int) (BEFORE * channel.length);
        for (int n = first; n < channel.length; n++) {
            double added = deviation == 0 ? 0 : deviation * noise.normal();
            channel[n] = SignalSimulator.convert(gain.applyAsDouble(n) * channel[n] + added);
        }
    }

    /** By the sample's number. */
    private IntToDoubleFunction gain(Noise noise) {
        return switch (change) {
            case QUIET -> n -> QUIET_GAIN;
            case NOISE -> n -> 1;
            case CONTACTS -> {
                double samples = SHORTEST_SECONDS * (1 + noise.uniform()) * rate().hertz();
                double step = (noise.uniform() < 0.5 ? -2 : 2) * StrictMath.PI / samples;
                yield n -> StrictMath.exp(LARGEST_LOG_GAIN * StrictMath.sin(step * n));
            }
        };
    }
}
