/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.operators.signal.rate.Grid;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridReaderTest {
    @TempDir private Path folder;

    @Test
    void readsTheGridAndThatRowsAreIrregular() throws IOException {
        PipelineSpec spec =
                load(
                        "irregular: true",
                        "{reorder: 3, grid: {rate: 1/60, method: previous, limit: 10min}}");
        assertThat(spec.grid())
                .contains(
                        new Grid(
                                new SampleRate(1, 60),
                                Grid.Method.PREVIOUS,
                                Duration.ofMinutes(10)));
        assertThat(spec.order().reorder()).isEqualTo(3);
        assertThat(((SourceSpec.CsvSource) spec.source()).options().irregular()).isTrue();

        PipelineSpec usual = load("irregular: false", "{grid: {rate: 2, limit: 5s}}");
        assertThat(usual.grid().orElseThrow().method()).isEqualTo(Grid.Method.LINEAR);
        assertThat(((SourceSpec.CsvSource) usual.source()).options().irregular()).isFalse();
        assertThat(load("interval: 1s", "{reorder: 3}").grid()).isEmpty();
    }

    /** 48 kHz of a grid are raised to no rate that can be; of the recording's 1 Hz they would. */
    @Test
    void transformsAreCheckedAgainstTheGridsRate() {
        assertThat(problem("irregular: true", "{grid: {rate: 400000000, limit: 1us}}").message())
                .contains("2/1 of 400000000 Hz is no rate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "irregular: true | {reorder: 3} | source.irregular | give order.grid",
                "irregular: maybe | {reorder: 3} | source.irregular | neither true nor false",
                "'irregular: true, frame: 9' | '{grid: {rate: 1, limit: 5s}}' | source.frame | each"
                        + " row",
                "interval: 1s | {grid: {rate: 1}} | order.grid.limit | is missing",
                "interval: 1s | {grid: {limit: 1s}} | order.grid.rate | is missing",
                "interval: 1s | '{grid: {rate: 1, limit: 1s, methd: x}}' | order.grid.methd |"
                        + " unknown key",
                "interval: 1s | '{grid: {rate: 1, limit: 1s, method: cubic}}' | order.grid.method"
                        + " | 'cubic'",
                "interval: 1s | '{grid: {rate: 1, limit: 9d}}' | order.grid.limit | shorter limit",
                "interval: 1s | '{gap: fail, grid: {rate: 1, limit: 9s}}' | order.gap | does not go"
            })
    void saysWhatIsWrong(String source, String order, String path, String words) {
        Problem problem = problem(source, order);
        assertThat(problem.path()).isEqualTo(path);
        assertThat(problem.message()).contains(words);
    }

    @Test
    void anIrregularStreamOfARecordingNeedsAGridToo() throws IOException {
        Files.write(folder.resolve("session.xdf"), irregularXdf());
        Problem problem =
                catchThrowableOfType(
                                InvalidPipelineException.class,
                                () -> loadFrom("{type: recording, path: session.xdf}", "{}"))
                        .problems()
                        .get(0);
        assertThat(problem.path()).isEqualTo("source.path");
        assertThat(problem.message())
                .contains("session/gaze is irregular", "give order.grid, or the channels");

        assertThat(
                        loadFrom(
                                        "{type: recording, path: session.xdf}",
                                        "{grid: {rate: 2, limit: 5s}}")
                                .grid())
                .isPresent();
    }

    /** A file of one stream of two samples, after the specification of XDF 1.0. */
    private static byte[] irregularXdf() {
        ByteBuffer file = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        file.put("XDF:".getBytes(StandardCharsets.US_ASCII));
        chunk(file, 1, "<info><version>1.0</version></info>".getBytes(StandardCharsets.US_ASCII));
        String header =
                "\1\0\0\0<info><name>gaze</name><channel_count>1</channel_count>"
                        + "<nominal_srate>0</nominal_srate><channel_format>int8</channel_format>"
                        + "</info>";
        chunk(file, 2, header.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer samples = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
        samples.putInt(1).put((byte) 1).put((byte) 2);
        samples.put((byte) 8).putDouble(1).put((byte) 5);
        samples.put((byte) 8).putDouble(1.75).put((byte) 6);
        chunk(file, 3, samples.array());
        return Arrays.copyOf(file.array(), file.position());
    }

    private static void chunk(ByteBuffer file, int tag, byte[] content) {
        file.put((byte) 4).putInt(2 + content.length).putShort((short) tag).put(content);
    }

    private Problem problem(String source, String order) {
        List<Problem> problems =
                catchThrowableOfType(InvalidPipelineException.class, () -> load(source, order))
                        .problems();
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private PipelineSpec load(String source, String order) throws IOException {
        Files.writeString(
                folder.resolve("load.csv"),
                "date,a,b\n2020-01-01 00:00:00,1,2\n2020-01-01 00:00:01,1,2\n");
        return loadFrom("{type: csv, path: load.csv, %s}".formatted(source), order);
    }

    private PipelineSpec loadFrom(String source, String order) throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                """
                name: plain
                source: %s
                order: %s
                transforms:
                  - {id: twice, type: resample, up: 2, down: 1}
                sink: {type: csv, path: out/frames}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """
                        .formatted(source, order));
        return PipelineSpec.load(file, List.of());
    }
}
