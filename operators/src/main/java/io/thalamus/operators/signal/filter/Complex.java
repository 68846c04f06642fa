/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

/** A complex number; its functions give the same bits on every machine. */
record Complex(double real, double imaginary) {
    static final Complex ONE = new Complex(1, 0);

    static Complex real(double value) {
        return new Complex(value, 0);
    }

    /** {@code exp(i * angle)}. */
    static Complex onUnitCircle(double angle) {
        return new Complex(StrictMath.cos(angle), StrictMath.sin(angle));
    }

    boolean isReal() {
        return imaginary == 0;
    }

    double abs() {
        return StrictMath.hypot(real, imaginary);
    }

    Complex conjugate() {
        return new Complex(real, -imaginary);
    }

    Complex negated() {
        return new Complex(-real, -imaginary);
    }

    Complex plus(Complex other) {
        return new Complex(real + other.real, imaginary + other.imaginary);
    }

    Complex minus(Complex other) {
        return new Complex(real - other.real, imaginary - other.imaginary);
    }

    Complex times(double factor) {
        return new Complex(real * factor, imaginary * factor);
    }

    Complex times(Complex other) {
        return new Complex(
                real * other.real - imaginary * other.imaginary,
                real * other.imaginary + imaginary * other.real);
    }

    Complex dividedBy(Complex other) {
        // Smith's method, which does not overflow where the quotient does not.
        if (Math.abs(other.real) >= Math.abs(other.imaginary)) {
            double ratio = other.imaginary / other.real;
            double divisor = other.real + other.imaginary * ratio;
            return new Complex(
                    (real + imaginary * ratio) / divisor, (imaginary - real * ratio) / divisor);
        }
        double ratio = other.real / other.imaginary;
        double divisor = other.real * ratio + other.imaginary;
        return new Complex(
                (real * ratio + imaginary) / divisor, (imaginary * ratio - real) / divisor);
    }

    /** The root whose real part is not negative. */
    Complex squareRoot() {
        if (real == 0 && imaginary == 0) {
            return this;
        }
        double larger = StrictMath.sqrt((abs() + Math.abs(real)) / 2);
        double smaller = Math.abs(imaginary) / (2 * larger);
        return real >= 0
                ? new Complex(larger, Math.copySign(smaller, imaginary))
                : new Complex(smaller, Math.copySign(larger, imaginary));
    }
}
