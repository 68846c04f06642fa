/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.rate;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.fourier.Kaiser;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The values of a signal between its samples: band-limited interpolation with a sinc function under
 * a Kaiser window (J. O. Smith, Digital Audio Resampling). Sample {@code n} plus a fraction reads
 *
 * <pre>sum over k of in[k] * kernel(n + fraction - k),  n - halfWidth &lt; k &lt;= n + halfWidth
 * </pre>
 *
 * <p>At full cutoff the kernel reaches {@value #ZERO_CROSSINGS} samples to each side: a sine of up
 * to 0.45 of the sample rate comes out within 3e-5 of its amplitude. Where fewer samples are taken
 * out than go in, the kernel is made wider and its cutoff lower in proportion, so that what the
 * output rate cannot carry is removed and does not fold back: what is above 0.55 of the lower rate,
 * by 90 dB and more; what is below 0.45 of it passes within 3e-5.
 *
 * <p>The kernel is tabulated and read with linear interpolation, whose error is within those
 * figures. A value depends on its position and the samples around it alone, to the bit. Immutable;
 * interpolating allocates nothing.
 */
public final class SincInterpolator {
    /** Zeros of the kernel on each side. */
    private static final int ZERO_CROSSINGS = 32;

    /** About 100 dB of suppression. */
    private static final double BETA = 10;

    /** Rows of the table from one zero of the kernel to the next. */
    private static final int RESOLUTION = 512;

    private static final int WIDEST = 1 << 20;

    private final int halfWidth;
    private final int rows;

    /** In each row, the kernel's values for one fraction; rows lie {@code 1 / rows} apart. */
    private final double[] table;

    /**
     * Tabulates a kernel.
     *
     * @param outputsPerInput how many samples are taken out for each that goes in: the output rate
     *     over the input rate; from 1 on, nothing has to be removed
     * @throws InvalidInputException if it is no positive number, or so small that the kernel would
     *     reach over more than a million samples
     */
    public SincInterpolator(double outputsPerInput) {
        if (!(outputsPerInput >= (double) ZERO_CROSSINGS / WIDEST)) {
            throw new InvalidInputException(
                    String.format(
                            Locale.ROOT,
                            "interpolation: %s samples out for each one in; give at least 1/%d",
                            outputsPerInput,
                            WIDEST / ZERO_CROSSINGS));
        }
        double cutoff = Math.min(outputsPerInput, 1);
        halfWidth = (int) Math.ceil(ZERO_CROSSINGS / cutoff);
        rows = (int) Math.ceil(RESOLUTION * cutoff);
        int taps = 2 * halfWidth;
        table = new double[(rows + 1) * taps];
        KaiserSinc kernel = new KaiserSinc(cutoff, ZERO_CROSSINGS / cutoff, new Kaiser(BETA));
        for (int row = 0; row <= rows; row++) {
            for (int tap = 0; tap < taps; tap++) {
                double distance = (double) row / rows + (halfWidth - 1 - tap);
                table[row * taps + tap] = kernel.at(distance);
            }
        }
    }

    /**
     * How many samples on each side a value depends on: one between samples {@code n} and {@code n
     * + 1} on those from {@code n - halfWidth + 1} to {@code n + halfWidth}.
     */
    public int halfWidth() {
        return halfWidth;
    }

    /**
     * Reads all channels at one position. Samples before and after the block count as zero, as they
     * do before and after a segment: within one, the block has to hold what the value depends on.
     *
     * @param in the samples
     * @param sample the sample at or before the position, counted from the block's first; it may
     *     lie outside
     * @param fraction how far the position lies after it, from 0 to less than 1 sample
     * @param out where the values go, channel after channel
     * @param at the index of the first channel's
     */
    public void interpolate(SampleBlock in, int sample, double fraction, double[] out, int at) {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException(
                    "a position lies 0 to less than 1 sample after the one before, not "
                            + fraction);
        }
        int channels = in.channels();
        double[] values = in.values();
        int taps = 2 * halfWidth;
        double position = fraction * rows;
        int row = (int) position;
        double rest = position - row;
        int before = row * taps;
        int after = before + taps;
        int first = sample - halfWidth + 1;
        int end = Math.min(taps, in.length() - first);
        Arrays.fill(out, at, at + channels, 0);
        for (int tap = Math.max(0, -first); tap < end; tap++) {
            double low = table[before + tap];
            double weight = low + rest * (table[after + tap] - low);
            int from = (first + tap) * channels;
            for (int channel = 0; channel < channels; channel++) {
                out[at + channel] += weight * values[from + channel];
            }
        }
    }
}
