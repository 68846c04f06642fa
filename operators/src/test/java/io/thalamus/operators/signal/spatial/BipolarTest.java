/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import org.junit.jupiter.api.Test;

class BipolarTest extends SignalTransformContract {
    private static final Bipolar IN_ORDER = new Bipolar(Bipolar.Neighbours.IN_ORDER);
    private static final Bipolar ON_SHAFTS = new Bipolar(Bipolar.Neighbours.ON_SHAFTS);

    @Override
    protected SignalTransform transform() {
        return ON_SHAFTS;
    }

    @Test
    void takesTheNextChannelAway() {
        assertThat(Montages.names(IN_ORDER, "Fp1 F7 T3")).containsExactly("Fp1-F7", "F7-T3");
        assertThat(Montages.sample(IN_ORDER, "Fp1 F7 T3", 1, 5, 7)).containsExactly(-4, -2);
    }

    @Test
    void takesTheNextContactOfTheShaftAway() {
        String names = "LA1 LA2 LA3 LB1 LB2";
        assertThat(Montages.names(ON_SHAFTS, names))
                .containsExactly("LA1-LA2", "LA2-LA3", "LB1-LB2");
        assertThat(Montages.sample(ON_SHAFTS, names, 1, 2, 4, 8, 16)).containsExactly(-1, -2, -8);
    }

    @Test
    void aContactThatIsNotThereBreaksTheChain() {
        assertThat(Montages.names(ON_SHAFTS, "LA1 LA2 LA4 LA5 LA7"))
                .containsExactly("LA1-LA2", "LA4-LA5");
    }

    @Test
    void ordersContactsByNumberAndShaftsByAppearance() {
        String names = "RB'10 LA2 RB'9 LA1";
        assertThat(Montages.names(ON_SHAFTS, names)).containsExactly("RB'9-RB'10", "LA1-LA2");
        assertThat(Montages.sample(ON_SHAFTS, names, 1, 2, 4, 8)).containsExactly(3, 6);
    }

    @Test
    void leavesOutWhatHasNoNeighbour() {
        assertThat(Montages.names(ON_SHAFTS, "ECG 1 2 LA1 LB2 LA02 Ref-LA3"))
                .containsExactly("LA1-LA02");
    }

    @Test
    void aDifferenceToAMissingValueIsMissing() {
        assertThat(Montages.sample(ON_SHAFTS, "a1 a2 a3 a4", 1, 2, Double.NaN, 8))
                .containsExactly(-1, Double.NaN, Double.NaN);
    }

    @Test
    void saysWhatItMisses() {
        assertThatThrownBy(() -> IN_ORDER.prepare(Montages.shape("a")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "bipolar takes differences of neighbouring channels, but there is one"
                                + " channel alone, a; leave the step out, or give the stream all"
                                + " channels");
        assertThatThrownBy(() -> ON_SHAFTS.prepare(Montages.shape("LA1 LA3 ECG")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "bipolar finds no two neighbouring contacts of a shaft, such as LA1 and"
                                + " LA2, among the channels [LA1, LA3, ECG]; rename the channels"
                                + " before, or leave the step out");
        assertThatThrownBy(() -> ON_SHAFTS.prepare(Montages.shape("LA1 LA2 LA02")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "bipolar: channels LA2 and LA02 are the same contact; leave one of them"
                                + " out");
    }
}
