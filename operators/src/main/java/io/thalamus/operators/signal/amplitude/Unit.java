/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The units that can be converted into one another. A value is, in its quantity's base unit, {@code
 * (value + shift) * numerator / denominator}; whole numbers, so that powers of ten are exact.
 */
enum Unit {
    VOLT(Quantity.VOLTAGE, "V", 1, 1),
    MILLIVOLT(Quantity.VOLTAGE, "mV", 1, 1_000),
    MICROVOLT(Quantity.VOLTAGE, "uV", 1, 1_000_000),
    NANOVOLT(Quantity.VOLTAGE, "nV", 1, 1_000_000_000),
    AMPERE(Quantity.CURRENT, "A", 1, 1),
    MILLIAMPERE(Quantity.CURRENT, "mA", 1, 1_000),
    MICROAMPERE(Quantity.CURRENT, "uA", 1, 1_000_000),
    KELVIN(Quantity.TEMPERATURE, "K", 1, 1),
    CELSIUS(Quantity.TEMPERATURE, "degC", 1, 1, 273.15),
    FAHRENHEIT(Quantity.TEMPERATURE, "degF", 5, 9, 459.67),
    PASCAL(Quantity.PRESSURE, "Pa", 1, 1),
    HECTOPASCAL(Quantity.PRESSURE, "hPa", 100, 1),
    KILOPASCAL(Quantity.PRESSURE, "kPa", 1_000, 1),
    BAR(Quantity.PRESSURE, "bar", 100_000, 1),
    METRE_PER_SECOND_SQUARED(Quantity.ACCELERATION, "m/s2", 1, 1),
    STANDARD_GRAVITY(Quantity.ACCELERATION, "g", 980_665, 100_000),
    MILLIGRAVITY(Quantity.ACCELERATION, "mg", 980_665, 100_000_000),
    METRE_PER_SECOND(Quantity.SPEED, "m/s", 1, 1),
    KILOMETRE_PER_HOUR(Quantity.SPEED, "km/h", 10, 36),
    RADIAN_PER_SECOND(Quantity.ANGULAR_VELOCITY, "rad/s", 1, 1),
    DEGREE_PER_SECOND(Quantity.ANGULAR_VELOCITY, "deg/s", Math.PI, 180),
    TESLA(Quantity.MAGNETIC_FLUX_DENSITY, "T", 1, 1),
    MILLITESLA(Quantity.MAGNETIC_FLUX_DENSITY, "mT", 1, 1_000),
    MICROTESLA(Quantity.MAGNETIC_FLUX_DENSITY, "uT", 1, 1_000_000),
    NANOTESLA(Quantity.MAGNETIC_FLUX_DENSITY, "nT", 1, 1_000_000_000),
    FEMTOTESLA(Quantity.MAGNETIC_FLUX_DENSITY, "fT", 1, 1e15),
    WATT(Quantity.POWER, "W", 1, 1),
    KILOWATT(Quantity.POWER, "kW", 1_000, 1),
    MEGAWATT(Quantity.POWER, "MW", 1_000_000, 1);

    /** What units of one kind measure. */
    enum Quantity {
        VOLTAGE,
        CURRENT,
        TEMPERATURE,
        PRESSURE,
        ACCELERATION,
        SPEED,
        ANGULAR_VELOCITY,
        MAGNETIC_FLUX_DENSITY,
        POWER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private final Quantity quantity;
    private final String symbol;
    private final double numerator;
    private final double denominator;
    private final double shift;

    Unit(Quantity quantity, String symbol, double numerator, double denominator) {
        this(quantity, symbol, numerator, denominator, 0);
    }

    Unit(Quantity quantity, String symbol, double numerator, double denominator, double shift) {
        this.quantity = quantity;
        this.symbol = symbol;
        this.numerator = numerator;
        this.denominator = denominator;
        this.shift = shift;
    }

    /**
     * The unit of a symbol; of micro, both the letter u and the sign are understood.
     *
     * @throws InvalidInputException if there is none
     */
    static Unit of(String symbol) {
        String plain = symbol.replace('\u00b5', 'u').replace('\u03bc', 'u');
        return Arrays.stream(values())
                .filter(unit -> unit.symbol.equals(plain))
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidInputException(
                                        "convert-units: '%s' is no known unit; the units are %s"
                                                .formatted(
                                                        symbol,
                                                        Arrays.stream(values())
                                                                .map(Unit::symbol)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    Quantity quantity() {
        return quantity;
    }

    String symbol() {
        return symbol;
    }

    /** What one of this unit is in another, where neither is shifted. */
    double in(Unit other) {
        return numerator * other.denominator / (denominator * other.numerator);
    }

    /** What stands for zero of the quantity, negated. */
    double shift() {
        return shift;
    }
}
