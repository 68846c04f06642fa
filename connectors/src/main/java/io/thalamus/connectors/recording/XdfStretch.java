/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;

/**
 * An unbroken stretch of a regular stream, in which sample follows sample at a fixed interval.
 *
 * @param firstSample the number of its first sample, counted in the file
 * @param length samples
 * @param sequence the sequence number of its first sample: with samples counted that are missing
 *     before it
 * @param time of its first sample, in seconds by the recorder's clock
 * @param period the interval in seconds, as measured; positive
 */
record XdfStretch(long firstSample, long length, long sequence, double time, double period) {

    /** The time of a sample, counted in the file. */
    double timeOf(long sample) {
        return time + (sample - firstSample) * period;
    }

    long sequenceOf(long sample) {
        return sequence + (sample - firstSample);
    }

    long endSample() {
        return firstSample + length;
    }

    double lastTime() {
        return timeOf(endSample() - 1);
    }

    /**
     * How many samples from one on can lie at another rate before one is off by half an interval;
     * at least one, and no more than there are.
     */
    long samplesUntilStray(long sample, SampleRate rate) {
        double excess = Math.abs(period * rate.hertz() - 1);
        return Math.min(endSample() - sample, (long) Math.max(1, 0.5 / excess));
    }
}
