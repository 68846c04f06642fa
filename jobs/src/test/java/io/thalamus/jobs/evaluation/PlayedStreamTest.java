/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.AvroFormat;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlayedStreamTest {
    private final PlayedStream stream = new PlayedStream("s", Waves.RATE, 8);
    private final float[] before = {1, 2, 3, 4, 5, 6, 7, 8};

    @Test
    void isARecordingThatBeginsAtZero(@TempDir Path folder) throws IOException {
        float[] first = Waves.noise(1, 600);
        float[] second = Waves.noise(2, 600);
        new PlayedStream("a.b", Waves.RATE, 600)
                .record(folder, List.of("x", "y"), List.of(first, second));

        float[] read = new float[1200];
        try (RecordingReader reader =
                new AvroFormat(RecordingOptions.defaults())
                        .open(
                                new org.apache.flink.core.fs.Path(folder + "/a.b.avro"),
                                "a.b",
                                new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                SignalFrame frame = next.frame();
                assertThat(frame.streamId()).isEqualTo("a.b");
                assertThat(frame.channels()).containsExactly("x", "y");
                assertThat(frame.startNanos()).isEqualTo(125_000 * frame.sequence());
                for (int n = 0; n < frame.length(); n++) {
                    read[(int) frame.sequence() + n] = frame.sample(0, n);
                    read[600 + (int) frame.sequence() + n] = frame.sample(1, n);
                }
            }
        }
        assertThat(Arrays.copyOf(read, 600)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(read, 600, 1200)).isEqualTo(second);
    }

    /** The time counts, not the number: a step that waits numbers its output as it likes. */
    @Test
    void whatCameLiesAtItsOwnTime() {
        PlayedStream.Outcome outcome =
                stream.outcome(
                        List.of(
                                Waves.frame("s", 70, 4 * 125_000 + 1, new float[] {50, 60}),
                                Waves.frame("s", 0, 125_000, new float[] {20, Float.NaN}),
                                Waves.frame("s", 9, 7 * 125_000, new float[] {80, 90}),
                                Waves.frame("s", 9, -125_000, new float[] {0, 10})),
                        before);
        assertThat(outcome.samples()).containsExactly(10, 20, 3, 4, 50, 60, 7, 80);
        assertThat(outcome.missing()).isEqualTo(3);
    }

    @Test
    void theFirstChannelIsCompared() {
        SignalFrame two =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        0,
                        Waves.RATE,
                        List.of("a", "b"),
                        new float[] {10, 20, 30, 40, 50, 60, 70, 80, 0, 0, 0, 0, 0, 0, 0, 0},
                        0);
        assertThat(stream.outcome(List.of(two), before).samples())
                .containsExactly(10, 20, 30, 40, 50, 60, 70, 80);
    }

    @Test
    void nothingAndAnotherRateAreRefused() {
        assertThatThrownBy(() -> stream.outcome(List.of(), before))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("of s nothing came out");
        SignalFrame slow =
                new SignalFrame(
                        "s", 0, 0, 0, SampleRate.ofHertz(4000), List.of("out"), new float[] {1}, 0);
        assertThatThrownBy(() -> stream.outcome(List.of(slow), before))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("resample at the end");
    }
}
