/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

import io.thalamus.operators.signal.fourier.RealFft;

/** White or pink noise, whose own power in the block is what the ratio to the signal asks for. */
final class AddedNoise implements Damage {
    private final double ratio;
    private final boolean pink;
    private final double[] noise;
    private final RealFft fft;
    private final double[] re;
    private final double[] im;

    /**
     * @param snr signal-to-noise ratio in dB
     */
    AddedNoise(int length, double snr, boolean pink) {
        this.ratio = StrictMath.pow(10, -snr / 20);
        this.pink = pink;
        this.noise = new double[length];
        this.fft = new RealFft(length);
        this.re = new double[fft.bins()];
        this.im = new double[fft.bins()];
    }

    @Override
    public void apply(double[] block, long number, RandomNumbers random) {
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.gaussian();
        }
        if (pink) {
            fft.forward(noise, re, im);
            for (int bin = 1; bin < re.length; bin++) {
                double amplitude = Math.sqrt(bin);
                re[bin] /= amplitude;
                im[bin] /= amplitude;
            }
            fft.inverse(re, im, noise);
        }
        double scale = ratio * Corruption.rms(block) / Corruption.rms(noise);
        for (int i = 0; i < noise.length; i++) {
            block[i] += scale * noise[i];
        }
    }
}
