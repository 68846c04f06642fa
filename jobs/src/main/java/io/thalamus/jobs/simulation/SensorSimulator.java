/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes up the log of three weather sensors that nobody reads in step: each row has the time of a
 * reading and, but by chance, the value of one sensor alone.
 *
 * <p>Sensor {@code s} means to be read every {@code P_s}: the temperature (in degrees Celsius)
 * every 10 s, the humidity (in percent) every 20 s and the pressure (in hectopascal) every 60 s.
 * Its k-th reading comes at {@code (k + u_k) P_s}, with {@code u_k} drawn uniformly from 0 to 0.4,
 * in whole milliseconds, and with {@code t} that time in seconds since the start and {@code e}
 * independent normal deviates is
 *
 * <pre>
 * temperature(t) = 21 + 4 sin(2 pi t / 86400) + 0.6 sin(2 pi t / 2700) + 0.05 e
 * humidity(t)    = 55 - 10 sin(2 pi t / 86400) - 1.5 sin(2 pi t / 2700) + 0.3 e
 * pressure(t)    = 1013 + 6 sin(2 pi t / 259200) + 0.08 e
 * </pre>
 *
 * with two decimals. A reading is lost by chance with the probability {@code lost}; and {@code
 * outages} times, by chance and never in the first hour, all readings of 5 to 15 minutes are.
 *
 * @param seed the same seed makes the same file
 * @param start the time at which it starts
 * @param hours how long it is
 * @param lost the share of readings that are lost, from 0 to 1
 * @param outages how many times all readings are lost for some minutes
 */
public record SensorSimulator(long seed, LocalDateTime start, int hours, double lost, int outages)
        implements Simulator {
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final int HOUR = 3_600_000;
    private static final int MINUTE = 60_000;

    /** A level, two waves (amplitude, period in seconds) and the deviation of the noise. */
    private record Sensor(
            String name,
            int periodMillis,
            double level,
            double slow,
            double slowPeriod,
            double fast,
            double fastPeriod,
            double deviation) {

        double value(double seconds, double normal) {
            return level
                    + slow * StrictMath.sin(TWO_PI * seconds / slowPeriod)
                    + fast * StrictMath.sin(TWO_PI * seconds / fastPeriod)
                    + deviation * normal;
        }
    }

    private static final List<Sensor> SENSORS =
            List.of(
                    new Sensor("temperature", 10_000, 21, 4, 86_400, 0.6, 2700, 0.05),
                    new Sensor("humidity", 20_000, 55, -10, 86_400, -1.5, 2700, 0.3),
                    new Sensor("pressure", 60_000, 1013, 6, 259_200, 0, 2700, 0.08));

    public SensorSimulator {
        if (hours < 1 || hours > 24 * 24) {
            throw new IllegalArgumentException("a log lasts 1 to 576 hours, not " + hours);
        }
        if (!(lost >= 0 && lost <= 1)) {
            throw new IllegalArgumentException(
                    "lost readings are a share from 0 to 1, not " + lost);
        }
        if (outages < 0 || (outages > 0 && hours < 2)) {
            throw new IllegalArgumentException(
                    outages + " outages do not fit in the time behind the first hour");
        }
    }

    @Override
    public void write(Appendable out) throws IOException {
        out.append("time");
        for (Sensor sensor : SENSORS) {
            out.append(',').append(sensor.name);
        }
        out.append('\n');
        Map<Integer, String[]> rows = new TreeMap<>();
        for (Reading reading : readings()) {
            rows.computeIfAbsent(reading.millis, none -> new String[SENSORS.size()])[
                            reading.sensor] =
                    reading.value.toString();
        }
        for (Map.Entry<Integer, String[]> row : rows.entrySet()) {
            out.append(
                    start.plusNanos(row.getKey() * 1_000_000L)
                            .toInstant(ZoneOffset.UTC)
                            .toString());
            for (String cell : row.getValue()) {
                out.append(',').append(cell == null ? "" : cell);
            }
            out.append('\n');
        }
    }

    /**
     * A value that a sensor gave.
     *
     * @param millis when, since the start
     * @param sensor which: 0 is the temperature, 1 the humidity, 2 the pressure
     * @param value in the sensor's unit
     */
    public record Reading(int millis, int sensor, BigDecimal value) {}

    /** All readings that were not lost, sensor by sensor, each in the order of time. */
    public List<Reading> readings() {
        Noise noise = new Noise(seed);
        int end = hours * HOUR;
        int[] outageStarts = new int[outages];
        int[] outageEnds = new int[outages];
        Noise network = noise.branch(0);
        for (int i = 0; i < outages; i++) {
            outageStarts[i] = network.between(HOUR, end - 1);
            outageEnds[i] = outageStarts[i] + network.between(5 * MINUTE, 15 * MINUTE);
        }
        List<Reading> readings = new ArrayList<>();
        for (int s = 0; s < SENSORS.size(); s++) {
            Sensor sensor = SENSORS.get(s);
            Noise reading = noise.branch(1 + s);
            for (int due = 0; due < end; due += sensor.periodMillis) {
                int time = due + (int) (0.4 * reading.uniform() * sensor.periodMillis);
                double value = sensor.value(time / 1000.0, reading.normal());
                boolean dropped = reading.uniform() < lost;
                for (int i = 0; i < outages; i++) {
                    dropped |= time >= outageStarts[i] && time < outageEnds[i];
                }
                if (!dropped) {
                    readings.add(
                            new Reading(time, s, BigDecimal.valueOf(Math.round(value * 100), 2)));
                }
            }
        }
        return readings;
    }
}
