/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/** The limit of what a sampled signal can hold: half its rate. */
final class Nyquist {
    private Nyquist() {}

    /**
     * Refuses a frequency that no signal of the rate has.
     *
     * @param what what has the frequency, such as {@code "notch: the frequency"}
     */
    static void check(String what, double hertz, SampleRate rate) {
        if (!isBelow(hertz, rate)) {
            throw new InvalidInputException(
                    "%s is %s Hz; at a sample rate of %s it must be below %s Hz"
                            .formatted(what, hertz, rate, rate.hertz() / 2));
        }
    }

    static boolean isBelow(double hertz, SampleRate rate) {
        return 2 * hertz < rate.hertz();
    }
}
