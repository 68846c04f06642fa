/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.SampleRate;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RateRatioTest {

    @Test
    void isInLowestTerms() {
        assertThat(RateRatio.of(SampleRate.ofHertz(44100), SampleRate.ofHertz(16000)))
                .isEqualTo(new RateRatio(441, 160));
        assertThat(RateRatio.of(new SampleRate(1, 3600), new SampleRate(1, 60)))
                .isEqualTo(new RateRatio(1, 60));
    }

    @Property
    void samplesAreBetweenTheirNeighbours(
            @ForAll @LongRange(min = 1, max = 500) long inputs,
            @ForAll @LongRange(min = 1, max = 500) long outputs,
            @ForAll @LongRange(max = 1L << 40) long output) {
        RateRatio ratio = RateRatio.of(SampleRate.ofHertz(inputs), SampleRate.ofHertz(outputs));
        long before = ratio.inputAtOrBefore(output);
        long after = ratio.inputAtOrAfter(output);
        assertThat(before * outputs).isLessThanOrEqualTo(output * inputs);
        assertThat((before + 1) * outputs).isGreaterThan(output * inputs);
        assertThat(after * outputs).isGreaterThanOrEqualTo(output * inputs);
        assertThat((after - 1) * outputs).isLessThan(output * inputs);
        assertThat(ratio.outputAtOrBefore(after)).isGreaterThanOrEqualTo(output);
    }

    /** Numbers may be as large as a long holds, as long as the result is one. */
    @Property
    void largeNumbersAreScaledExactly(
            @ForAll @LongRange(min = 1, max = 500) long inputs,
            @ForAll @LongRange(min = 1, max = 500) long outputs,
            @ForAll @LongRange(min = 0) long input) {
        RateRatio ratio = RateRatio.of(SampleRate.ofHertz(inputs), SampleRate.ofHertz(outputs));
        BigInteger expected =
                BigInteger.valueOf(input)
                        .multiply(BigInteger.valueOf(outputs))
                        .divide(BigInteger.valueOf(inputs));
        if (expected.bitLength() < Long.SIZE) {
            assertThat(ratio.outputAtOrBefore(input)).isEqualTo(expected.longValue());
        } else {
            assertThatThrownBy(() -> ratio.outputAtOrBefore(input))
                    .isInstanceOf(ArithmeticException.class);
        }
    }
}
