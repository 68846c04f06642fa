/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {
    private static final CsvOptions FOUR = CsvOptions.defaults().withFrameLength(4);
    private static final long NOON = Instant.parse("2020-01-01T12:00:00Z").getEpochSecond();

    @TempDir Path folder;

    @Test
    void framesEndAtMultiplesOfTheirLengthAndAtTheEnd() throws IOException {
        List<SignalFrame> frames = Recording.frames(read(write(rows(10)), FOUR));

        assertThat(frames).extracting(SignalFrame::sequence).containsExactly(0L, 4L, 8L);
        assertThat(frames).extracting(SignalFrame::length).containsExactly(4, 4, 2);
        SignalFrame second = frames.get(1);
        assertThat(second.streamId()).isEqualTo("s");
        assertThat(second.channels()).containsExactly("a", "b");
        assertThat(second.samples()).containsExactly(4f, 5f, 6f, 7f, -4.5f, -5.5f, -6.5f, -7.5f);
        assertThat(second.rate()).isEqualTo(SampleRate.ofPeriod(Duration.ofSeconds(10)));
        assertThat(second.startNanos()).isEqualTo((NOON + 40) * 1_000_000_000L);
        assertThat(second.segment()).isZero();
        assertThat(second.quality()).isZero();
    }

    @Test
    void missingRowsMakeAJumpThatNoFrameSpans() throws IOException {
        List<String> lines = rows(12);
        lines.subList(3, 7).clear(); // samples 2 to 5

        List<SignalFrame> frames = Recording.frames(read(write(lines), FOUR));

        assertThat(frames).extracting(SignalFrame::sequence).containsExactly(0L, 6L, 8L);
        assertThat(frames).extracting(SignalFrame::nextSequence).containsExactly(2L, 8L, 12L);
        assertThat(frames.get(1).startNanos()).isEqualTo((NOON + 60) * 1_000_000_000L);
    }

    @Test
    void rowsFallOnTheNearestGridPoint() throws IOException {
        Path file =
                write(
                        List.of(
                                "t,a", "100,0", "110.4,1", "119.6,2", "130,3", "154.9,5",
                                "165,7")); // a tie goes up

        List<SignalFrame> frames =
                Recording.frames(
                        read(
                                file,
                                CsvOptions.defaults()
                                        .withTimeFormat(epoch(TimeFormat.EPOCH_SECONDS))
                                        .withRate(SampleRate.ofPeriod(Duration.ofSeconds(10)))));

        assertThat(frames).extracting(SignalFrame::sequence).containsExactly(0L, 5L, 7L);
        assertThat(frames.get(0).samples()).containsExactly(0, 1, 2, 3);
        assertThat(frames.get(1).startNanos()).isEqualTo(150_000_000_000L);
    }

    @Test
    void anIrregularRowHasItsOwnTimeAndIsAFrame() throws IOException {
        List<Received> read =
                read(
                        write(List.of("t,a", "100,0", "110.4,1", "x,9", "110.4,2", "90,", "165,4")),
                        CsvOptions.defaults()
                                .withTimeFormat(epoch(TimeFormat.EPOCH_SECONDS))
                                .withRate(SampleRate.ofHertz(2))
                                .atTheirOwnTimes()
                                .withFrameLength(4));

        List<SignalFrame> frames = Recording.frames(read);
        assertThat(frames).extracting(SignalFrame::sequence).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(frames).allMatch(frame -> frame.length() == 1);
        assertThat(frames)
                .extracting(SignalFrame::startNanos)
                .containsExactly(
                        100_000_000_000L,
                        110_400_000_000L,
                        110_400_000_000L,
                        90_000_000_000L,
                        165_000_000_000L);
        assertThat(frames).extracting(SignalFrame::rate).containsOnly(SampleRate.ofHertz(2));
        assertThat(frames.get(3).quality()).isEqualTo(Quality.MISSING.bit());
        assertThat(read).hasSize(6);
    }

    @Test
    void theIntervalIsTheMostFrequentDifferenceAndTheSmallerOfTwo() throws IOException {
        Path even = write(List.of("t,a", "0,0", "5,0", "8,0", "13,0", "16,0"));
        Path odd = write(List.of("t,a", "0,0", "5,0", "8,0", "13,0", "16,0", "21,0", "1,0"));
        CsvFormat format =
                new CsvFormat(
                        CsvOptions.defaults().withTimeFormat(epoch(TimeFormat.EPOCH_SECONDS)));

        assertThat(describe(format, even).streams().get(0).rate()).isEqualTo(new SampleRate(1, 3));
        assertThat(describe(format, odd).streams().get(0).rate()).isEqualTo(new SampleRate(1, 5));
    }

    @ParameterizedTest
    @CsvSource({"epoch-seconds, 5, 0", "epoch-seconds, 9, 1600000000", "epoch-nanos, 0, 7"})
    void rowsOfARateWithoutAWholePeriodAreNumberedOneByOne(
            String format, int decimals, long startSeconds) throws IOException {
        SampleRate rate = SampleRate.ofHertz(44_100);
        List<String> lines = new ArrayList<>(List.of("t,a"));
        for (int n = 0; n < 50_000; n += n < 500 || n >= 49_500 ? 1 : 49_000) {
            BigDecimal time =
                    BigDecimal.valueOf(n)
                            .divide(BigDecimal.valueOf(44_100), 9, RoundingMode.HALF_UP)
                            .add(BigDecimal.valueOf(startSeconds))
                            .movePointRight(format.equals("epoch-nanos") ? 9 : 0)
                            .setScale(decimals, RoundingMode.HALF_UP);
            lines.add(time.toPlainString() + "," + n);
        }

        List<Received> read =
                read(
                        write(lines),
                        CsvOptions.defaults().withTimeFormat(epoch(format)).withRate(rate));

        assertThat(Recording.refused(read)).isEmpty();
        for (SignalFrame frame : Recording.frames(read)) {
            for (int i = 0; i < frame.length(); i++) {
                assertThat(frame.sample(0, i)).isEqualTo(frame.sequence() + i);
            }
            assertThat(frame.startNanos())
                    .isEqualTo(startSeconds * 1_000_000_000 + rate.nanosOf(frame.sequence()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NaN", "NA", "null", "  ", "\"\""})
    void aMissingValueIsNaNAndFlagged(String token) throws IOException {
        List<String> lines = rows(8);
        lines.set(6, time(5) + "," + token + ",-5.5");

        List<SignalFrame> frames = Recording.frames(read(write(lines), FOUR));

        assertThat(frames.get(0).quality()).isZero();
        assertThat(frames.get(1).quality()).isEqualTo(Quality.MISSING.bit());
        assertThat(frames.get(1).samples())
                .containsExactly(4f, Float.NaN, 6f, 7f, -4.5f, -5.5f, -6.5f, -7.5f);
    }

    @Test
    void whatStandsForAMissingValueCanBeGiven() throws IOException {
        Path file = write(List.of("t,a", time(0) + ",-999", time(1) + ",1", time(2) + ","));

        List<Received> read = read(file, FOUR.withMissing(Set.of("-999")));

        assertThat(Recording.frames(read).get(0).samples()).containsExactly(Float.NaN, 1);
        assertThat(Recording.refused(read))
                .extracting(DeadLetter::error)
                .containsExactly("bad number");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2020-01-01T12:00:25,2|ragged row|the row has 2 fields where the header has 3",
                "2020-01-01T12:00:25,2,3,4|ragged row|the row has 4 fields where the header has 3",
                "12 o'clock,2,3|bad time|'12 o'clock' in column 'time' does not read as iso",
                "2020-02-31T12:00:25,2,3|bad time|'2020-02-31T12:00:25' in column 'time' does not"
                        + " read as iso",
                "2020-01-01T12:00:25,2,x|bad number|'x' in column 'b' is no number of 32 bits",
                "2020-01-01T12:00:25,1f,2|bad number|'1f' in column 'a' is no number of 32 bits",
                "2020-01-01T12:00:25,1e39,2|bad number|'1e39' in column 'a' is no number of 32"
                        + " bits",
                "2020-01-01T12:00:20,2,3|duplicate time|the row falls on sample 2 as the row before"
                        + " it does, at 1/10 Hz; if it is no duplicate, set interval or rate to the"
                        + " true one",
                "2020-01-01T12:00:10,2,3|time goes back|the row falls on sample 1, after sample 2:"
                        + " sort the rows by time",
                "\"2020-01-01T12:00:25,2,3|broken quote|a quoted field is not closed, or text"
                        + " follows its end",
                "\"2020-01-01T12:00:25\"x,2,3|broken quote|a quoted field is not closed, or text"
                        + " follows its end"
            })
    void aMalformedRowIsADeadLetterAndNothingElseIsTouched(String row, String error, String reason)
            throws IOException {
        List<String> lines = rows(10);
        lines.add(4, row); // behind sample 2, in the middle of a frame
        Path file = write(lines);

        List<Received> read = read(file, FOUR);

        assertThat(Recording.frames(read)).isEqualTo(Recording.frames(read(write(rows(10)), FOUR)));
        DeadLetter letter = Recording.refused(read).get(0);
        assertThat(Recording.refused(read)).hasSize(1);
        assertThat(letter.origin()).isEqualTo(file.toString());
        assertThat(letter.position()).isEqualTo(5);
        assertThat(letter.error()).isEqualTo(error);
        assertThat(letter.reason()).isEqualTo(reason);
        assertThat(letter.stage()).isEqualTo("recording");
        assertThat(letter.payload()).isEqualTo(row.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aDeadLetterKeepsBytesThatAreNoText() throws IOException {
        byte[] head = "t,a\n1,1\n2,2\n".getBytes(StandardCharsets.US_ASCII);
        byte[] bad = {'3', ',', (byte) 0xff, 0, (byte) 0xc3};
        Path file = folder.resolve("s.csv");
        try (var out = Files.newOutputStream(file)) {
            out.write(head);
            out.write(bad);
        }

        List<Received> read = read(file, FOUR.withTimeFormat(epoch(TimeFormat.EPOCH_SECONDS)));

        assertThat(Recording.refused(read)).extracting(DeadLetter::payload).containsExactly(bad);
        assertThat(Recording.refused(read))
                .extracting(DeadLetter::timeNanos)
                .containsExactly(3_000_000_000L);
    }

    @Test
    void quotesByteOrderMarksAndCarriageReturnsAreTakenAsMeant() throws IOException {
        String text =
                "\uFEFF\"time\",\"a \"\"left\"\"\",\"b;c\",note\r\n"
                        + "2020-01-01 12:00:00,\"1.5\", 2 ,\"x,y\"\r\n\r\n"
                        + "\"2020-01-01 12:00:01\",3,\"4\",\r\n"
                        + "2020-01-01 12:00:02,5,6,\"\"\"\"";
        Path file = folder.resolve("quoted.csv");
        Files.writeString(file, text);

        List<Received> read =
                read(file, FOUR.withChannels(List.of("b;c", "a \"left\"")).withTimeColumn("time"));

        assertThat(read).hasSize(1);
        SignalFrame frame = Recording.frames(read).get(0);
        assertThat(frame.channels()).containsExactly("b;c", "a \"left\"");
        assertThat(frame.samples()).containsExactly(2, 4, 6, 1.5f, 3, 5);
    }

    @Test
    void otherDelimitersAndAnyTimeColumn() throws IOException {
        Path tabs = write(List.of("a\tt\tb", "1\t0\t2", "3\t1000\t4"));
        CsvOptions options =
                FOUR.withDelimiter('\t')
                        .withTimeColumn("t")
                        .withTimeFormat(epoch(TimeFormat.EPOCH_MILLIS));

        SignalFrame frame = Recording.frames(read(tabs, options)).get(0);

        assertThat(frame.channels()).containsExactly("a", "b");
        assertThat(frame.samples()).containsExactly(1, 3, 2, 4);
        assertThat(frame.rate()).isEqualTo(SampleRate.ofHertz(1));
    }

    @Test
    void anEmptyTabSeparatedFieldIsMissing() throws IOException {
        Path tabs = write(List.of("t\ta\tb", "0\t\t2", "1000\t3\t"));
        CsvOptions options =
                FOUR.withDelimiter('\t').withTimeFormat(epoch(TimeFormat.EPOCH_MILLIS));

        assertThat(Recording.frames(read(tabs, options)).get(0).samples())
                .containsExactly(Float.NaN, 3, 2, Float.NaN);
    }

    @Test
    void aRangeGivesTheSamplesThatTheWholeGives() throws IOException {
        List<String> lines = rows(40);
        lines.add(5, time(3) + ",0,0,0"); // out of range: no business of this reader
        Path file = write(lines);
        Instant from = Instant.ofEpochSecond(NOON + 60);
        Instant to = Instant.ofEpochSecond(NOON + 220);

        List<Received> read = read(file, FOUR.withRange(from, to));

        assertThat(Recording.refused(read)).isEmpty();
        List<SignalFrame> whole = Recording.frames(read(file, FOUR));
        assertThat(Recording.frames(read))
                .extracting(SignalFrame::sequence)
                .containsExactly(6L, 8L, 12L, 16L, 20L);
        assertThat(Recording.frames(read).subList(1, 4)).isEqualTo(whole.subList(2, 5));
        assertThat(Recording.frames(read).get(4).samples())
                .containsExactly(20f, 21f, -20.5f, -21.5f);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5}) // behind sample 1, in the middle of a frame; and between two frames
    void aLongLineIsRefusedInPiecesAndTheRestIsRead(int place) throws IOException {
        List<String> lines = rows(8);
        String longLine = "x".repeat(2 * CsvLines.LONGEST + 17);
        lines.add(place, longLine);
        Path file = write(lines);

        List<Received> read = read(file, FOUR);

        assertThat(Recording.frames(read)).isEqualTo(Recording.frames(read(write(rows(8)), FOUR)));
        List<DeadLetter> pieces = Recording.refused(read);
        assertThat(pieces).extracting(DeadLetter::position).containsOnly(place + 1L);
        assertThat(pieces).extracting(DeadLetter::error).containsOnly("long line");
        assertThat(readRestoredBehindEachRecord(file, FOUR)).isEqualTo(read);
        StringBuilder joined = new StringBuilder();
        pieces.forEach(p -> joined.append(new String(p.payload(), StandardCharsets.US_ASCII)));
        assertThat(joined.toString()).isEqualTo(longLine);
    }

    @Test
    void describesFromTheHead() throws IOException {
        Path file = write(rows(5));

        assertThat(describe(new CsvFormat(FOUR.withChannels(List.of("b"))), file))
                .isEqualTo(
                        new RecordingDescription(
                                file.toString(),
                                "s",
                                "CSV",
                                Files.size(file),
                                NOON * 1_000_000_000L,
                                List.of(
                                        new StreamDescription(
                                                "s",
                                                List.of("b"),
                                                List.of(""),
                                                SampleRate.ofPeriod(Duration.ofSeconds(10))))));
    }

    @Test
    void whatCannotBeUsedIsSaidInOneSentence() throws IOException {
        assertInvalid(FOUR, "is empty: it needs a header and rows");
        assertInvalid(FOUR, "is empty: it needs a header and rows", "", "  ");
        assertInvalid(FOUR, "has a header and no rows: it needs at least one", "t,a", "");
        assertInvalid(
                FOUR.withTimeColumn("date"),
                "has no column 'date' for time-column: its columns are [t, a]; name one of them, or"
                        + " set delimiter to what stands between them",
                "t,a",
                "1,2");
        assertInvalid(
                FOUR.withChannels(List.of("a", "OT")),
                "has no column 'OT' for channels: its columns are [t, a]",
                "t,a",
                "1,2");
        assertInvalid(
                FOUR,
                "has no channels: its header 't;a' names only the time column; add columns, or set"
                        + " delimiter to what stands between them",
                "t;a",
                "1;2");
        assertInvalid(
                FOUR,
                "has no header: its first line begins with the time '2020-01-01'; put the columns'"
                        + " names above it",
                "2020-01-01,1",
                "2020-01-02,2");
        assertInvalid(FOUR, "has two columns 'a': rename one in its header", "t,a,a", "1,2,3");
        assertInvalid(
                FOUR,
                "has a column without a name in its header: name it, or list the wanted columns in"
                        + " channels",
                "t,a,",
                "1,2,3");
        assertInvalid(
                FOUR.withChannels(List.of("t")),
                "has 't' as its time: take it out of channels",
                "t,a",
                "1,2");
        assertInvalid(
                FOUR,
                "has no time in column 't' that reads as iso in its first 2 rows (the first is"
                        + " '1'): set time-column and time-format",
                "t,a",
                "1,2",
                "2,2");
        assertInvalid(
                FOUR,
                "has no two rows with rising times in column 't' to infer the sample interval"
                        + " from: sort the rows by time, or set interval or rate",
                "t,a",
                "2020-01-01,2",
                "2020-01-01,2");
        assertInvalid(
                FOUR,
                "has 10000000001 ns as the most frequent difference of times in column 't', which"
                        + " is no usable sample interval: set interval or rate",
                "t,a",
                "2020-01-01 00:00:00,2",
                "2020-01-01 00:00:10.000000001,2");
    }

    @Test
    void utf16AndAbsentFilesAreSaidInOneSentence() throws IOException {
        Path utf16 = folder.resolve("utf16.csv");
        Files.write(utf16, "t,a\n".getBytes(StandardCharsets.UTF_16));

        assertThatThrownBy(() -> read(utf16, FOUR))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("recording '" + utf16 + "' is UTF-16: save it as UTF-8");
        Path absent = folder.resolve("absent.csv");
        assertThatThrownBy(() -> read(absent, FOUR))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "recording '"
                                + absent
                                + "' cannot be read: name a file that exists and may be read");
    }

    @Test
    void impossibleOptionsAreSaidInOneSentence() {
        assertThatThrownBy(() -> FOUR.withDelimiter('"')).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> FOUR.withDelimiter('é')).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> FOUR.withFrameLength(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a frame holds 1 to 1048576 samples, not 0");
        assertThatThrownBy(() -> FOUR.withRange(Instant.EPOCH, Instant.EPOCH))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the end has to be later");
        assertThatThrownBy(() -> FOUR.withChannels(List.of("a", "a")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new TimeFormat("yyyy-bb", ZoneId.of("UTC")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("time format 'yyyy-bb' is none");
    }

    private void assertInvalid(CsvOptions options, String what, String... lines)
            throws IOException {
        Path file = write(List.of(lines));
        new Recording(new CsvFormat(options), file).assertInvalid(what);
    }

    @Test
    void aRowWhoseSampleHasNoEndIsRefused() throws IOException {
        long year = 365L * 24 * 3600;
        Path file = write(List.of("t,a", "0,0", 100 * year + ",1", 260 * year + ",2"));

        List<Received> read =
                read(
                        file,
                        CsvOptions.defaults()
                                .withTimeFormat(epoch(TimeFormat.EPOCH_SECONDS))
                                .withRate(new SampleRate(1, 100 * year)));

        assertThat(Recording.frames(read)).extracting(SignalFrame::length).containsExactly(2);
        assertThat(Recording.refused(read))
                .extracting(DeadLetter::reason)
                .containsExactly("the row lies too far from the recording's start");
    }

    @Test
    void aReasonIsTheSameInEveryLocale() throws IOException {
        List<String> lines = rows(8);
        lines.set(4, lines.get(4) + ",9");
        Path file = write(lines);
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(Recording.refused(read(file, FOUR)))
                    .extracting(DeadLetter::reason)
                    .containsExactly("the row has 4 fields where the header has 3");
        } finally {
            Locale.setDefault(before);
        }
    }

    private static TimeFormat epoch(String unit) {
        return new TimeFormat(unit, ZoneId.of("UTC"));
    }

    private static String time(int sample) {
        return Instant.ofEpochSecond(NOON + 10L * sample).toString();
    }

    private static List<String> rows(int count) {
        List<String> lines = new ArrayList<>();
        lines.add("time,a,b");
        for (int i = 0; i < count; i++) {
            lines.add(time(i) + "," + i + ",-" + i + ".5");
        }
        return lines;
    }

    private Path write(List<String> lines) throws IOException {
        return Files.write(Files.createTempFile(folder, "s", ".csv"), lines);
    }

    private static RecordingDescription describe(CsvFormat format, Path file) throws IOException {
        return new Recording(format, file).describe();
    }

    private static List<Received> read(Path file, CsvOptions options) throws IOException {
        return new Recording(new CsvFormat(options), file).read();
    }

    private static List<Received> readRestoredBehindEachRecord(Path file, CsvOptions options)
            throws IOException {
        return new Recording(new CsvFormat(options), file).readKilled(new Random(), 1);
    }
}
