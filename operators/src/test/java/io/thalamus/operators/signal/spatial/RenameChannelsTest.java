/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenameChannelsTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new RenameChannels(Map.of("c0", "left", "c2", "right"));
    }

    @Test
    void renamesAndLeavesTheRest() {
        SignalTransform rename = new RenameChannels(Map.of("a", "b", "b", "a"));
        assertThat(Montages.names(rename, "a b c")).containsExactly("b", "a", "c");
        assertThat(Montages.sample(rename, "a b c", 1, 2, Double.NaN))
                .containsExactly(1, 2, Double.NaN);
    }

    @Test
    void saysWhatIsWrongWithItsNames() {
        assertThatThrownBy(() -> new RenameChannels(Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("rename-channels names no channel; name at least one");
        assertThatThrownBy(() -> new RenameChannels(Map.of("b", "x", "a", " ")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("rename-channels: the new name of a is empty; give a name");
        assertThatThrownBy(() -> prepare(Map.of("x", "y"), "a b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("rename-channels: there is no channel x; the channels are [a, b]");
        assertThatThrownBy(() -> prepare(Map.of("a", "b"), "a b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "rename-channels: two channels would be named b; give each its own name");
    }

    private static void prepare(Map<String, String> names, String channels) {
        new RenameChannels(names).prepare(Montages.shape(channels));
    }
}
