/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import java.util.Random;

/** Signals that have all frequencies. */
final class Noise {
    private Noise() {}

    /** Two channels of values between -1 and 1; the same for the same length. */
    static double[][] ofTwoChannels(int length) {
        Random random = new Random(length);
        return new double[][] {
            random.doubles(length, -1, 1).toArray(), random.doubles(length, -1, 1).toArray()
        };
    }
}
