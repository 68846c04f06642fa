/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import org.junit.jupiter.api.Test;

class LaplacianTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new Laplacian();
    }

    @Test
    void takesTheMeanOfTheNeighboursAway() {
        assertThat(Montages.sample(transform(), "A1 A2 A3 A4", 1, 2, 9, 5))
                .containsExactly(1 - 2, 2 - (1 + 9) / 2.0, 9 - (2 + 5) / 2.0, 5 - 9);
    }

    @Test
    void keepsToTheShaftAndToTheContactsThatAreThere() {
        String names = "A2 B1 A1 EOG A4 B2 A5 C1";
        assertThat(Montages.names(transform(), names))
                .containsExactly("A1", "A2", "A4", "A5", "B1", "B2");
        assertThat(Montages.sample(transform(), names, 1, 2, 4, 8, 16, 32, 64, 128))
                .containsExactly(3, -3, -48, 48, -30, 30);
    }

    @Test
    void isMissingWhereANeighbourIs() {
        assertThat(Montages.sample(transform(), "A1 A2 A3 A4", Double.NaN, 2, 9, 5))
                .containsExactly(Double.NaN, Double.NaN, 5.5, -4);
    }

    @Test
    void saysWhatItMisses() {
        assertThatThrownBy(() -> transform().prepare(Montages.shape("Fp1 ECG")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("laplacian finds no two neighbouring contacts of a shaft");
    }
}
