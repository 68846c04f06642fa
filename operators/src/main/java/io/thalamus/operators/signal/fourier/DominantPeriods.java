/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The strongest frequencies of an amplitude spectrum, and the periods they stand for, as TimesNet
 * picks them (Wu et al., "TimesNet: Temporal 2D-Variation Modeling for General Time Series
 * Analysis", ICLR 2023, section 3.1): of blocks under no taper, without the mean.
 *
 * <p>Along a stream, its output is one of {@code rate / hop}, whose sample {@code m} describes the
 * block {@code [m * hop, m * hop + length)}. Each input channel, such as {@code load}, gives {@code
 * count} channels, named {@code load:period0}, {@code load:period1} ... from the strongest on:
 * whole input samples, {@code length / bin} rounded down. Latency: {@code length - 1} samples. Of a
 * block in which a value is missing or infinite they are missing, in that channel.
 *
 * @param length samples of a block, at least 2
 * @param hop samples from a block to the next, at least 1; it may exceed the length
 * @param count how many periods are told, from 1 to half the length
 */
public record DominantPeriods(int length, int hop, int count) implements SignalTransform {

    public DominantPeriods {
        new Stft(length, hop, StandardTaper.BOXCAR, false);
        if (count < 1 || count > length / 2) {
            throw new InvalidInputException(
                    "dominant-periods: count is %d; give a number from 1 to half the length, %d"
                            .formatted(count, length / 2));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        Stft stft = new Stft(length, hop, StandardTaper.BOXCAR, false);
        List<String> names = IntStream.range(0, count).mapToObj(i -> "period" + i).toList();
        double[] amplitudes = new double[stft.bins()];
        int[] strongest = new int[count];
        return stft.analysis(
                input,
                names,
                (re, im, to, at) -> {
                    for (int bin = 0; bin < amplitudes.length; bin++) {
                        amplitudes[bin] = Math.sqrt(re[bin] * re[bin] + im[bin] * im[bin]);
                    }
                    if (Double.isNaN(amplitudes[0])) {
                        Arrays.fill(to, at, at + count, Double.NaN);
                        return;
                    }
                    find(amplitudes, strongest);
                    for (int i = 0; i < count; i++) {
                        to[at + i] = period(length, strongest[i]);
                    }
                });
    }

    /**
     * Finds the strongest bins besides bin 0, which is the mean. Of equal ones the lower comes
     * first, so a spectrum of zeros gives bins 1, 2, 3 and so on.
     *
     * @param amplitudes one for each bin, none of them NaN
     * @param strongest takes the bins, strongest first; fewer than there are amplitudes
     */
    public static void find(double[] amplitudes, int[] strongest) {
        if (strongest.length >= amplitudes.length) {
            throw new IllegalArgumentException(
                    "%d amplitudes have no %d bins besides bin 0"
                            .formatted(amplitudes.length, strongest.length));
        }
        int found = 0;
        for (int bin = 1; bin < amplitudes.length; bin++) {
            int place = found;
            while (place > 0 && amplitudes[bin] > amplitudes[strongest[place - 1]]) {
                place--;
            }
            if (place < strongest.length) {
                found = Math.min(found + 1, strongest.length);
                System.arraycopy(strongest, place, strongest, place + 1, found - place - 1);
                strongest[place] = bin;
            }
        }
    }

    /** The period of a bin in whole samples, rounded down. */
    public static int period(int length, int bin) {
        return length / bin;
    }
}
