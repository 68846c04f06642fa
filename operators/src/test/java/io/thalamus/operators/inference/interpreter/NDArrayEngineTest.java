/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.schemas.InvalidInputException;
import org.junit.jupiter.api.Test;

class NDArrayEngineTest {

    @Test
    void isNamedAfterTheEngineItRunsOn() {
        assertThat(GraphEngines.names()).contains("mxnet-interpreter", "pytorch-interpreter");
        try (NDArrayEngine engine = new NDArrayEngine("MXNet")) {
            assertThat(engine.name()).isEqualTo("mxnet-interpreter");
        }
    }

    @Test
    void saysThatAnEngineIsNotThere() {
        assertThatThrownBy(() -> new NDArrayEngine("Absent"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("engine absent-interpreter needs DJL's Absent engine")
                .hasMessageContaining("MXNet")
                .hasMessageContaining("-Pengine-pytorch");
    }
}
