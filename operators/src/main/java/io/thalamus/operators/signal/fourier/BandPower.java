/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;

/**
 * How much power of each block of a {@link Stft} lies in each of some bands, as a mean square in
 * the square of the input's unit: the power density of {@link Welch}, summed over the band. A sine
 * of amplitude {@code a} has {@code a² / 2}, all of it in its band if the band reaches beyond the
 * main lobe of the taper on both sides; bands that have all frequencies add up to the mean of the
 * squares under the squared taper (Parseval's theorem). The mean of the signal is not taken away
 * first, and shows in the lowest frequencies.
 *
 * <p>Blocks, times, latency and missing values are those of the {@link Stft}. Each input channel,
 * such as {@code LA1}, gives a channel for each band, named as {@code LA1:alpha}.
 *
 * @param stft how the spectra are made
 * @param bands at least one, of different names; they may overlap
 */
public record BandPower(Stft stft, List<FrequencyBand> bands) implements SignalTransform {

    public BandPower {
        bands = List.copyOf(bands);
        List<String> names = names(bands);
        if (bands.isEmpty() || names.stream().distinct().count() < names.size()) {
            throw new InvalidInputException(
                    "band-power: the bands are %s; give at least one, and no name twice"
                            .formatted(names));
        }
    }

    private static List<String> names(List<FrequencyBand> bands) {
        return bands.stream().map(FrequencyBand::name).toList();
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        int[] first = new int[bands.size()];
        int[] end = new int[bands.size()];
        for (int b = 0; b < first.length; b++) {
            FrequencyBand band = bands.get(b);
            band.check(stft.length(), input.rate());
            first[b] = band.first(stft.length(), input.rate());
            end[b] = band.end(stft.length(), input.rate());
        }
        OneSidedPower power = OneSidedPower.share(stft.taper().periodic(stft.length()));
        return stft.analysis(
                input,
                names(bands),
                (re, im, to, at) -> {
                    for (int b = 0; b < first.length; b++) {
                        double sum = 0;
                        for (int bin = first[b]; bin < end[b]; bin++) {
                            sum += power.of(re, im, bin);
                        }
                        to[at + b] = sum;
                    }
                });
    }
}
