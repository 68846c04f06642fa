/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneralisedParetoTest {

    static Stream<JsonNode> fits() throws IOException {
        return StreamSupport.stream(References.read("fits.json").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("fits")
    void isTheLikeliest(JsonNode reference) {
        double[] excesses = References.numbers(reference.path("excesses"));

        GeneralisedPareto fit =
                GeneralisedPareto.fit(
                        excesses,
                        excesses.length,
                        reference.path("share").asDouble(),
                        reference.path("bound").asDouble());

        assertThat(fit.shape()).isCloseTo(reference.path("shape").asDouble(), within(1e-6));
        assertThat(fit.scale())
                .isCloseTo(reference.path("scale").asDouble(), Percentage.withPercentage(1e-4));
        for (JsonNode pair : reference.path("exceeded")) {
            assertThat(fit.exceededWith(pair.get(0).asDouble()))
                    .isCloseTo(pair.get(1).asDouble(), Percentage.withPercentage(1e-3));
        }
    }

    @Test
    void looksAtAsManyAsThereAre() {
        double[] excesses = {1, 2, 4, 1000, 0};

        assertThat(GeneralisedPareto.fit(excesses, 3, 0, 0))
                .isEqualTo(GeneralisedPareto.fit(Arrays.copyOf(excesses, 3), 3, 0, 0));
    }

    @Test
    void equalExcessesAreTakenForExponential() {
        assertThat(GeneralisedPareto.fit(new double[] {3, 3, 3}, 3, 0, 0))
                .isEqualTo(new GeneralisedPareto(0, 3));
        assertThat(GeneralisedPareto.fit(new double[] {1e-300}, 1, 0, 0))
                .isEqualTo(new GeneralisedPareto(0, 1e-300));
    }

    /** Whatever the excesses: the unit does not matter, and there is always an answer. */
    @Property(tries = 300)
    void hasAFitForAnyExcesses(
            @ForAll @Size(min = 1, max = 40)
                    List<@DoubleRange(min = -30, max = 30) Double> logarithms) {
        double[] excesses = logarithms.stream().mapToDouble(StrictMath::exp).toArray();
        double[] inAnotherUnit = Arrays.stream(excesses).map(each -> each * 1024).toArray();

        GeneralisedPareto fit = GeneralisedPareto.fit(excesses, excesses.length, 0.1, excesses[0]);

        assertThat(fit.scale()).isPositive().isFinite();
        assertThat(fit.shape()).isBetween(-1.0, 40.0);
        assertThat(fit.exceededWith(0.5)).isPositive();
        assertThat(fit.exceededWith(0.01)).isGreaterThan(fit.exceededWith(0.5));
        assertThat(GeneralisedPareto.fit(inAnotherUnit, excesses.length, 0.1, inAnotherUnit[0]))
                .isEqualTo(new GeneralisedPareto(fit.shape(), fit.scale() * 1024));
    }
}
