/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XdfFormatTest {
    private static final String CREATED = "2026-05-31T14:15:16+0200";
    private static final RecordingOptions OPTIONS = RecordingOptions.defaults();
    private static final long START = nanos("2026-05-31T12:15:16Z");

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "int8, -128, 127",
        "int16, -32768, 32767",
        "int32, -2147483648, 16777216",
        "int64, -9007199254740993, 1099511627776",
        "float32, 0.1, -3e38",
        "double64, 0.1, 1e-3"
    })
    void numbersOfAllTypesBecomeFloats(String type, double first, double second)
            throws IOException {
        Number one = type.equals("int64") ? (Number) (long) first : (Number) first;
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", type, 2, 10)
                        .samples(1, new XdfFile.Samples(type).at(5, one, second).then(0, 1));
        List<SignalFrame> frames = Recording.frames(recording(file).read());
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0).samples()).containsExactly(one.floatValue(), 0, (float) second, 1);
        assertThat(frames.get(0).quality()).isZero();
    }

    @Test
    void notANumberIsAMissingValue() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "float32", 1, 10)
                        .samples(1, floats().at(5, Float.NaN));
        assertThat(Recording.frames(recording(file).read()).get(0).quality())
                .isEqualTo(Quality.MISSING.bit());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8})
    void lengthsMayHaveAnyOfThreeSizes(int bytes) throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).lengthBytes(bytes).stream(7, "x", "float32", 1, 10)
                        .boundary()
                        .samples(7, floats().at(5, 1).then(2))
                        .chunk(77, new byte[300])
                        .samples(7, floats().at(5.2, 3))
                        .footer(7, "<info><sample_count>3</sample_count></info>");
        List<Received> read = recording(file).read();
        assertThat(Recording.refused(read)).isEmpty();
        assertThat(Recording.samples(read, "s/x", 0)).containsExactly(1, 2, 3);
    }

    @Test
    void aFrameHasTheTimeAndTheNumberOfItsFirstSample() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 100, XdfFile.labels("Cz"))
                        .samples(1, ints().at(4000.25, 1).then(2).then(3).then(4).then(5))
                        .samples(1, ints().then(6));
        List<Received> read =
                new Recording(new XdfFormat(OPTIONS.withFrameLength(3)), write(file)).read();
        assertThat(read)
                .containsExactly(
                        frame("s/x", 0, START, "Cz", 100, 1, 2, 3),
                        frame("s/x", 3, START + 30_000_000, "Cz", 100, 4, 5),
                        frame("s/x", 5, START + 50_000_000, "Cz", 100, 6));
    }

    @Test
    void streamsAreNamedApartAndDescribed() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(
                                1, "EEG", "float32", 3, 512, XdfFile.labels("A", "", "A"))
                        .stream(2, "Eye", "double64", 1, 0.5, "<source_id>left</source_id>")
                        .stream(
                                3,
                                "Eye",
                                "double64",
                                1,
                                33.333333333,
                                "<source_id>right</source_id>")
                        .stream(4, "", "int8", 1, 0)
                        .stream(5, "Markers", "string", 1, 0)
                        .stream(6, "Twin", "int8", 1, 10, "<source_id>t</source_id>")
                        .stream(7, "Twin", "int8", 1, 10, "<source_id>t</source_id>")
                        .samples(4, new XdfFile.Samples("int8").at(1, 1).at(1.25, 2).at(3, 3))
                        .samples(5, new XdfFile.Samples("string").at(0.5, "go"));
        RecordingDescription description = recording(file).describe();
        assertThat(description.format()).isEqualTo("XDF");
        assertThat(description.bytes()).isEqualTo(file.size());
        assertThat(description.startNanos()).isEqualTo(START);
        assertThat(description.streams())
                .containsExactly(
                        new StreamDescription(
                                "s/EEG",
                                List.of("A", "ch2", "A-2"),
                                List.of("uV", "uV", "uV"),
                                SampleRate.ofHertz(512)),
                        described("s/Eye-left", new SampleRate(1, 2)),
                        described("s/Eye-right", new SampleRate(33_333_333_333L, 1_000_000_000L)),
                        new StreamDescription(
                                "s/4", List.of("ch1"), List.of(""), SampleRate.ofHertz(1), true),
                        described("s/Twin-6", SampleRate.ofHertz(10)),
                        described("s/Twin-7", SampleRate.ofHertz(10)));
    }

    /** Two computers see the same moments; one's clock is 652 340 s ahead and gains 30 ppm. */
    @Test
    void clocksAreBroughtTogether() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "here", "int32", 1, 0).stream(
                        2, "there", "int32", 1, 0);
        for (int i = 0; i < 60; i++) {
            double moment = 800 + i;
            double there = 653_100 + (moment - 800) * (1 + 30e-6);
            if (i % 5 == 0) {
                file.clockOffset(1, moment, 0).clockOffset(2, there, moment - there);
            }
            file.samples(1, new XdfFile.Samples("int32").at(moment, i));
            file.samples(2, new XdfFile.Samples("int32").at(there, i));
        }
        List<SignalFrame> frames = Recording.frames(recording(file).read());
        assertThat(frames).hasSize(120);
        for (SignalFrame frame : frames) {
            long moment = START + (long) frame.sample(0, 0) * 1_000_000_000L;
            assertThat(frame.startNanos()).isCloseTo(moment, within(20L));
            assertThat(frame.sequence()).isEqualTo((long) frame.sample(0, 0));
        }
    }

    /** The source's computer is started again between 30 s and 90 s. */
    @Test
    void aClockThatWasResetIsFollowed() throws IOException {
        XdfFile file = XdfFile.createdAt(CREATED).stream(1, "x", "int32", 1, 10);
        for (int i = 0; i < 100; i++) {
            double moment = i < 30 ? i : i + 60;
            double clock = i < 30 ? 9000 + moment : moment - 85;
            file.clockOffset(1, clock, moment - clock);
            XdfFile.Samples samples = new XdfFile.Samples("int32").at(clock + 0.01, i);
            for (int j = 1; j < 10; j++) {
                samples.then(i);
            }
            file.samples(1, samples);
        }
        List<SignalFrame> frames = Recording.frames(recording(file).read());
        assertThat(frames).hasSize(100);
        for (int i = 0; i < 100; i++) {
            int second = i < 30 ? i : i + 60;
            assertThat(frames.get(i).startNanos())
                    .isCloseTo(START + second * 1_000_000_000L, within(100L));
        }
        assertThat(frames.get(29).sequence()).isEqualTo(290);
        assertThat(frames.get(30).sequence()).isEqualTo(900);
    }

    @Test
    void jitterIsTakenOutAndDriftShowsFromFrameToFrame() throws IOException {
        Random random = new Random(4);
        XdfFile file = XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 250);
        for (int i = 0; i < 400; i++) {
            XdfFile.Samples samples = ints();
            for (int j = 0; j < 25; j++) {
                double jitter = (random.nextDouble() - 0.5) * 0.01;
                samples.at(100 + (25 * i + j) / 249.9 + jitter, j);
            }
            file.samples(1, samples);
        }
        List<SignalFrame> frames = Recording.frames(recording(file).read());
        assertThat(frames).hasSize(400);
        for (int i = 0; i < 400; i++) {
            SignalFrame frame = frames.get(i);
            assertThat(frame.rate()).isEqualTo(SampleRate.ofHertz(250));
            assertThat(frame.sequence()).isEqualTo(25 * i);
            assertThat(frame.startNanos() - frames.get(0).startNanos())
                    .isCloseTo(Math.round(25e9 * i / 249.9), within(200_000L));
        }
    }

    @Test
    void aFrameEndsBeforeItsTimesStray() throws IOException {
        List<SignalFrame> frames = framesAt(95, 1000);
        assertThat(frames.get(0).rate()).isEqualTo(SampleRate.ofHertz(100));
        assertThat(frames.get(0).length()).isEqualTo(9); // 9 * 5.26 % are less than half
        assertThat(frames.get(1).startNanos() - frames.get(0).startNanos())
                .isCloseTo(Math.round(9e9 / 95), within(1000L));
    }

    @Test
    void aRateThatIsFarFromTheHeadersIsMeasured() throws IOException {
        assertThat(framesAt(80, 1000).get(0).rate()).isEqualTo(SampleRate.ofHertz(80));
        assertThat(framesAt(80, 1000).get(0).length()).isEqualTo(256);
        assertThat(framesAt(80, 400).get(0).rate()).isEqualTo(SampleRate.ofHertz(100));
    }

    private List<SignalFrame> framesAt(double rate, int count) throws IOException {
        XdfFile.Samples samples = ints();
        for (int i = 0; i < count; i++) {
            samples.at(50 + i / rate, 0);
        }
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 100).samples(1, samples);
        return Recording.frames(recording(file).read());
    }

    @Test
    void aHoleEndsAFrameAndItsSamplesAreCounted() throws IOException {
        XdfFile.Samples samples = ints().at(10, 1).then(2).at(20.02, 3).then(4).at(5, 5);
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 100).samples(1, samples);
        assertThat(recording(file).read())
                .containsExactly(
                        frame("s/x", 0, START + 5_000_000_000L, "ch1", 100, 1, 2),
                        frame("s/x", 1002, START + 15_020_000_000L, "ch1", 100, 3, 4),
                        frame("s/x", 1004, START, "ch1", 100, 5));
    }

    @Test
    void samplesOfAnIrregularStreamAreFramesOfTheirOwn() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 0)
                        .samples(1, ints().at(3, 1).at(3.5, 2).at(3.25, 3).at(5, 4).then(5));
        assertThat(recording(file).read())
                .containsExactly(
                        frame("s/x", 0, START, "ch1", 2, 1),
                        frame("s/x", 1, START + 500_000_000, "ch1", 2, 2),
                        frame("s/x", 2, START + 250_000_000, "ch1", 2, 3),
                        frame("s/x", 3, START + 2_000_000_000, "ch1", 2, 4),
                        frame("s/x", 4, START + 2_000_000_000, "ch1", 2, 5));
    }

    @Test
    void stringsAreAnnotationsAtTheirPlace() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 10).stream(
                                2, "Markers", "string", 1, 0)
                        .stream(3, "Pairs", "string", 2, 1000)
                        .samples(1, ints().at(100, 1))
                        .clockOffset(2, 20, 80)
                        .samples(
                                2,
                                strings()
                                        .at(21.5, "los")
                                        .at(22, "")
                                        .at(23, "é\n" + "z".repeat(300)))
                        .samples(3, strings().at(101, "a", "b").then("c", "d"))
                        .samples(1, ints().then(2));
        assertThat(recording(file).read())
                .containsExactly(
                        frame("s/x", 0, START, "ch1", 10, 1),
                        annotation("s/Markers", 1_500_000_000, "los"),
                        annotation("s/Markers", 2_000_000_000, ""),
                        annotation("s/Markers", 3_000_000_000L, "é\n" + "z".repeat(300)),
                        annotation("s/Pairs", 1_000_000_000, "a\tb"),
                        annotation("s/Pairs", 1_001_000_000, "c\td"),
                        frame("s/x", 1, START + 100_000_000, "ch1", 10, 2));
    }

    @Test
    void channelsCanBeChosenFromAllStreams() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "int16", 2, 10, XdfFile.labels("A", "B"))
                        .stream(2, "y", "int16", 1, 10, XdfFile.labels("C"))
                        .stream(3, "z", "int16", 1, 10, XdfFile.labels("D"))
                        .samples(1, ints().at(1, 1, 2))
                        .samples(2, ints().at(1, 3))
                        .samples(3, ints().at(1, 4));
        RecordingOptions options = OPTIONS.withChannels(List.of("D", "B"));
        Recording recording = new Recording(new XdfFormat(options), write(file));
        assertThat(recording.read())
                .containsExactly(
                        frame("s/x", 0, START, "B", 10, 2), frame("s/z", 0, START, "D", 10, 4));
        assertThat(recording.describe().streams())
                .extracting(StreamDescription::streamId)
                .containsExactly("s/x", "s/z");
        assertInvalid(
                new XdfFormat(OPTIONS.withChannels(List.of("E"))),
                file,
                "has no channel 'E': its channels are [A, B, C, D]; name those to read");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-05-31T14:15:16+0200, 2026-05-31T12:15:16Z",
        "2026-05-31T14:15:16-07:30, 2026-05-31T21:45:16Z",
        "2026-05-31T14:15:16Z, 2026-05-31T14:15:16Z",
        "2026-05-31T14:15:16.125Z, 2026-05-31T14:15:16.125Z",
        "2026-05-31T14:15:16.123456+0000, 2026-05-31T14:15:16.123456Z"
    })
    void theRecordingBeginsWhenItsHeaderSays(String datetime, String start) throws IOException {
        assertThat(recording(minimal(XdfFile.createdAt(datetime))).describe().startNanos())
                .isEqualTo(nanos(start));
    }

    @Test
    void withoutADateTheOptionTellsTheStart() throws IOException {
        RecordingOptions options = OPTIONS.withStart(Instant.parse("2020-01-01T00:00:00Z"));
        XdfFile file = minimal(new XdfFile());
        assertThat(new Recording(new XdfFormat(options), write(file)).describe().startNanos())
                .isEqualTo(nanos("2020-01-01T00:00:00Z"));
        file = minimal(XdfFile.createdAt("yesterday"));
        List<Received> read = new Recording(new XdfFormat(options), write(file)).read();
        assertRefused(
                read,
                "bad chunk",
                "the chunk is not used: its datetime is 'yesterday', where a time such as"
                        + " 2026-05-31T14:15:16+0200 has to be");
        assertThat(Recording.frames(read).get(0).startNanos())
                .isEqualTo(nanos("2020-01-01T00:00:00Z"));
    }

    @Test
    void ofACutFileAllThatIsWholeIsReadAndTheLossIsTold() throws IOException {
        XdfFile file =
                XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 0).stream(
                                2, "Markers", "string", 1, 0)
                        .samples(2, strings().at(1, "first"));
        int first = file.size();
        file.samples(1, ints().at(1, 1).at(2, 2).at(3, 3));
        int second = file.size();
        file.samples(2, strings().at(3, "last"));
        byte[] bytes = file.bytes();
        List<Received> all = recording(file).read();
        assertThat(all).hasSize(5);
        for (int length = first; length < bytes.length; length++) {
            List<Received> read = recording(Arrays.copyOf(bytes, length)).read();
            List<DeadLetter> refused = Recording.refused(read);
            assertThat(refused).hasSize(length == first || length == second ? 0 : 1);
            int whole = read.size() - refused.size();
            assertThat(read.subList(0, whole)).isEqualTo(all.subList(0, whole));
            // A sample of the first chunk has 11 bytes, behind 9 of the chunk.
            assertThat(whole).isEqualTo(1 + Math.max(0, Math.min(3, (length - first - 10) / 11)));
            for (DeadLetter letter : refused) {
                assertThat(letter.payload())
                        .isEqualTo(Arrays.copyOfRange(bytes, (int) letter.position(), length));
            }
        }
    }

    @Test
    void readingStartsAgainBehindTheNextBoundary() throws IOException {
        XdfFile file = XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 0);
        file.samples(1, ints().at(1, 1));
        int from = file.size();
        // The mark lies across the end of the first 64 kB.
        file.raw(new byte[] {3, 9, 9}).raw(new byte[(1 << 16) - 12]).boundary();
        int to = file.size();
        file.samples(1, ints().at(2, 2));
        List<Received> read = recording(file).read();
        assertThat(Recording.samples(read, "s/x", 0)).containsExactly(1, 2);
        DeadLetter letter = assertRefused(read, "broken file", "no chunk begins here");
        assertThat(letter.position()).isEqualTo(from);
        assertThat(letter.payload()).isEqualTo(Arrays.copyOfRange(file.bytes(), from, to));
        assertThat(read.get(1).deadLetter()).isSameAs(letter);
    }

    @Test
    void aChunkThatIsLongerThanTheFileEndsAtABoundary() throws IOException {
        XdfFile file = XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 0);
        file.raw(new byte[] {4, 0, 0, 0, 1, 3, 0}).boundary().samples(1, ints().at(2, 2));
        List<Received> read = recording(file).read();
        assertThat(Recording.samples(read, "s/x", 0)).containsExactly(2);
        assertRefused(
                read,
                "broken file",
                "a chunk of 16777216 bytes begins here, of which the file has 43");
    }

    @Test
    void whatIsRefusedComesInPiecesOfAMebibyte() throws IOException {
        XdfFile file = minimal(XdfFile.createdAt(CREATED));
        int from = file.size();
        file.raw(new byte[(1 << 21) + 5]);
        List<DeadLetter> refused = Recording.refused(recording(file).read());
        assertThat(refused)
                .extracting(DeadLetter::position)
                .containsExactly((long) from, from + (1L << 20), from + (1L << 21));
        assertThat(refused)
                .extracting(letter -> letter.payload().length)
                .containsExactly(1 << 20, 1 << 20, 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<info><channel_count>1</channel_count><nominal_srate>1</nominal_srate></info>"
                        + "|it has no channel_format",
                "<info><channel_count>0</channel_count></info>"
                        + "|its channel_count is '0', which has to be 1 to 4096",
                "<info><channel_count>4097</channel_count></info>"
                        + "|its channel_count is '4097', which has to be 1 to 4096",
                "<info><channel_count>one</channel_count></info>"
                        + "|its channel_count is 'one', which has to be a number",
                "<info><channel_count>1</channel_count><nominal_srate>-1</nominal_srate></info>"
                        + "|its nominal_srate is '-1', which has to be 0 to 100000000",
                "<info><channel_count>1</channel_count><nominal_srate>NaN</nominal_srate></info>"
                        + "|its nominal_srate is 'NaN', which has to be 0 to 100000000",
                "<info><channel_count>1</channel_count><nominal_srate>1e-4</nominal_srate></info>"
                        + "|its nominal_srate is '1.0E-4', which has to be 0, or at least 0.001",
                "<info><channel_count>1</channel_count><nominal_srate>1</nominal_srate>"
                        + "<channel_format>cf_float</channel_format></info>"
                        + "|its channel_format is 'cf_float', which has to be int8, int16, int32,"
                        + " int64, float32, double64 or string",
                "<info><channel_count>|its XML cannot be read at line 1, column 22",
                "<!DOCTYPE info [<!ENTITY a \"aaa\">]><info>&a;</info>"
                        + "|its XML has a document type or entities of its own"
            })
    void aHeaderThatCannotBeUsedIsRefusedWithItsSamples(String xml, String reason)
            throws IOException {
        XdfFile file = XdfFile.createdAt(CREATED);
        int from = file.size();
        file.header(9, xml);
        int to = file.size();
        file.samples(9, ints().at(1, 1));
        List<Received> read = recording(minimal(file)).read();
        List<DeadLetter> refused = Recording.refused(read);
        assertThat(refused).hasSize(2);
        assertThat(refused.get(0).reason()).isEqualTo("the chunk is not used: " + reason);
        assertThat(refused.get(0).position()).isEqualTo(from);
        assertThat(refused.get(0).payload()).isEqualTo(Arrays.copyOfRange(file.bytes(), from, to));
        assertThat(refused.get(1).reason())
                .isEqualTo("the chunk is not used: it is of stream 9, which has no header");
        assertThat(Recording.frames(read)).hasSize(1);
    }

    @Test
    void aStreamHasOneHeader() throws IOException {
        XdfFile file = minimal(XdfFile.createdAt(CREATED)).stream(1, "y", "string", 1, 0);
        assertRefused(
                recording(file).read(),
                "bad chunk",
                "the chunk is not used: stream 1 has had a header before");
    }

    @Test
    void streamsAndChannelsAreLimited() throws IOException {
        XdfFile file = minimal(XdfFile.createdAt(CREATED));
        for (int i = 2; i < 20; i++) {
            file.stream(i, "s" + i, "int8", 4000, 0);
        }
        List<Received> read = recording(file).read();
        assertThat(Recording.refused(read)).hasSize(2);
        assertThat(Recording.refused(read).get(0).reason())
                .isEqualTo(
                        "the chunk is not used: the file has more than 256 streams or 65536"
                                + " channels");
        file = minimal(XdfFile.createdAt(CREATED));
        for (int i = 2; i < 300; i++) {
            file.stream(i, "s" + i, "int8", 1, 0);
        }
        assertThat(Recording.refused(recording(file).read())).hasSize(299 - 256);
    }

    @Test
    void aClockOffsetThatCannotBeIsRefused() throws IOException {
        XdfFile file = minimal(XdfFile.createdAt(CREATED));
        file.clockOffset(1, 1, Double.NaN).clockOffset(1, 1e300, 0).clockOffset(3, 1, 1);
        file.chunk(4, XdfFile.ofStream(1, new byte[15]));
        assertThat(Recording.refused(recording(file).read()))
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "the chunk is not used: an offset of NaN s at 1.0 s cannot be",
                        "the chunk is not used: an offset of 0.0 s at 1.0E300 s cannot be",
                        "the chunk is not used: it is of stream 3, which has no header",
                        "the chunk is not used: it has 15 bytes, where 16 have to be");
    }

    @Test
    void ofAChunkWithABadSampleTheSamplesBeforeItAreRead() throws IOException {
        XdfFile file = XdfFile.createdAt(CREATED).stream(1, "x", "int16", 1, 100);
        file.samples(1, ints().then(1)); // without a time stamp
        file.samples(1, ints().at(1, 2).then(3).at(Double.NaN, 4).then(5));
        file.samples(1, ints().then(6));
        file.chunk(3, XdfFile.ofStream(1, new byte[] {1, 1, 5, 0, 0}));
        file.chunk(3, XdfFile.ofStream(1, new byte[] {1, 2, 0, 7, 0, 0, 7}));
        file.chunk(3, XdfFile.ofStream(1, new byte[] {1, 1, 0, 8, 0, 9}));
        file.chunk(3, XdfFile.ofStream(1, new byte[] {1, 2, 0, 10, 0}));
        file.chunk(3, XdfFile.ofStream(1, new byte[] {4, 1}));
        List<Received> read = recording(file).read();
        assertThat(Recording.samples(read, "s/x", 0)).containsExactly(2, 3, 6, 7, 8, 10);
        assertThat(Recording.frames(read))
                .extracting(SignalFrame::sequence)
                .containsExactly(0L, 2L, 3L, 4L, 5L);
        assertThat(Recording.refused(read))
                .allMatch(letter -> letter.error().equals("bad samples"))
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "the first sample of the stream has no time stamp",
                        "the time stamp NaN s of a sample cannot be",
                        "the time stamp of a sample has 5 bytes",
                        "the chunk ends within a sample",
                        "the chunk goes on behind its last sample",
                        "the chunk ends within a sample",
                        "the chunk does not say how many samples it has");
        assertThat(Recording.refused(read))
                .extracting(letter -> letter.payload().length)
                .containsExactly(3, 14, 3, 2, 1, 0, 2);
    }

    @Test
    void aStringThatDoesNotFitIsRefused() throws IOException {
        XdfFile file = XdfFile.createdAt(CREATED).stream(1, "x", "string", 2, 0);
        file.samples(1, strings().at(1, "a", "b").at(2, "c", "z".repeat(1 << 20)));
        file.chunk(3, XdfFile.ofStream(1, new byte[] {1, 1, 0, 1, 1, 'd', 4, 0, 0, 0, 1, 'e'}));
        List<Received> read = recording(file).read();
        assertThat(Recording.annotations(read))
                .extracting(Annotation::text)
                .containsExactly("a\tb");
        assertThat(Recording.refused(read))
                .hasSize(3)
                .allMatch(
                        letter ->
                                letter.reason()
                                        .equals(
                                                "a string of a sample does not fit into the chunk,"
                                                        + " or has more than 1048576 bytes"));
    }

    @Test
    void whatIsNoRecordingIsSaidInOneSentence() throws IOException {
        XdfFormat format = new XdfFormat(OPTIONS);
        assertInvalid(
                format,
                "XDG:".getBytes(),
                "is no XDF file: it does not begin with XDF:; name one, decompressed if it was"
                        + " compressed");
        assertInvalid(
                format,
                "XD".getBytes(),
                "ends at byte 2 within its first four bytes: copy it again");
        assertInvalid(
                format,
                XdfFile.createdAt(CREATED).stream(1, "x", "int8", 1, 1),
                "has no sample that can be read: name one with samples");
        assertInvalid(
                format,
                XdfFile.createdAt(CREATED).header(1, "<info/>"),
                "has no sample that can be read (of the chunk at byte 109, it has no"
                        + " channel_count): name one with samples");
        assertInvalid(
                format,
                XdfFile.createdAt("2250-01-01T00:00:00Z").stream(1, "x", "int8", 1, 1)
                        .samples(1, new XdfFile.Samples("int8").at(0, 0).at(1e9, 0)),
                "lasts 1000000000 s, beyond the year 2262: set start to an earlier time");
    }

    @Test
    void anXdfFileIsToldByItsFirstBytesOrItsName() {
        XdfFormat format = new XdfFormat(OPTIONS);
        assertThat(format.accepts("a.XDF")).isTrue();
        assertThat(format.accepts("a.xdfz")).isFalse();
        assertThat(format.recognises("XDF:\1\2".getBytes())).isTrue();
        assertThat(format.recognises("XDF".getBytes())).isFalse();
    }

    @Test
    void aPositionOfAnotherFileOrVersionIsRefused() throws IOException {
        Recording recording = recording(minimal(XdfFile.createdAt(CREATED)));
        assertThatThrownBy(() -> recording.open(new byte[] {9, 0}))
                .isInstanceOf(IOException.class)
                .hasMessage("position in an XDF file of unknown version 9 with 2 bytes");
        assertThatThrownBy(() -> recording.open(new XdfPosition(17, 0).encode()))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("begins at byte 17 any more");
    }

    private static XdfFile minimal(XdfFile file) {
        return file.stream(1, "x", "int16", 1, 10).samples(1, ints().at(1, 1));
    }

    private static XdfFile.Samples ints() {
        return new XdfFile.Samples("int16");
    }

    private static XdfFile.Samples floats() {
        return new XdfFile.Samples("float32");
    }

    private static XdfFile.Samples strings() {
        return new XdfFile.Samples("string");
    }

    private static StreamDescription described(String streamId, SampleRate rate) {
        return StreamDescription.withoutUnits(streamId, List.of("ch1"), rate);
    }

    private static Received frame(
            String streamId, long sequence, long time, String channel, int rate, float... samples) {
        return Received.frame(
                new SignalFrame(
                        streamId,
                        sequence,
                        0,
                        time,
                        SampleRate.ofHertz(rate),
                        List.of(channel),
                        samples,
                        0));
    }

    private static Received annotation(String streamId, long afterStart, String text) {
        return Received.annotation(new Annotation(streamId, START + afterStart, 0, text));
    }

    private static long nanos(String time) {
        return OPTIONS.withStart(Instant.parse(time)).startNanos();
    }

    private static DeadLetter assertRefused(List<Received> read, String error, String reason) {
        List<DeadLetter> refused = Recording.refused(read);
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).stage()).isEqualTo("recording");
        assertThat(refused.get(0).error()).isEqualTo(error);
        assertThat(refused.get(0).reason()).isEqualTo(reason);
        return refused.get(0);
    }

    private void assertInvalid(XdfFormat format, XdfFile file, String message) throws IOException {
        assertInvalid(format, file.bytes(), message);
    }

    private void assertInvalid(XdfFormat format, byte[] bytes, String message) throws IOException {
        Recording recording = new Recording(format, write(bytes));
        String sentence = "recording '" + recording.file() + "' " + message;
        assertThatThrownBy(recording::describe)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
        assertThatThrownBy(recording::read)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
    }

    private Recording recording(XdfFile file) throws IOException {
        return recording(file.bytes());
    }

    private Recording recording(byte[] bytes) throws IOException {
        return new Recording(new XdfFormat(OPTIONS), write(bytes));
    }

    private Path write(XdfFile file) throws IOException {
        return write(file.bytes());
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.xdf"), bytes);
    }
}
