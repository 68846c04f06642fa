/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class CsvReaderPropertyTest {
    private static final String HEADER = "t,line,x";

    private Path file;

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("load", ".csv");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 300)
    void aReaderRestoredAnywhereGoesOnAsIfUndisturbed(
            @ForAll long seed,
            @ForAll @IntRange(max = 120) int rows,
            @ForAll @IntRange(min = 1, max = 20) int frameLength,
            @ForAll boolean irregular,
            @ForAll @DoubleRange(min = 0, max = 1) double killed)
            throws IOException {
        write(lines(seed, rows));
        Random random = new Random(seed);

        Recording recording = recording(frameLength, irregular);

        assertThat(recording.readKilled(random, killed)).isEqualTo(recording.read());
    }

    @Property(tries = 300)
    void everyLineIsEitherInAFrameOrADeadLetter(
            @ForAll long seed,
            @ForAll @IntRange(max = 120) int rows,
            @ForAll @IntRange(min = 1, max = 20) int frameLength)
            throws IOException {
        List<String> lines = lines(seed, rows);
        write(lines);

        List<Long> seen = new ArrayList<>();
        long nextSequence = 0;
        try (RecordingReader reader = recording(frameLength, false).open(new byte[0])) {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                if (next.frame() == null) {
                    DeadLetter letter = next.deadLetter();
                    seen.add(letter.position());
                    assertThat(new String(letter.payload(), StandardCharsets.UTF_8))
                            .isEqualTo(lines.get((int) letter.position() - 1));
                } else {
                    SignalFrame frame = next.frame();
                    assertThat(frame.sequence()).isGreaterThanOrEqualTo(nextSequence);
                    assertThat(frame.sequence() / frameLength)
                            .isEqualTo((frame.nextSequence() - 1) / frameLength);
                    nextSequence = frame.nextSequence();
                    for (int i = 0; i < frame.length(); i++) {
                        seen.add((long) frame.sample(0, i));
                    }
                }
            }
        }
        long[] dataLines =
                LongStream.rangeClosed(2, lines.size())
                        .filter(number -> !lines.get((int) number - 1).isBlank())
                        .toArray();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen.stream().sorted().mapToLong(Long::longValue).toArray())
                .isEqualTo(dataLines);
    }

    @Property(tries = 20)
    void aRestoredReaderDoesNotReadWhatWasReadAgain(@ForAll long seed) throws IOException {
        List<String> lines = lines(seed, 100);
        write(lines);
        List<Received> rest = new ArrayList<>();
        byte[] position;
        try (RecordingReader reader = recording(8, false).open(new byte[0])) {
            while (reader.next().frame() == null || rest.size() == 0) {
                rest.add(null);
            }
            rest.clear();
            position = reader.position();
            rest.addAll(Recording.rest(reader));
        }
        byte[] content = Files.readAllBytes(file);
        long offset = CsvPosition.decode(position).mark().offset();
        for (int i = HEADER.length() + 1; i < offset; i++) {
            content[i] = '#';
        }
        Files.write(file, content);

        try (RecordingReader reader = recording(8, false).open(position)) {
            assertThat(Recording.rest(reader)).isEqualTo(rest);
        }
    }

    /**
     * A recording with all that can be wrong: gaps, blank lines, ragged rows, unreadable times and
     * numbers, broken quotes, duplicates, swapped rows. The second field is the line's number.
     */
    private static List<String> lines(long seed, int rows) {
        Random random = new Random(seed);
        List<Integer> times = new ArrayList<>();
        int time = 1000;
        for (int i = 0; i < rows; i++) {
            times.add(time);
            time += random.nextInt(10) == 0 ? random.nextInt(40) : 10;
        }
        for (int i = 1; i < rows; i++) {
            if (random.nextInt(15) == 0) {
                Collections.swap(times, i, random.nextInt(i));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        lines.add("1000,2,0");
        for (int t : times) {
            int number = lines.size() + 1;
            lines.add(
                    switch (random.nextInt(20)) {
                        case 0 -> "";
                        case 1 -> t + "," + number;
                        case 2 -> t + "," + number + ",1,2";
                        case 3 -> "x," + number + ",1";
                        case 4 -> t + "," + number + ",x";
                        case 5 -> t + "," + number + ",\"1";
                        case 6 -> t + "," + number + ",";
                        case 7 -> "\"" + t + "\"," + number + ",\"" + random.nextFloat() + "\"";
                        default -> t + "," + number + "," + random.nextFloat();
                    });
        }
        return lines;
    }

    private void write(List<String> lines) throws IOException {
        Files.writeString(file, String.join(lines.size() % 2 == 0 ? "\n" : "\r\n", lines));
    }

    private Recording recording(int frameLength, boolean irregular) {
        CsvOptions options =
                CsvOptions.defaults()
                        .withTimeFormat(
                                new TimeFormat(TimeFormat.EPOCH_SECONDS, TimeFormat.iso().zone()))
                        .withRate(new SampleRate(1, 10))
                        .withFrameLength(frameLength);
        return new Recording(new CsvFormat(irregular ? options.atTheirOwnTimes() : options), file);
    }
}
