/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

/** Scales of pitch, on which equal steps sound alike, and the filters that are usual on each. */
public enum MelScale {
    /**
     * {@code 2595 log10(1 + f / 700)} mel, and triangles of height 1, as in the Hidden Markov Model
     * Toolkit (Young et al., The HTK Book, section 5.4; O'Shaughnessy, Speech Communication, 1987).
     */
    HTK {
        @Override
        double ofHertz(double hertz) {
            return 2595 * StrictMath.log10(1 + hertz / 700);
        }

        @Override
        double toHertz(double mel) {
            return 700 * (StrictMath.pow(10, mel / 2595) - 1);
        }

        @Override
        double height(double from, double to) {
            return 1;
        }
    },
    /**
     * Linear to 1000 Hz, with 66.7 Hz a step, and logarithmic from there on, with 27 steps for a
     * factor of 6.4, and triangles of area 1, in Hz (Slaney, Auditory Toolbox, Interval Research
     * report 1998-010). librosa's default.
     */
    SLANEY {
        @Override
        double ofHertz(double hertz) {
            return hertz < 1000 ? hertz * 3 / 200 : 15 + StrictMath.log(hertz / 1000) / STEP;
        }

        @Override
        double toHertz(double mel) {
            return mel < 15 ? mel * 200 / 3 : 1000 * StrictMath.exp((mel - 15) * STEP);
        }

        @Override
        double height(double from, double to) {
            return 2 / (to - from);
        }
    };

    private static final double STEP = StrictMath.log(6.4) / 27;

    abstract double ofHertz(double hertz);

    abstract double toHertz(double mel);

    /** Of a triangle from one frequency to another. */
    abstract double height(double from, double to);
}
