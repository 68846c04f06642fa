/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.SampleRate;
import java.util.List;

/** A made-up signal as a converter of 16 bits gives it: evenly sampled, in whole steps. */
public interface SignalSimulator {

    List<String> channels();

    SampleRate rate();

    /** One step of the converter is {@code 10^-decimals} of the signal's unit. */
    int decimals();

    /** The whole signal in steps, {@code [channel][sample]}. */
    short[][] steps();

    /** What the converter makes of a value: the nearest step, or the end of its range. */
    static short convert(double steps) {
        return (short) Math.max(-Short.MAX_VALUE, Math.min(Short.MAX_VALUE, Math.round(steps)));
    }

    /**
     * How many samples a signal of some length has.
     *
     * @throws IllegalArgumentException if it has none, or too many for one recording
     */
    static int samples(SampleRate rate, double seconds) {
        double samples = seconds * rate.hertz();
        if (!(samples >= 1 && samples <= 100_000_000)) {
            throw new IllegalArgumentException(
                    "a recording has 1 to 100,000,000 samples: at "
                            + rate
                            + ", "
                            + seconds
                            + " seconds are not that");
        }
        return (int) samples;
    }
}
