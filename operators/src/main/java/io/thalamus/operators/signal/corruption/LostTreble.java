/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

import io.thalamus.operators.signal.fourier.RealFft;

/** A block without its high frequencies. */
final class LostTreble implements Damage {
    private final int kept;
    private final double[] filled;
    private final RealFft fft;
    private final double[] re;
    private final double[] im;

    /**
     * @param share of the sample rate, up to which frequencies stay
     */
    LostTreble(int length, double share) {
        this.kept = (int) Math.floor(share * length) + 1;
        this.filled = new double[length];
        this.fft = new RealFft(length);
        this.re = new double[fft.bins()];
        this.im = new double[fft.bins()];
    }

    @Override
    public void apply(double[] block, long number, RandomNumbers random) {
        for (int i = 0; i < block.length; i++) {
            filled[i] = Double.isNaN(block[i]) ? 0 : block[i];
        }
        fft.forward(filled, re, im);
        for (int bin = kept; bin < re.length; bin++) {
            re[bin] = 0;
            im[bin] = 0;
        }
        fft.inverse(re, im, filled);
        for (int i = 0; i < block.length; i++) {
            block[i] = Double.isNaN(block[i]) ? Double.NaN : filled[i];
        }
    }
}
