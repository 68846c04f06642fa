/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class HyperparametersTest {
    private final ObjectNode config =
            JsonNodeFactory.instance
                    .objectNode()
                    .put("seq_len", 96)
                    .put("dropout", 0.1)
                    .put("freq", "h");

    @Test
    void takesThePlaceOfWhatTheRecipeSays() {
        Hyperparameters.set(config, List.of("seq_len=48", "dropout=0", "freq=t"));

        assertThat(config).hasToString("{\"seq_len\":48,\"dropout\":0,\"freq\":\"t\"}");
    }

    @Test
    void refusesWhatThereIsNot() {
        assertRefused(
                "seqlen=4",
                "--set seqlen=4: unknown hyper-parameter 'seqlen'; did you mean 'seq_len'?");
        assertRefused(
                "depth=3",
                "--set depth=3: unknown hyper-parameter 'depth'; there is: seq_len, dropout, freq");
        assertRefused("seq_len", "write a name and a value");
        assertRefused("seq_len=long", "seq_len is \"long\" where it may be such as 96");
    }

    private void assertRefused(String setting, String told) {
        assertThatThrownBy(() -> Hyperparameters.set(config, List.of(setting)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(told);
    }
}
