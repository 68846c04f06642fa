/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;

/** Keeps what an aligner gives. */
final class Joined implements AlignmentOutput {
    final List<SignalFrame> frames = new ArrayList<>();
    final List<SignalFrame> late = new ArrayList<>();
    final List<String> interruptions = new ArrayList<>();
    long missing;

    @Override
    public void joined(SignalFrame frame) {
        frames.add(frame);
    }

    @Override
    public void late(SignalFrame frame) {
        late.add(frame);
    }

    @Override
    public void missing(long points) {
        missing += points;
    }

    @Override
    public void interrupted(String reason, long onsetNanos, long resumedNanos) {
        interruptions.add(reason + " from " + onsetNanos + " to " + resumedNanos);
    }

    /** All that is given, sample for sample, whatever the frames. */
    List<String> samples() {
        List<String> samples = new ArrayList<>();
        int segment = 0;
        for (SignalFrame frame : frames) {
            assertThat(Quality.RESUMED.in(frame.quality()))
                    .as("%s", frame)
                    .isEqualTo(frame.segment() > segment);
            segment = frame.segment();
            boolean any = false;
            for (int n = 0; n < frame.length(); n++) {
                List<Integer> bits = new ArrayList<>();
                for (int channel = 0; channel < frame.channels().size(); channel++) {
                    bits.add(Float.floatToIntBits(frame.sample(channel, n)));
                    any |= Float.isNaN(frame.sample(channel, n));
                }
                samples.add(
                        "%s %d in %d at %d: %s %s"
                                .formatted(
                                        frame.streamId(),
                                        frame.sequence() + n,
                                        frame.segment(),
                                        frame.startNanos() + frame.rate().nanosOf(n),
                                        frame.channels(),
                                        bits));
            }
            assertThat(Quality.MISSING.in(frame.quality())).as("%s", frame).isEqualTo(any);
        }
        return samples;
    }
}
