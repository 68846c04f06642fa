/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.signal.BesideTrigger;
import io.thalamus.operators.signal.FrameTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.testing.TestStream;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubjectStandardiseTest {
    private static final SubjectStandardise SCALING =
            new SubjectStandardise(
                    new Subjects(List.of("S01", "S02")),
                    List.of(
                            new Standardise(new double[] {0, 0}, new double[] {1, 1}),
                            new Standardise(new double[] {1, 2}, new double[] {2, 4})));

    private static SignalFrame scaled(FrameTransform frames, SignalFrame frame) {
        List<SignalFrame> out = new ArrayList<>();
        frames.apply(frame, frames.before(frame), out::add);
        return out.get(0);
    }

    @Test
    void eachStreamHasTheFiguresOfItsSubject() {
        FrameTransform frames = new FrameTransform(SCALING);
        for (String id : List.of("S02/evening", "S01", "S02")) {
            SignalFrame frame = TestStream.of(id).frame(0, 5);
            SignalFrame out = scaled(frames, frame);
            for (int n = 0; n < 5; n++) {
                float x = frame.sample(1, n);
                assertThat(out.sample(1, n)).isEqualTo(id.equals("S01") ? x : (x - 2.0f) / 4);
            }
        }
    }

    @Test
    void aTriggerGoesPastIt() {
        SignalTransform cued = new BesideTrigger(SCALING, new Trigger("c2", 0, Duration.ZERO));
        SignalFrame frame = TestStream.of("S02").withChannels(3).frame(0, 1);
        assertThat(scaled(new FrameTransform(cued), frame).samples())
                .containsExactly(
                        (frame.sample(0, 0) - 1) / 2,
                        (frame.sample(1, 0) - 2) / 4,
                        frame.sample(2, 0));
    }

    @Test
    void aStreamOfNobodyIsRefused() {
        FrameTransform frames = new FrameTransform(SCALING);
        assertThatThrownBy(() -> frames.before(TestStream.of("S03").frame(0, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stream S03 is of none of the subjects [S01, S02]");
    }
}
