/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.corruption;

/**
 * Kinds of corruption, after the example of those of images (Hendrycks and Dietterich,
 * "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations", ICLR 2019).
 * Each says what it does to a block of {@code length} samples, whose root mean square is {@code
 * rms}; missing values have no part in it, and stay missing. Frequencies are in cycles a block, so
 * that a block of a second has them in hertz.
 */
public enum Corruption {
    /** Gaussian noise is added, scaled to an SNR of 20, 15, 10, 5 or 0 dB. */
    WHITE(20, 15, 10, 5, 0) {
        @Override
        Damage damage(int length, double snr) {
            return new AddedNoise(length, snr, false);
        }
    },

    /**
     * Noise of power 1/f is added, scaled to an SNR of 15, 10, 5, 0 or -5 dB: the spectrum of
     * Gaussian noise by the square root of the bin's number, bin 0 as it is.
     */
    PINK(15, 10, 5, 0, -5) {
        @Override
        Damage damage(int length, double snr) {
            return new AddedNoise(length, snr, true);
        }
    },

    /**
     * A gain that drifts down and up again, in 500 blocks, by G = 6, 12, 18, 24 or 30 dB: block
     * {@code n} of the stream is multiplied by {@code 10^(-G sin^2(pi n / 500) / 20)}.
     */
    GAIN(6, 12, 18, 24, 30) {
        @Override
        Damage damage(int length, double decibels) {
            return (block, number, random) -> {
                double sine = StrictMath.sin(Math.PI * (number % PERIOD) / PERIOD);
                double gain = StrictMath.pow(10, -decibels * sine * sine / 20);
                for (int i = 0; i < block.length; i++) {
                    block[i] *= gain;
                }
            };
        }
    },

    /**
     * Each of 25 parts of the block is zero with probability 0.05, 0.1, 0.2, 0.3 or 0.4, in all
     * channels at once.
     */
    DROP(0.05, 0.1, 0.2, 0.3, 0.4) {
        @Override
        Damage damage(int length, double probability) {
            return (block, number, random) -> {
                for (int part = 0; part < PARTS; part++) {
                    if (random.uniform() < probability) {
                        silence(block, part * length / PARTS, (part + 1) * length / PARTS);
                    }
                }
            };
        }
    },

    /**
     * Time runs faster or slower about the middle of the block: the value at {@code t} is that at
     * {@code length / 2 + f (t - length / 2)}, on a line between two samples, and zero outside of
     * the block. {@code f} is {@code 1 + q} or {@code 1 / (1 + q)}, each with probability 1/2, the
     * same for all channels; q = 0.06, 0.12, 0.18, 0.24 or 0.3.
     */
    WARP(0.06, 0.12, 0.18, 0.24, 0.3) {
        @Override
        Damage damage(int length, double share) {
            return new TimeWarp(length, share);
        }
    },

    /**
     * A baseline that wanders, with hum: {@code a rms (sin(2 pi f t + p1) + 0.25 sin(2 pi 50 t +
     * p2))} is added, where {@code t} is 1 at the end of the block, {@code f} is uniform in 0.5 ..
     * 2, and the phases are random; a = 0.5, 1, 2, 4 or 8.
     */
    WANDER(0.5, 1, 2, 4, 8) {
        @Override
        Damage damage(int length, double factor) {
            return (block, number, random) -> {
                double frequency = 0.5 + 1.5 * random.uniform();
                double slow = 2 * Math.PI * random.uniform();
                double hum = 2 * Math.PI * random.uniform();
                double amplitude = factor * rms(block);
                for (int i = 0; i < length; i++) {
                    double angle = 2 * Math.PI * i / length;
                    block[i] +=
                            amplitude
                                    * (StrictMath.sin(frequency * angle + slow)
                                            + 0.25 * StrictMath.sin(50 * angle + hum));
                }
            };
        }
    },

    /**
     * Nothing is left above 0.3125, 0.25, 0.2, 0.1625 or 0.125 of the sample rate (2500 to 1000 Hz
     * at 8 kHz): bins of the block's Fourier transform are set to 0. What is missing counts as 0 in
     * it.
     */
    LOWBAND(0.3125, 0.25, 0.2, 0.1625, 0.125) {
        @Override
        Damage damage(int length, double share) {
            return new LostTreble(length, share);
        }
    },

    /** Clipped at 0.5, 0.3, 0.2, 0.1 or 0.05 of the block's largest magnitude. */
    CLIP(0.5, 0.3, 0.2, 0.1, 0.05) {
        @Override
        Damage damage(int length, double share) {
            return (block, number, random) -> {
                double largest = 0;
                for (double value : block) {
                    largest = Math.abs(value) > largest ? Math.abs(value) : largest;
                }
                double limit = share * largest;
                for (int i = 0; i < length; i++) {
                    block[i] = Math.min(Math.max(block[i], -limit), limit);
                }
            };
        }
    };

    /** How severe it can be, from 1 on. */
    public static final int SEVERITIES = 5;

    /** Into how many parts {@link #DROP} cuts a block. */
    static final int PARTS = 25;

    /** Blocks in which {@link #GAIN} comes back to where it was. */
    private static final int PERIOD = 500;

    private final double[] degrees;

    Corruption(double... degrees) {
        this.degrees = degrees;
    }

    /** Of blocks of a length, by the figure of a severity. */
    abstract Damage damage(int length, double degree);

    /** The figure of a severity. */
    double degree(int severity) {
        return degrees[severity - 1];
    }

    /** Whether chance strikes all channels alike. */
    boolean isOfAllChannels() {
        return this == DROP || this == WARP;
    }

    /** Over the values that are there; 0 if none is. */
    static double rms(double[] block) {
        double sum = 0;
        int count = 0;
        for (double value : block) {
            if (!Double.isNaN(value)) {
                sum += value * value;
                count++;
            }
        }
        return count == 0 ? 0 : Math.sqrt(sum / count);
    }

    /** Zero, where it is not missing. */
    private static void silence(double[] block, int from, int to) {
        for (int i = from; i < to; i++) {
            block[i] *= 0;
        }
    }
}
