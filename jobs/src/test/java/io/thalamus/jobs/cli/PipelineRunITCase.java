/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.jobs.ChannelMean;
import io.thalamus.jobs.SquareScores;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineRunITCase {
    private static final SampleRate RATE = SampleRate.ofHertz(44_100);

    @TempDir private Path folder;

    @Test
    void framesGoThroughAPipelineWithoutItsSource() throws Exception {
        Files.writeString(folder.resolve("unread.csv"), "time,a\n2020-01-01,1\n2020-01-02,2\n");
        Path file =
                Files.writeString(
                        folder.resolve("plain.yaml"),
                        """
                        name: plain
                        source: {type: csv, path: unread.csv}
                        order: {reorder: 4}
                        sink: {type: jsonl, path: frames}
                        dead-letters: {type: jsonl, path: dead-letters}
                        """);
        SignalFrame first = frame(0, 0, 1, 2, 3, 4);
        SignalFrame second = frame(2, Quality.MISSING.bit(), 5, Float.NaN, 7, 8);
        PipelineSpec spec = PipelineSpec.load(file, List.of());

        Set<Thread> before = Thread.getAllStackTraces().keySet();
        RunSummary summary;
        try (PipelineRun run = new PipelineRun(spec, 1, Map.of())) {
            summary = run.execute(List.of(second, first, second), metrics -> {});
        }
        Set<Thread> after = Thread.getAllStackTraces().keySet();

        assertThat(summary.samples()).isEqualTo(6);
        assertThat(summary.faults()).containsEntry("duplicateSamples", 2L);
        assertThat(new ResultFiles(folder.resolve("frames")).frames())
                .containsExactly(first, second);
        assertThat(new ResultFiles(folder.resolve("none")).annotations()).isEmpty();
        after.removeAll(before);
        assertThat(after)
                .as("what would go on at the end of the process")
                .noneMatch(thread -> thread.getName().contains("pekko"));
    }

    @Test
    void anomaliesAreCounted() throws Exception {
        SquareScores.bundle(folder.resolve("bundle"), 4);
        Files.writeString(
                folder.resolve("unread.csv"), "time,a,b\n2020-01-01,1,1\n2020-01-02,2,2\n");
        Path file =
                Files.writeString(
                        folder.resolve("anomaly.yaml"),
                        """
                        name: anomaly
                        source: {type: csv, path: unread.csv}
                        model: {bundle: bundle, engine: none}
                        detection:
                          threshold: {type: fixed, value: 20}
                          events: {type: jsonl, path: events}
                        sink: {type: jsonl, path: scores}
                        dead-letters: {type: jsonl, path: dead-letters}
                        """);
        SignalFrame frame = frame(0, 0, 5, 0, 5, 0, 5, 0, 5, 0);
        PipelineSpec spec = PipelineSpec.load(file, List.of());

        RunSummary summary;
        try (PipelineRun run = new PipelineRun(spec, 1, Map.of())) {
            summary = run.execute(List.of(frame), metrics -> {});
        }

        assertThat(summary.anomalies()).isEqualTo(2);
        assertThat(summary.text()).containsPattern("anomalies +2\\R");
        assertThat(summary.outputs())
                .anySatisfy(output -> assertThat(output).contains("events/events-"));
    }

    @Test
    void tellsWhatTheModelHasFilled() throws Exception {
        ChannelMean.bundle(folder.resolve("fills"), 4, true);
        Files.writeString(
                folder.resolve("unread.csv"), "time,a,b\n2020-01-01,1,1\n2020-01-02,2,2\n");
        Path file =
                Files.writeString(
                        folder.resolve("fills.yaml"),
                        """
                        name: fills
                        source: {type: csv, path: unread.csv}
                        order: {gap: fill, fill: {method: model, limit: 2}}
                        model: {bundle: fills, engine: none}
                        sink: {type: jsonl, path: filled}
                        dead-letters: {type: jsonl, path: refused}
                        """);
        SignalFrame first = frame(0, 0, 1, 2, 3, 4);
        SignalFrame second = frame(4, Quality.MISSING.bit(), 5, Float.NaN, 7, 8);
        SignalFrame last = frame(20, Quality.MISSING.bit(), 5, Float.NaN, 7, 8);

        RunSummary summary;
        try (PipelineRun run = new PipelineRun(PipelineSpec.load(file, List.of()), 1, Map.of())) {
            summary = run.execute(List.of(first, second, last), metrics -> {});
        }

        assertThat(summary.filled()).isEqualTo(5);
        assertThat(summary.unfilled()).isEqualTo(1);
        assertThat(summary.faults()).containsEntry("lostSamples", 2L + 14);
        assertThat(summary.faults()).containsEntry("filledSamples", 0L);
        assertThat(summary.text()).contains("5 values; 1 stay missing");
        assertThat(new ResultFiles(folder.resolve("filled")).frames())
                .map(frame -> frame.sequence() + ": " + frame.quality())
                .containsExactly("0: 0", "2: 2", "4: 18", "20: 17");
    }

    private static SignalFrame frame(long sequence, int quality, float... samples) {
        return new SignalFrame(
                "s",
                sequence,
                0,
                RATE.nanosOf(sequence),
                RATE,
                List.of("a", "b"),
                samples,
                quality);
    }
}
