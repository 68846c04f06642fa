/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.jobs.simulation.CallSimulator;
import io.thalamus.jobs.simulation.SimulatedRecording;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped echo canceller as a pipeline, on Flink. */
class EchoITCase {
    private static final Path PRESET = Path.of("../pipelines/echo.yaml");
    private static final CallSimulator CALL = new CallSimulator(3, 1.3);
    private static final int SAMPLES = 20_800;
    private static final SampleRate RATE = SampleRate.ofHertz(16_000);

    @TempDir private Path folder;

    @BeforeEach
    void writeCall() throws IOException {
        write(folder.resolve("calls"), CALL.frames("call"));
    }

    private static void write(Path into, List<SignalFrame> frames) throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(into.toString(), WrittenFormat.WAV16, false)) {
            for (SignalFrame frame : frames) {
                out.write(frame);
            }
            out.finish();
        }
    }

    /** What comes out, and nothing else, in the order of the samples. */
    private static List<SignalFrame> run(String source, String... more) throws Exception {
        List<String> settings = new ArrayList<>(List.of("source.path=" + source));
        settings.addAll(List.of(more));
        return Observation.of(
                        PipelineSpec.load(PRESET, settings),
                        frame -> frame,
                        EnumSet.of(Observation.Kept.RESULTS),
                        metrics -> assertThat(metrics.deadLetters()).isZero())
                .results(SignalFrame.class);
    }

    /** The samples of frames that follow on one another, each at its time. */
    private static float[] joined(List<SignalFrame> frames) {
        SignalFrame first = frames.get(0);
        float[] samples = new float[frames.stream().mapToInt(SignalFrame::length).sum()];
        int at = 0;
        for (SignalFrame frame : frames) {
            assertThat(frame.streamId()).isEqualTo("call");
            assertThat(frame.channels()).containsExactly("voice");
            assertThat(frame.sequence()).isEqualTo(first.sequence() + at);
            assertThat(frame.segment()).isEqualTo(first.segment());
            assertThat(frame.startNanos()).isEqualTo(first.startNanos() + RATE.nanosOf(at));
            System.arraycopy(frame.samples(), 0, samples, at, frame.length());
            at += frame.length();
        }
        return samples;
    }

    @ParameterizedTest(name = "hop {0}")
    @CsvSource({"16ms, 1", "128ms, 8", "256, 1", "512ms, 32"})
    void asManySamplesComeOutAsWentInWhateverTheBlock(String hop, int frames) throws Exception {
        List<SignalFrame> voice = run(folder.resolve("calls").toString(), "window.hop=" + hop);

        assertThat(voice.get(0).length()).isEqualTo(frames * 256);
        assertThat(voice.get(0).sequence()).isZero();
        float[] samples = joined(voice);
        assertThat(samples).hasSize(SAMPLES);
        float[] other = joined(run(folder.resolve("calls").toString(), "window.hop=64ms"));
        for (int n = 0; n < SAMPLES; n++) {
            assertThat(samples[n]).as("sample %d", n).isCloseTo(other[n], within(2e-5f));
        }
    }

    @ParameterizedTest(name = "frame {0}")
    @CsvSource({"1000, 1, 1ms", "777, 8, 50ms", "40000, 3, 1s"})
    void nothingButTheCallDecidesWhatComesOut(int frame, int batch, String delay) throws Exception {
        String calls = folder.resolve("calls").toString();
        write(folder.resolve("calls"), new CallSimulator(4, 1).frames("other"));
        List<SignalFrame> voice =
                run(
                        calls,
                        "source.frame=" + frame,
                        "model.batch.size=" + batch,
                        "model.batch.delay=" + delay);
        List<SignalFrame> alone = run(folder.resolve("calls/call.wav").toString());

        assertThat(voice.stream().filter(part -> part.streamId().equals("call"))).isEqualTo(alone);
    }

    @Test
    void microphoneAndFarEndMayComeAsStreamsOfTheirOwn() throws Exception {
        for (int channel = 0; channel < 2; channel++) {
            int member = channel;
            write(
                    folder.resolve("members"),
                    CALL.frames("call").stream()
                            .map(frame -> CallSimulator.member(frame, member))
                            .toList());
        }
        List<SignalFrame> voice =
                run(
                        folder.resolve("members").toString(),
                        "align.members=[microphone, far-end]",
                        "align.rate=16000",
                        "align.limit=2s");

        assertThat(joined(voice))
                .isEqualTo(joined(run(folder.resolve("calls/call.wav").toString())));
    }

    /** What is behind a gap is what it is in a call of its own. */
    @Test
    void aCallWithAGapIsTwoCalls() throws Exception {
        StringBuilder rows = new StringBuilder();
        new SimulatedRecording(CALL, 1, 0).write(rows);
        List<String> lines = rows.toString().lines().toList();
        int gap = 9000;
        int behind = 9500;
        List<String> left = new ArrayList<>(lines.subList(0, gap + 1));
        left.addAll(lines.subList(behind + 1, lines.size()));
        Path whole = Files.createDirectories(folder.resolve("gap")).resolve("call.csv");
        Files.write(whole, left);
        List<String> rest = new ArrayList<>(lines.subList(0, 1));
        rest.addAll(lines.subList(behind + 1, lines.size()));
        Path alone = Files.createDirectories(folder.resolve("alone")).resolve("call.csv");
        Files.write(alone, rest);
        String[] csv = {
            "source.type=csv",
            "source.rate=16000",
            "source.time-column=time",
            "source.time-format=epoch-seconds",
            "source.frame=500"
        };
        List<SignalFrame> voice = run(whole.toString(), csv);

        float[] before = joined(voice.stream().filter(f -> f.segment() == 0).toList());
        float[] after = joined(voice.stream().filter(f -> f.segment() == 1).toList());
        assertThat(before).hasSize(gap);
        assertThat(after).hasSize(SAMPLES - behind).isEqualTo(joined(run(alone.toString(), csv)));
        assertThat(Arrays.hashCode(before)).isNotEqualTo(Arrays.hashCode(after));
    }
}
