/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The line between the physical values of one channel and the whole numbers of an EDF or BDF file.
 * A value is rounded to the nearest of the numbers, which are as many steps apart as 16 or 24 bits
 * have; an infinite one is the end of the range, and a missing one the number nearest to zero.
 */
final class EdfRange {
    private static final int FIELD = 8;
    private static final int MOST_DIGITS = 7;

    /** With fewer digits in a plain number, one with an exponent is finer. */
    private static final int PLAIN_DIGITS = 4;

    private float lowest = Float.POSITIVE_INFINITY;
    private float highest = Float.NEGATIVE_INFINITY;
    private double minimum;
    private double step;
    private int digitalMinimum;
    private int digitalMaximum;

    /** Takes values into account. */
    void include(float[] samples, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Float.isFinite(samples[i])) {
                lowest = Math.min(lowest, samples[i]);
                highest = Math.max(highest, samples[i]);
            }
        }
    }

    /** Fixes the line for numbers of so many bytes, when all values have been seen. */
    void fix(int sampleBytes) {
        if (lowest > highest) {
            lowest = 0;
            highest = 0;
        }
        if (lowest == highest) {
            // Any range will do; of this one, the value is an end.
            float only = lowest;
            lowest = Math.min(only, 0);
            highest = only == 0 ? 1 : Math.max(only, 0);
        }
        digitalMinimum = -1 << 8 * sampleBytes - 1;
        digitalMaximum = ~digitalMinimum;
        minimum = Double.parseDouble(physicalMinimum());
        double maximum = Double.parseDouble(physicalMaximum());
        step = (maximum - minimum) / ((double) digitalMaximum - digitalMinimum);
    }

    String physicalMinimum() {
        return field(lowest, RoundingMode.FLOOR);
    }

    String physicalMaximum() {
        return field(highest, RoundingMode.CEILING);
    }

    String digitalMinimum() {
        return Integer.toString(digitalMinimum);
    }

    String digitalMaximum() {
        return Integer.toString(digitalMaximum);
    }

    /** The number that stands for a value. */
    int digital(float value) {
        double physical = Float.isNaN(value) ? 0 : value;
        double digital = Math.rint((physical - minimum) / step) + digitalMinimum;
        return (int) Math.max(digitalMinimum, Math.min(digitalMaximum, digital));
    }

    /** A number in eight characters, rounded outwards. */
    private static String field(float value, RoundingMode outwards) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = MOST_DIGITS; digits > 0; digits--) {
            BigDecimal rounded =
                    exact.round(new MathContext(digits, outwards)).stripTrailingZeros();
            String plain = rounded.toPlainString();
            if (plain.length() <= FIELD) {
                boolean fine = digits >= PLAIN_DIGITS || rounded.compareTo(exact) == 0;
                return fine ? plain : withExponent(exact, outwards);
            }
        }
        return withExponent(exact, outwards);
    }

    private static String withExponent(BigDecimal exact, RoundingMode outwards) {
        int digits = PLAIN_DIGITS;
        while (true) {
            BigDecimal rounded = exact.round(new MathContext(digits, outwards));
            String text = rounded.unscaledValue() + "E" + -rounded.scale();
            if (text.length() <= FIELD) {
                return text;
            }
            digits--;
        }
    }
}
