/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;

/**
 * The frequencies from one up to another, without the latter, so that neighbours share none; only
 * half the sample rate belongs to the band that ends there.
 *
 * @param name what the band is called, such as {@code alpha}
 * @param low in Hz, at least 0
 * @param high in Hz, above the low
 */
public record FrequencyBand(String name, double low, double high) implements Serializable {

    public FrequencyBand {
        if (!(low >= 0 && low < high) || Double.isInfinite(high)) {
            throw new InvalidInputException(
                    "band %s: it is from %s to %s Hz; give a lower frequency of at least 0, and a higher one"
                            .formatted(name, low, high));
        }
    }

    /**
     * Refuses a band that a stream of this rate does not have, or that none of the frequencies of
     * its blocks lies in.
     */
    void check(int length, SampleRate rate) {
        if (2 * high > rate.hertz()) {
            throw new InvalidInputException(
                    "band %s: it ends at %s Hz; at a sample rate of %s it must end at %s Hz or below"
                            .formatted(name, high, rate, rate.hertz() / 2));
        }
        if (first(length, rate) == end(length, rate)) {
            throw new InvalidInputException(
                    "band %s: none of the frequencies, which are %s Hz apart, lies in it; give a wider band or longer blocks"
                            .formatted(name, rate.hertz() / length));
        }
    }

    /** The first bin of a spectrum that lies in the band. */
    int first(int length, SampleRate rate) {
        return (int) Math.ceil(low * length / rate.hertz());
    }

    /** The bin behind the last one. */
    int end(int length, SampleRate rate) {
        return 2 * high == rate.hertz()
                ? length / 2 + 1
                : (int) Math.ceil(high * length / rate.hertz());
    }
}
