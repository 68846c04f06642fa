/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationTest {
    private static Classification of(float... probabilities) {
        return new Classification(
                "s", 0, 0, 0, 1, "a", List.of("a", "b", "c", "d"), probabilities, "model");
    }

    @Test
    void entropyIsInNats() {
        assertThat(of(0, 1, 0, 0).entropy()).isZero();
        assertThat(of(.25f, .25f, .25f, .25f).entropy()).isCloseTo(Math.log(4), within(1e-9));
        assertThat(of(.5f, .25f, .25f, 0).entropy()).isCloseTo(1.5 * Math.log(2), within(1e-9));
    }

    @Test
    void entropyIsWritten() throws Exception {
        assertThat(AvroRecords.toAvro(of(1, 0, 0, 0)).get("entropy")).isEqualTo(0.0);
    }
}
