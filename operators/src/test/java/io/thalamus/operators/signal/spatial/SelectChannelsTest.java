/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectChannelsTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new SelectChannels(List.of("c2", "c0"));
    }

    @Test
    void picksInTheOrderThatIsGiven() {
        SignalTransform select = new SelectChannels(List.of("c", "a"));
        assertThat(Montages.names(select, "a b c")).containsExactly("c", "a");
        assertThat(Montages.sample(select, "a b c", 1, Double.NaN, 3)).containsExactly(3, 1);
    }

    @Test
    void aGlobPicksInTheOrderOfTheStreamAndNothingTwice() {
        SignalTransform select = new SelectChannels(List.of("LA2", "LA*", "?CG"));
        assertThat(Montages.names(select, "ECG LA1 LA2 LB1 LA10 EECG"))
                .containsExactly("LA2", "LA1", "LA10", "ECG");
    }

    @Test
    void takesOtherSignsAsTheyAre() {
        assertThat(Montages.names(new SelectChannels(List.of("a.c")), "abc a.c"))
                .containsExactly("a.c");
        assertThat(Montages.names(new SelectChannels(List.of("x*")), "x1 x*"))
                .containsExactly("x*");
        assertThat(Montages.names(new SelectChannels(List.of("x[*")), "x1 x[1] \\Q"))
                .containsExactly("x[1]");
    }

    @Test
    void saysWhatItMisses() {
        assertThatThrownBy(() -> new SelectChannels(List.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("select-channels names no channel; name at least one");
        SignalTransform select = new SelectChannels(List.of("a", "L*"));
        assertThatThrownBy(() -> select.prepare(Montages.shape("a b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("select-channels: there is no channel L*; the channels are [a, b]");
    }
}
