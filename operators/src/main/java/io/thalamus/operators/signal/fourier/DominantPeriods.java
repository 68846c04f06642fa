/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/** The strongest frequencies of an amplitude spectrum, and the periods they stand for. */
public final class DominantPeriods {
    private DominantPeriods() {}

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
