/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import static io.thalamus.operators.signal.filter.Golden.SHAPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DcRemovalTest extends SignalTransformContract {

    @Override
    protected SignalTransform transform() {
        return new DcRemoval(0.3);
    }

    @Override
    protected int channels() {
        return 1;
    }

    @Test
    void followsItsEquation() {
        double[][] in = Golden.of("iir-highpass-1").signal("in");
        double[][] out = SignalChain.whole(in, SHAPE, List.of(new DcRemoval(2)));
        double r = Math.exp(-2 * Math.PI * 2 / 1000);
        double before = 0;
        double y = 0;
        for (int n = 0; n < in[1].length; n++) {
            y = in[1][n] - before + r * y;
            before = in[1][n];
            assertThat(out[1][n]).isCloseTo(y, within(1e-9));
        }
    }

    @Test
    void anOffsetFallsToAShareOfOneOverEInItsTimeConstant() {
        double[][] in = new double[3][1000];
        Arrays.fill(in[0], 7);
        double[][] out = SignalChain.whole(in, SHAPE, List.of(new DcRemoval(1 / (2 * Math.PI))));
        assertThat(out[0][0]).isEqualTo(7);
        assertThat(out[0][999] * Math.exp(-0.001)).isCloseTo(7 / Math.E, within(1e-9));
    }

    @Test
    void saysWhatIsWrongWithItsCutoff() {
        assertThatThrownBy(() -> new DcRemoval(-1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("remove-dc: the cutoff is -1.0 Hz; give a positive frequency");
        assertThatThrownBy(() -> new DcRemoval(600).prepare(SHAPE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "remove-dc: the cutoff is 600.0 Hz; at a sample rate of 1000 Hz it must be"
                                + " below 500.0 Hz");
    }
}
