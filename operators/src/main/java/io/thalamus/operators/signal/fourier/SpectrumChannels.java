/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** The names of channels that carry spectra, or what was read off them. */
final class SpectrumChannels {
    private static final String FIRST = ":re0";

    private SpectrumChannels() {}

    /** What comes of some channels, one after the other: each gives all of the values. */
    static List<String> of(List<String> channels, List<String> values) {
        List<String> names = new ArrayList<>(channels.size() * values.size());
        for (String channel : channels) {
            for (String value : values) {
                names.add(channel + ":" + value);
            }
        }
        return names;
    }

    /** The values of a spectrum: real and imaginary part of each bin in turn. */
    static List<String> parts(int bins) {
        List<String> parts = new ArrayList<>(2 * bins);
        for (int bin = 0; bin < bins; bin++) {
            parts.add("re" + bin);
            parts.add("im" + bin);
        }
        return parts;
    }

    /**
     * The channels whose spectra these are.
     *
     * @throws InvalidInputException if they are no spectra of so many bins
     */
    static List<String> sources(List<String> names, int bins) {
        List<String> channels = new ArrayList<>();
        for (int i = 0; i < names.size(); i += 2 * bins) {
            String name = names.get(i);
            if (name.endsWith(FIRST)) {
                channels.add(name.substring(0, name.length() - FIRST.length()));
            }
        }
        List<String> wanted = of(channels, parts(bins));
        for (int i = 0; i < Math.max(names.size(), wanted.size()); i++) {
            String name = i < names.size() ? names.get(i) : "missing";
            String want = i < wanted.size() ? wanted.get(i) : "a name such as mic:re0";
            if (!name.equals(want)) {
                throw new InvalidInputException(
                        "istft: channel %d is %s where %s is due;".formatted(i + 1, name, want)
                                + " give the channels of an stft with %d bins, in their order"
                                        .formatted(bins));
            }
        }
        return channels;
    }
}
