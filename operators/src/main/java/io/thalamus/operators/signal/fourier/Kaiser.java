/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.schemas.InvalidInputException;

/**
 * Kaiser's taper, nearly the one with the most energy in the main lobe of its spectrum.
 *
 * @param beta 0 for none; the larger, the lower the side lobes and the wider the main lobe
 */
public record Kaiser(double beta) implements Taper {
    /** Beyond it the Bessel function comes near the largest float64. */
    private static final double MOST = 700;

    public Kaiser {
        if (!(beta >= 0 && beta <= MOST)) {
            throw new InvalidInputException(
                    "kaiser: beta is %s; give a number from 0 to 700".formatted(beta));
        }
    }

    @Override
    public double at(double position) {
        double x = 2 * position - 1;
        return bessel(beta * Math.sqrt(Math.max(0, 1 - x * x))) / bessel(beta);
    }

    /** The modified Bessel function of the first kind and order 0, by its power series. */
    private static double bessel(double x) {
        double quarter = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= quarter / ((double) k * k);
            sum += term;
        }
        return sum;
    }
}
