/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingFolderTest {
    private static final long START =
            Instant.parse("2024-05-06T07:08:09Z").getEpochSecond() * 1_000_000_000L + 123_456_789;
    private static final long SECOND = 1_000_000_000L;

    @TempDir Path temporary;

    private Path folder;

    @BeforeEach
    void nameFolder() {
        folder = temporary.resolve("out/new");
    }

    @Test
    void aRecordingIsNamedAfterItsStreamWhateverThatIs() throws IOException {
        List<String> files =
                write(
                        WrittenFormat.WAV,
                        frame("night/256 Hz", 0, 0, 1),
                        frame("../\u00f6", 0, 0, 1),
                        frame("night/256 Hz", 5, 0, 1),
                        frame("night%2F256 Hz-0002", 0, 0, 1),
                        frame("", 0, 0, 1),
                        new Annotation("a", START, 0, "remark"));

        assertThat(names())
                .containsExactlyInAnyOrder(
                        "night%2F256 Hz.wav",
                        "night%2F256 Hz-0002.wav",
                        "%2E.%2F%C3%B6.wav",
                        "night%252F256 Hz-0002.wav",
                        "%.wav",
                        "a.annotations.avro");
        assertThat(files).hasSize(6).contains(folder.resolve("night%2F256 Hz.wav").toString());
    }

    @ParameterizedTest
    @EnumSource
    void aRecordingsNameComesBack(WrittenFormat format) throws IOException {
        List<String> ids = List.of("night/256 Hz", "../\u00f6", "50%", "100%25", ".a+b.c", "", "%");
        write(format, ids.stream().map(id -> frame(id, 0, 0, 1)).toArray());

        assertThat(streams()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void furtherFilesOfARecordingAreStreamsOfTheirOwn() throws IOException {
        write(WrittenFormat.WAV, frame("a/b", 0, 0, 1), frame("a/b", 5, 0, 1));

        assertThat(streams()).containsExactlyInAnyOrder("a/b", "a/b-0002");
    }

    @ParameterizedTest
    @ValueSource(strings = {"50%", "a%20b", "%zz", "%41", "a+b", "%2f", "%FF"})
    void aFileThatIsNamedOtherwiseKeepsItsName(String name) throws IOException {
        write(WrittenFormat.WAV, frame("s", 0, 0, 1));
        Files.move(folder.resolve("s.wav"), folder.resolve(name + ".wav"));

        assertThat(streams()).containsExactly(name);
    }

    private List<String> streams() throws IOException {
        return RecordedSource.of(folder.toString(), DetectedFormat.of(RecordingOptions.defaults()))
                .describe()
                .stream()
                .flatMap(recording -> recording.streams().stream())
                .map(StreamDescription::streamId)
                .toList();
    }

    @Test
    void anAvroFileHasTheStreamsOfARecording() throws IOException {
        SignalFrame eeg = frame("night/256Hz", 7, 2, 1, 2);
        SignalFrame pulse = frame("night/1Hz", 0, 0, 3);
        Annotation remark = new Annotation("night", START, 0, "spindle");

        write(WrittenFormat.AVRO, eeg, remark, pulse, frame("other", 0, 0, 1));

        assertThat(names()).containsExactlyInAnyOrder("night.avro", "other.avro");
        assertThat(read("night.avro"))
                .containsExactly(
                        Received.frame(eeg), Received.annotation(remark), Received.frame(pulse));
    }

    @ParameterizedTest
    @EnumSource
    void filesAreReplacedOnlyIfThatIsWanted(WrittenFormat format) throws IOException {
        write(format, frame("s", 0, 0, 1, 2));
        String name = names().get(0);
        byte[] before = Files.readAllBytes(folder.resolve(name));

        assertThatThrownBy(() -> write(format, frame("s", 0, 0, 3)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "'%s' is there already: name another folder, or overwrite it"
                                .formatted(folder.resolve(name)));
        assertThat(folder.resolve(name)).hasBinaryContent(before);

        try (RecordingFolder out = RecordingFolder.open(folder.toString(), format, true)) {
            out.write(frame("s", 0, 0, 3));
            out.finish();
        }
        assertThat(Recording.frames(read(name)).get(0).length()).isOne();
        assertThat(names()).containsExactly(name);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotFinishedLeavesNothing(WrittenFormat format) throws IOException {
        Path scratch = Files.createDirectory(temporary.resolve("scratch"));
        try (RecordingFolder out =
                RecordingFolder.open(folder.toString(), format, false, scratch)) {
            out.write(frame("s", 0, 0, 1));
            out.write(new Annotation("s", START, 0, "remark"));
            assertThat(scratch).isNotEmptyDirectory();
        }

        assertThat(folder).doesNotExist();
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void moreRecordingsThanFilesCanBeOpenAreRefused() throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(folder.toString(), WrittenFormat.WAV, false)) {
            for (int i = 0; i < 200; i++) {
                out.write(frame("s" + i, 0, 0, 1));
            }
            assertThatThrownBy(() -> out.write(frame("more", 0, 0, 1)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("more than 200 recordings, with 'more' the first");
        }
    }

    @Test
    void oneRecordingThatCannotBeFinishedCostsNoOther() throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(folder.toString(), WrittenFormat.WAV, false)) {
            for (String stream : List.of("a", "b", "c")) {
                out.write(frame(stream, 0, 0, 1));
                out.write(new Annotation(stream, START, 0, "remark"));
            }
            // What cannot be replaced by a file.
            Files.createDirectories(folder.resolve("a.wav/in the way"));
            Files.createDirectories(folder.resolve("c.annotations.avro/in the way"));

            assertThatThrownBy(out::finish)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("2 of 3 recordings could not be finished and are lost")
                    .hasMessageContainingAll("'a' (", "'c' (")
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
        }

        assertThat(folder.resolve("b.wav")).isRegularFile();
        assertThat(folder.resolve("c.wav")).isRegularFile();
        assertThat(folder.resolve("a.annotations.avro")).isRegularFile();
        assertThat(names()).noneMatch(name -> name.endsWith(".unfinished"));
    }

    @ParameterizedTest
    @EnumSource
    void aNameTooLongForAFileIsRefusedWhenItsStreamComes(WrittenFormat format) throws IOException {
        write(format, frame("s".repeat(200), 0, 0, 1), new Annotation("s".repeat(200), 0, 0, "r"));
        try (RecordingFolder out = RecordingFolder.open(folder.toString(), format, false)) {
            assertThatThrownBy(() -> out.write(frame("\u00f6".repeat(34), 0, 0, 1)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("takes 204 bytes in a file's name, and at most 200");
        }
    }

    @Test
    void whatAFileCannotHoldIsRefusedInOneSentence() {
        SignalFrame odd =
                new SignalFrame(
                        "s", 0, 0, 0, new SampleRate(1_000_003, 7), List.of("a"), new float[1], 0);
        assertThatThrownBy(() -> write(WrittenFormat.WAV, odd))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'s' has 1000003/7 Hz, and a WAV file whole rates only");
        SignalFrame odder =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        0,
                        new SampleRate(499_999_993, 1),
                        List.of("a"),
                        new float[1],
                        0);
        assertThatThrownBy(() -> write(WrittenFormat.EDF, odder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("499999993 Hz and 1 channels, for which no data record");
        assertThatThrownBy(
                        () ->
                                write(
                                        WrittenFormat.BDF,
                                        new Annotation("s", 0, 0, "x".repeat(60_000))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("more than an EDF file can hold");
        SignalFrame many =
                new SignalFrame(
                        "s",
                        0,
                        0,
                        0,
                        SampleRate.ofHertz(1),
                        Collections.nCopies(20_000, "a"),
                        new float[20_000],
                        0);
        assertThatThrownBy(() -> write(WrittenFormat.WAV, many))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("20000 channels, and a WAV file at most 16383");
    }

    @Test
    void aWavFileSaysWhenItBeginsToTheNanosecond() throws IOException {
        write(WrittenFormat.WAV16, frame("s", 0, 0, 0.5f, -2, Float.NaN, 3));

        byte[] bytes = Files.readAllBytes(folder.resolve("s.wav"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text.substring(12, 16)).isEqualTo("bext");
        assertThat(text.substring(20)).startsWith("start 2024-05-06T07:08:09.123456789Z\0");
        assertThat(text.substring(20 + 320)).startsWith("2024-05-0607:08:09");
        List<Received> read = read("s.wav");
        assertThat(read.get(0).frame().startNanos()).isEqualTo(START);
        assertThat(read.get(0).frame().samples()).containsExactly(0.5f, -1, 0, 32767 / 32768f);

        // Without what we say, the time code is true to the sample, here of 4 Hz.
        System.arraycopy(new byte[256], 0, bytes, 20, 256);
        Files.write(folder.resolve("s.wav"), bytes);
        assertThat(read("s.wav").get(0).frame().startNanos()).isEqualTo(START - 123_456_789);
    }

    @ParameterizedTest
    @CsvSource({"1000, 400000", "1000, -400000", "4, 100000000"})
    void aClockThatDriftsBeginsAWavFileBeforeTimesAreOff(int hertz, long offEach)
            throws IOException {
        // Of 1 kHz, 1 ms may add up, of 4 Hz a sample: the fourth frame of a file is beyond.
        SampleRate rate = SampleRate.ofHertz(hertz);
        List<SignalFrame> drifting =
                IntStream.range(0, 6)
                        .mapToObj(
                                i ->
                                        new SignalFrame(
                                                "s",
                                                2 * i,
                                                0,
                                                START + rate.nanosOf(2 * i) + i * offEach,
                                                rate,
                                                List.of("ch1"),
                                                new float[2],
                                                0))
                        .toList();

        write(WrittenFormat.WAV, drifting.toArray());

        assertThat(names()).containsExactlyInAnyOrder("s.wav", "s-0002.wav");
        assertThat(Recording.samples(read("s.wav"), "s", 0)).hasSize(6);
        assertThat(read("s-0002.wav").get(0).frame().startNanos())
                .isEqualTo(drifting.get(3).startNanos());
    }

    @Test
    void beyondFourGigabytesAWavFileIsRf64() throws IOException {
        long blocks = 1_500_000_000;
        byte[] head = WavWriter.head(WavWriter.Encoding.FLOAT_32, frame("s", 0, 0, 1), blocks);
        Path file = temporary.resolve("s.wav");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(head);
            sparse.setLength(head.length + blocks * Float.BYTES);
        }

        assertThat(new String(head, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("RF64");
        try (BinaryFile in = BinaryFile.open(new org.apache.flink.core.fs.Path(file.toString()))) {
            WavHeader header = WavHeader.read(in, RecordingOptions.defaults());
            assertThat(header.blocks()).isEqualTo(blocks);
            assertThat(header.announced()).isEqualTo(blocks * Float.BYTES);
            assertThat(header.startNanos()).isEqualTo(START);
        }
    }

    @Test
    void aGapIsOneOfADiscontinuousEdfFileIfADataRecordCanEndBeforeIt() throws IOException {
        // Data records of a second, which are four samples.
        SignalFrame first = frame("s", 0, 0, 1, 2, 3, 4, 5);
        SignalFrame long1 = frame("s", 12, 3 * SECOND, 6, 7);
        SignalFrame short1 = frame("s", 15, 3 * SECOND + 3 * SECOND / 4, 8);

        write(WrittenFormat.EDF, first, long1, short1);

        assertThat(names()).containsExactlyInAnyOrder("s.edf", "s-0002.edf");
        assertThat(describe("s.edf").format()).isEqualTo("EDF+D");
        assertThat(describe("s-0002.edf").format()).isEqualTo("EDF+C");
        assertThat(Recording.annotations(read("s.edf"))).isEmpty();
        List<SignalFrame> frames = Recording.frames(read("s.edf"));
        assertThat(frames).extracting(SignalFrame::sequence).containsExactly(0L, 4L, 12L);
        assertThat(frames).extracting(SignalFrame::length).containsExactly(4, 1, 2);
        assertThat(frames.get(2).startNanos()).isEqualTo(START + 3 * SECOND);
        assertThat(read("s-0002.edf").get(0).frame().startNanos()).isEqualTo(short1.startNanos());
    }

    @Test
    void anEdfFileHasTheWholeRangeOfItsSamples() throws IOException {
        float[] values = {-1e-9f, 3e-9f, Float.NaN, Float.POSITIVE_INFINITY};
        write(WrittenFormat.BDF, frame("s", 0, 0, values));

        assertThat(describe("s.bdf").format()).isEqualTo("BDF+C");
        float[] read = Recording.samples(read("s.bdf"), "s", 0);
        assertThat(read[0]).isCloseTo(-1e-9f, Offset.offset(1e-15f));
        assertThat(read[1]).isCloseTo(3e-9f, Offset.offset(1e-15f));
        assertThat(read[2]).isCloseTo(0, Offset.offset(1e-15f));
        assertThat(read[3]).isCloseTo(3e-9f, Offset.offset(1e-11f));
    }

    @Test
    void annotationsAloneAreAnEdfFileTooHoweverManyTheyAre() throws IOException {
        int count = 5000;
        try (RecordingFolder out =
                RecordingFolder.open(folder.toString(), WrittenFormat.EDF, false)) {
            for (int i = 0; i < count; i++) {
                out.write(new Annotation("s", START + (i - 9) * SECOND, 1, "remark " + i));
            }
            out.finish();
        }

        List<Annotation> read = Recording.annotations(read("s.edf"));
        assertThat(read).hasSize(count);
        assertThat(read.get(4999))
                .isEqualTo(new Annotation("s", START + 4990 * SECOND, 1, "remark 4999"));
    }

    private static SignalFrame frame(String stream, long sequence, long later, float... samples) {
        return new SignalFrame(
                stream,
                sequence,
                0,
                START + later,
                SampleRate.ofHertz(4),
                List.of("ch1"),
                samples,
                0);
    }

    private List<String> write(WrittenFormat format, Object... records) throws IOException {
        try (RecordingFolder out = RecordingFolder.open(folder.toString(), format, false)) {
            for (Object record : records) {
                if (record instanceof SignalFrame frame) {
                    out.write(frame);
                } else {
                    out.write((Annotation) record);
                }
            }
            return out.finish();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Recording recording(String name) {
        return new Recording(DetectedFormat.of(RecordingOptions.defaults()), folder.resolve(name));
    }

    private RecordingDescription describe(String name) throws IOException {
        return recording(name).describe();
    }

    private List<Received> read(String name) throws IOException {
        return recording(name).read();
    }
}
