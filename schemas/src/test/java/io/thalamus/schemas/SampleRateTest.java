/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleRateTest {

    @Test
    void keepsTheRatioInLowestTerms() {
        assertThat(new SampleRate(88_200, 2)).isEqualTo(SampleRate.ofHertz(44_100));
        assertThat(SampleRate.ofPeriod(Duration.ofHours(1))).isEqualTo(new SampleRate(1, 3600));
        assertThat(SampleRate.ofPeriod(Duration.ofMillis(4))).isEqualTo(SampleRate.ofHertz(250));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 1", "1, -1", "500000001, 1", "1, 9223372037"})
    void refusesARatioThatTimesNothing(long numerator, long denominator) {
        assertThatThrownBy(() -> new SampleRate(numerator, denominator))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(numerator + "/" + denominator);
    }

    @Test
    void aThirdOfASecondIsRoundedDownAndNeverDrifts() {
        SampleRate thirds = SampleRate.ofHertz(3);
        assertThat(thirds.nanosOf(1)).isEqualTo(333_333_333L);
        assertThat(thirds.nanosOf(2)).isEqualTo(666_666_666L);
        assertThat(thirds.nanosOf(3_000_000_000L)).isEqualTo(1_000_000_000_000_000_000L);
        assertThat(thirds.nanosOf(-1)).isEqualTo(-333_333_334L);
    }

    @Test
    void aTieBetweenTwoSamplesGoesToTheLaterOne() {
        SampleRate rate = SampleRate.ofHertz(500);
        assertThat(rate.samplesIn(999_999L)).isZero();
        assertThat(rate.samplesIn(1_000_000L)).isOne();
        assertThat(rate.samplesIn(-1_000_000L)).isZero();
        assertThat(rate.samplesIn(-1_000_001L)).isEqualTo(-1);
    }

    @Test
    void aSampleIsNotBeforeItsOwnTime() {
        SampleRate thirds = SampleRate.ofHertz(3);
        assertThat(thirds.samplesBefore(666_666_666L)).isEqualTo(2);
        assertThat(thirds.samplesBefore(666_666_667L)).isEqualTo(3);
        assertThat(thirds.samplesBefore(1)).isOne();
        assertThat(thirds.samplesBefore(0)).isZero();
        assertThat(thirds.samplesBefore(-333_333_333L)).isZero();
        assertThat(thirds.samplesBefore(-333_333_334L)).isEqualTo(-1);
    }

    @Test
    void readsAsHertz() {
        assertThat(SampleRate.ofHertz(16_000)).hasToString("16000 Hz");
        assertThat(new SampleRate(1, 3600)).hasToString("1/3600 Hz");
        assertThat(new SampleRate(25, 2).hertz()).isEqualTo(12.5);
    }

    @Property
    void theTimeOfASampleNamesThatSample(
            @ForAll @LongRange(min = 1, max = 1_000_000_000) long numerator,
            @ForAll @LongRange(min = 2, max = 1_000_000) long denominator,
            @ForAll @LongRange(min = -1_000_000_000_000L, max = 1_000_000_000_000L) long sample) {
        SampleRate rate = new SampleRate(numerator, denominator);
        // As far from the epoch as the time of a sample fits into a long.
        double years = Math.abs(sample) / rate.hertz() / 3.2e7;
        long near = years < 280 ? sample : (long) (sample / years * 250);
        assertThat(rate.samplesIn(rate.nanosOf(near))).isEqualTo(near);
    }

    @Property
    void theNearestSampleIsExact(
            @ForAll @LongRange(min = 1, max = 500_000_000) long numerator,
            @ForAll @LongRange(min = 1, max = 1_000_000) long denominator,
            @ForAll long nanos) {
        SampleRate rate = new SampleRate(numerator, denominator);
        BigDecimal nearest =
                BigDecimal.valueOf(2 * numerator)
                        .multiply(BigDecimal.valueOf(nanos))
                        .add(BigDecimal.valueOf(denominator * 1_000_000_000L))
                        .divide(
                                BigDecimal.valueOf(2 * denominator * 1_000_000_000L),
                                0,
                                RoundingMode.FLOOR);
        assertThat(rate.samplesIn(nanos)).isEqualTo(nearest.longValueExact());
    }

    @Test
    void theEarliestTimesAreReached() {
        SampleRate rate = new SampleRate(10, 1_000_000_001L);
        assertThat(rate.nanosOf(-92)).isEqualTo(-9_200_000_009_200_000_000L);
        assertThatThrownBy(() -> rate.nanosOf(-93)).isInstanceOf(ArithmeticException.class);
        assertThat(SampleRate.ofHertz(1_000_000_000L / 2).nanosOf(Long.MIN_VALUE / 2))
                .isEqualTo(Long.MIN_VALUE);
    }

    @Property
    void theTimeOfASampleIsExactButForTheLastNanosecond(
            @ForAll @LongRange(min = 1, max = 200_000_000_000L) long numerator,
            @ForAll @LongRange(min = 1_000, max = 1_000_000_000L) long denominator,
            @ForAll @LongRange(min = -1_000_000, max = 1_000_000) long sample) {
        SampleRate rate = new SampleRate(numerator, denominator);
        BigInteger exact =
                new BigDecimal(sample)
                        .multiply(BigDecimal.valueOf(denominator))
                        .multiply(BigDecimal.valueOf(1_000_000_000L))
                        .divide(BigDecimal.valueOf(numerator), 0, RoundingMode.FLOOR)
                        .toBigInteger();
        if (exact.bitLength() < Long.SIZE) {
            assertThat(rate.nanosOf(sample)).isEqualTo(exact.longValueExact());
        } else {
            assertThatThrownBy(() -> rate.nanosOf(sample)).isInstanceOf(ArithmeticException.class);
        }
    }
}
