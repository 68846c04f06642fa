/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import static io.thalamus.operators.signal.filter.Golden.SHAPE;
import static io.thalamus.operators.signal.filter.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ButterworthTest extends SignalTransformContract {
    private static final SampleRate RATE = SampleRate.ofHertz(1000);

    @Override
    protected SignalTransform transform() {
        return new Butterworth(Band.bandPass(0.2, 0.9), 3);
    }

    @Override
    protected int samples() {
        return 300;
    }

    static Stream<Arguments> golden() {
        return Stream.of(
                Arguments.of("iir-lowpass-60", new Butterworth(Band.lowPass(60), 4)),
                Arguments.of("iir-highpass-1", new Butterworth(Band.highPass(1), 2)),
                Arguments.of("iir-bandpass-0.5-200", new Butterworth(Band.bandPass(0.5, 200), 4)),
                Arguments.of("iir-bandstop-48-52", new Butterworth(Band.bandStop(48, 52), 2)));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void hasTheReferencesSections(String folder, Butterworth filter) {
        assertClose(filter.sections(RATE).coefficients(), Golden.of(folder).vector("sos"), 1e-9);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void filtersAsTheReference(String folder, Butterworth filter) {
        Golden golden = Golden.of(folder);
        assertClose(
                SignalChain.whole(golden.signal("in"), SHAPE, List.of(filter)),
                golden.signal("causal"),
                1e-7);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void filtersRecordingsAsTheReference(String folder, Butterworth filter) {
        Golden golden = Golden.of(folder);
        assertClose(
                ZeroPhase.filter(golden.signal("in"), SHAPE, filter),
                golden.signal("zero_phase"),
                1e-7);
    }

    @Test
    void saysWhatIsWrongWithItsFigures() {
        assertThatThrownBy(() -> new Butterworth(Band.lowPass(1), 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("butterworth: order is 0; give one from 1 to 20");
        assertThatThrownBy(() -> new Butterworth(Band.lowPass(1), 21))
                .hasMessage("butterworth: order is 21; give one from 1 to 20");
    }

    @Test
    void refusesACutoffThatTheRateDoesNotHold() {
        Butterworth filter = new Butterworth(Band.bandPass(10, 500), 2);
        assertThatThrownBy(() -> filter.prepare(SHAPE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "band-pass: a cutoff is 500.0 Hz; at a sample rate of 1000 Hz it must be"
                                + " below 500.0 Hz");
        assertThat(filter.prepare(withRate(1001)).outputShape()).isEqualTo(withRate(1001));
    }

    @Test
    void refusesWhatWouldNotBeStable() {
        Butterworth filter = new Butterworth(Band.highPass(1e-12), 4);
        assertThatThrownBy(() -> filter.prepare(SHAPE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("the filter is not stable in float64; ");
    }

    private static StreamShape withRate(long hertz) {
        return new StreamShape(SHAPE.channels(), SampleRate.ofHertz(hertz));
    }
}
