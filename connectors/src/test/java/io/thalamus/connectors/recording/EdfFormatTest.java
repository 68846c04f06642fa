/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

class EdfFormatTest {
    private static final RecordingOptions FOUR = RecordingOptions.defaults().withFrameLength(4);
    private static final long SECOND = 1_000_000_000L;
    private static final long START = seconds("2024-05-06T07:08:09Z") * SECOND;

    @TempDir Path folder;

    @Test
    void signalsOfOneRateAreTheChannelsOfOneStream() throws IOException {
        EdfFile edf =
                EdfFile.edf("")
                        .signal("a", 3)
                        .signal("b", 3)
                        .record(new int[] {1, 2, 3}, new int[] {-1, -2, -3})
                        .record(new int[] {4, 5, 6}, new int[] {-4, -5, -6});

        assertThat(recording(edf).describe())
                .isEqualTo(
                        new RecordingDescription(
                                folder.resolve("s.edf").toString(),
                                "s",
                                "EDF",
                                256 * 3 + 2 * 12,
                                START,
                                List.of(
                                        new StreamDescription(
                                                "s",
                                                List.of("a", "b"),
                                                List.of("uV", "uV"),
                                                SampleRate.ofHertz(3)))));
        assertThat(Recording.frames(recording(edf).read()))
                .containsExactly(
                        frame("s", 0, START, 3, List.of("a", "b"), .1, .2, .3, -.1, -.2, -.3),
                        frame(
                                "s",
                                3,
                                START + SECOND,
                                3,
                                List.of("a", "b"),
                                .4,
                                .5,
                                .6,
                                -.4,
                                -.5,
                                -.6));
    }

    @Test
    void aDataRecordIsCutIntoFrames() throws IOException {
        EdfFile edf = EdfFile.edf("").signal("a", 10).record(ramp(10, 1)).record(ramp(10, 11));

        List<SignalFrame> frames = Recording.frames(recording(edf).read());

        assertThat(frames)
                .extracting(SignalFrame::sequence)
                .containsExactly(0L, 4L, 8L, 10L, 14L, 18L);
        assertThat(frames).extracting(SignalFrame::length).containsExactly(4, 4, 2, 4, 4, 2);
        assertThat(frames.get(4).startNanos()).isEqualTo(START + 1_400_000_000L);
        assertThat(frames.get(4).samples()).containsExactly(1.5f, 1.6f, 1.7f, 1.8f);
    }

    @Test
    void signalsOfSeveralRatesAreStreamsNamedAfterThem() throws IOException {
        EdfFile edf =
                EdfFile.edf("")
                        .duration("2")
                        .signal("slow", 1)
                        .signal("fast", 8)
                        .signal("slow too", 1)
                        .record(new int[] {7}, ramp(8, 1), new int[] {9});

        List<SignalFrame> frames = Recording.frames(recording(edf).read());

        assertThat(frames)
                .extracting(SignalFrame::streamId, SignalFrame::sequence, SignalFrame::rate)
                .containsExactly(
                        tuple("s/4Hz", 0L, SampleRate.ofHertz(4)),
                        tuple("s/0.5Hz", 0L, new SampleRate(1, 2)),
                        tuple("s/4Hz", 4L, SampleRate.ofHertz(4)));
        assertThat(frames.get(1).channels()).containsExactly("slow", "slow too");
        assertThat(frames.get(1).samples()).containsExactly(.7f, .9f);
        assertThat(frames.get(2).startNanos()).isEqualTo(START + SECOND);
    }

    @Test
    void onlyTheNamedChannelsAreReadAndStreamsKeepTheirNames() throws IOException {
        EdfFile edf =
                EdfFile.edf("")
                        .signal("a", 2)
                        .signal("b", 1)
                        .signal("c", 2)
                        .record(new int[] {1, 2}, new int[] {5}, new int[] {3, 4});
        Recording recording = recording(edf, FOUR.withChannels(List.of("c", "a")));

        assertThat(recording.describe().streams())
                .extracting(StreamDescription::streamId, StreamDescription::channels)
                .containsExactly(tuple("s/2Hz", List.of("c", "a")));
        assertThat(Recording.frames(recording.read()))
                .containsExactly(frame("s/2Hz", 0, START, 2, List.of("c", "a"), .3, .4, .1, .2));
        recording(edf, FOUR.withChannels(List.of("d")))
                .assertInvalid(
                        "has no channel 'd': its channels are [b, a, c]; name those to read");
    }

    @Test
    void bdfHasSamplesOfThreeBytes() throws IOException {
        EdfFile bdf =
                EdfFile.bdf("24BIT")
                        .signal("a", "uV", "-8388608", "8388607", "-8388608", "8388607", "4")
                        .signal("Status", "", "-8388608", "8388607", "-8388608", "8388607", "4")
                        .record(new int[] {-8388608, -1, 0, 8388607}, ramp(4, 0x10000));

        List<Received> read = recording(bdf).read();

        assertThat(recording(bdf).describe().format()).isEqualTo("BDF");
        assertThat(Recording.samples(read, "s", 0)).containsExactly(-8388608, -1, 0, 8388607);
        assertThat(Recording.samples(read, "s", 1)).containsExactly(65536, 65537, 65538, 65539);
    }

    @Test
    void physicalValuesLieOnTheLineOfTheHeader() throws IOException {
        EdfFile edf =
                EdfFile.edf("")
                        .signal("inverted", "mV", "10", "-10", "0", "100", "3")
                        .signal("exact", "", "-1e2", "+100,5", "-2048", "2047", "3")
                        .record(new int[] {0, 50, 100}, new int[] {-2048, 0, 2047});

        List<Received> read = recording(edf).read();

        assertThat(Recording.samples(read, "s", 0)).containsExactly(10, 0, -10);
        assertThat(Recording.samples(read, "s", 1))
                .containsExactly(-100, (float) (2048 * (200.5 / 4095) - 100), 100.5f);
    }

    @Test
    void annotationsComeBeforeTheSamplesOfTheirRecord() throws IOException {
        EdfFile edf =
                EdfFile.edf("EDF+C")
                        .signal("a", 1)
                        .annotations(60)
                        .record(new int[] {1}, "+0||_+0.5~1.25|Schlafbeginn, größer|_")
                        .record(new int[] {2}, "+1||Lidschlag|Zucken|_-3|early|_");

        assertThat(recording(edf).read())
                .containsExactly(
                        annotation(.5, 1.25, "Schlafbeginn, größer"),
                        Received.frame(frame("s", 0, START, 1, List.of("a"), .1)),
                        annotation(1, 0, "Lidschlag"),
                        annotation(1, 0, "Zucken"),
                        annotation(-3, 0, "early"),
                        Received.frame(frame("s", 1, START + SECOND, 1, List.of("a"), .2)));
    }

    @Test
    void thereMayBeSeveralAnnotationSignals() throws IOException {
        EdfFile edf =
                EdfFile.bdf("BDF+C")
                        .annotations(30)
                        .signal("a", 1)
                        .annotations(30)
                        .record("+0||_+1|x|_", new int[] {1}, "+2|y|_+3|z|_");

        assertThat(Recording.annotations(recording(edf).read()))
                .extracting(Annotation::text)
                .containsExactly("x", "y", "z");
    }

    @Test
    void theFirstOnsetIsTheFractionOfTheStart() throws IOException {
        EdfFile edf =
                EdfFile.edf("EDF+C")
                        .signal("a", 1)
                        .annotations(20)
                        .record(new int[] {1}, "+0.3945312||_")
                        .record(new int[] {2}, "+1.5||_"); // a continuous file has no gaps

        assertThat(recording(edf).describe().startNanos()).isEqualTo(START + 394_531_200);
        assertThat(Recording.frames(recording(edf).read()))
                .extracting(SignalFrame::startNanos)
                .containsExactly(START + 394_531_200, START + SECOND + 394_531_200);
    }

    @Test
    void timeAndSampleNumbersJumpOverTheGapsOfADiscontinuousFile() throws IOException {
        EdfFile edf =
                EdfFile.edf("EDF+D")
                        .signal("a", 10)
                        .signal("b", 1)
                        .annotations(20)
                        .record(ramp(10, 1), new int[] {1}, "+0.5||_")
                        .record(ramp(10, 11), new int[] {2}, "+1.5009||_") // a rounded onset
                        .record(ramp(10, 21), new int[] {3}, "+4.23||_")
                        .record(ramp(10, 31), new int[] {4}, "+5.23||_")
                        .record(ramp(10, 41), new int[] {5}, "+5.9||_"); // time goes back

        List<Received> read = recording(edf, FOUR.withFrameLength(100)).read();

        long start = START + SECOND / 2;
        assertThat(Recording.frames(read))
                .extracting(SignalFrame::streamId, SignalFrame::sequence, SignalFrame::startNanos)
                .containsExactly(
                        tuple("s/10Hz", 0L, start),
                        tuple("s/1Hz", 0L, start),
                        tuple("s/10Hz", 10L, start + SECOND),
                        tuple("s/1Hz", 1L, start + SECOND),
                        tuple("s/10Hz", 37L, START + 4_230_000_000L),
                        tuple("s/1Hz", 4L, START + 4_230_000_000L),
                        tuple("s/10Hz", 47L, START + 5_230_000_000L),
                        tuple("s/1Hz", 5L, START + 5_230_000_000L),
                        tuple("s/10Hz", 57L, START + 5_900_000_000L),
                        tuple("s/1Hz", 6L, START + 5_900_000_000L));
        assertThat(recording(edf).readKilled(new Random(), 1)).isEqualTo(recording(edf).read());
    }

    @Test
    void aFileMayHoldAnnotationsOnly() throws IOException {
        EdfFile edf =
                EdfFile.edf("EDF+C")
                        .duration("0")
                        .annotations(60)
                        .record("+0||_+0~30|Sleep stage W|_+30~60|Sleep stage 1|_");

        assertThat(recording(edf).describe().streams()).isEmpty();
        assertThat(recording(edf).read())
                .containsExactly(
                        annotation(0, 30, "Sleep stage W"), annotation(30, 60, "Sleep stage 1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x|a|_",
                "+1|a",
                "+1~x|a|_",
                "+1~-1|a|_",
                "+1e9|a|_",
                "+99999999999|a|_",
                "|a|_"
            })
    void annotationsThatCannotBeReadAreRefusedAndTheNextAreRead(String list) throws IOException {
        EdfFile edf =
                EdfFile.edf("EDF+C")
                        .signal("a", 1)
                        .annotations(40)
                        .record(new int[] {1}, "+0||_" + list + "_+2|good|_");

        List<Received> read = recording(edf).read();

        assertThat(Recording.annotations(read))
                .extracting(Annotation::text)
                .containsExactly("good");
        assertThat(Recording.refused(read))
                .containsExactly(
                        new DeadLetter(
                                folder.resolve("s.edf").toString(),
                                0,
                                256 * 3 + 2 + 5,
                                START,
                                "recording",
                                "bad annotation",
                                "the annotations at byte 7 of data record 0 are no list of onset,"
                                        + " duration and texts",
                                EdfFile.marked(list.replace("_", ""))
                                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(Recording.samples(read, "s", 0)).containsExactly(.1f);
    }

    /** Without one, or with one beyond the times that there are. */
    @ParameterizedTest
    @ValueSource(strings = {"", "+9000000000||_"})
    void aRecordWithoutOnsetFollowsTheOneBefore(String list) throws IOException {
        EdfFile edf =
                EdfFile.edf("EDF+D")
                        .signal("a", 1)
                        .annotations(20)
                        .record(new int[] {1}, "+0||_")
                        .record(new int[] {2}, list)
                        .record(new int[] {3}, "+2||_");

        List<Received> read = recording(edf).read();

        assertThat(Recording.refused(read))
                .extracting(DeadLetter::error, DeadLetter::position, DeadLetter::reason)
                .containsExactly(
                        tuple(
                                "record without onset",
                                256 * 3 + 22L,
                                "data record 1 of a discontinuous file has no onset that can be;"
                                        + " it is taken to follow the one before it"));
        assertThat(Recording.frames(read))
                .extracting(SignalFrame::sequence)
                .containsExactly(0L, 1L, 2L);
        assertThat(recording(edf).readKilled(new Random(), 1)).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({"-1", "2"})
    void theNumberOfRecordsMayBeUnknown(String count) throws IOException {
        EdfFile edf = EdfFile.edf("").signal("a", 1).count(count).record(new int[] {1});

        assertThat(Recording.samples(recording(edf.record(new int[] {2})).read(), "s", 0))
                .containsExactly(.1f, .2f);
    }

    @ParameterizedTest
    @CsvSource({
        "9, truncated data, 'the file has 9 data records by its header, of which 2 are there: it"
                + " was cut off'",
        "2, trailing bytes, 3 bytes follow the 2 data records and are not read",
        "-1, trailing bytes, 3 bytes follow the 2 data records and are not read",
    })
    void whatIsLostAtTheEndIsTold(String count, String error, String reason) throws IOException {
        EdfFile edf =
                EdfFile.edf("")
                        .signal("a", 2)
                        .count(count)
                        .record(new int[] {1, 2})
                        .record(new int[] {3, 4})
                        .bytes((byte) 7, (byte) 8, (byte) 9);

        List<Received> read = recording(edf).read();

        assertThat(Recording.samples(read, "s", 0)).containsExactly(.1f, .2f, .3f, .4f);
        assertThat(Recording.refused(read))
                .containsExactly(
                        new DeadLetter(
                                folder.resolve("s.edf").toString(),
                                0,
                                512 + 8,
                                START + 2 * SECOND,
                                "recording",
                                error,
                                reason,
                                new byte[] {7, 8, 9}));
        assertThat(recording(edf).readKilled(new Random(), 1)).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "06.05.85, 07.08.09, 1985-05-06T07:08:09Z",
        "06.05.84, 07.08.09, 2084-05-06T07:08:09Z",
        "6-5-24, 7:8:09, 2024-05-06T07:08:09Z",
        "31.02.24, 07.08.09, 2001-01-01T00:00:00Z",
        "06.05.24, 25.08.09, 2001-01-01T00:00:00Z",
        "00.00.00, 00.00.00, 2001-01-01T00:00:00Z",
        "'', '', 2001-01-01T00:00:00Z",
    })
    void theStartIsTheHeadersOrThatOfTheOptions(String date, String time, Instant start)
            throws IOException {
        EdfFile edf = EdfFile.edf("").signal("a", 1).start(date, time).record(new int[] {1});

        assertThat(startOf(edf)).isEqualTo(start);
    }

    @ParameterizedTest
    @CsvSource({
        "06.05.yy, Startdate 06-MAY-2124 X, 2001-01-01T00:00:00Z",
        "06.05.24, Startdate 06-MAY-2124 X, 2124-05-06T07:08:09Z",
        "06.05.24, Startdate 07-MAY-2124 X, 2024-05-06T07:08:09Z",
        "06.05.24, Startdate 06-MAY-9924 X, 2001-01-01T00:00:00Z",
        "06.05.24, Startdate X X X, 2024-05-06T07:08:09Z",
    })
    void theWholeYearIsTakenFromTheRecordingField(String date, String field, Instant start)
            throws IOException {
        EdfFile edf =
                EdfFile.edf("EDF+C")
                        .signal("a", 1)
                        .annotations(10)
                        .start(date, "07.08.09")
                        .recording(field)
                        .record(new int[] {1}, "+0||_");

        assertThat(startOf(edf)).isEqualTo(start);
    }

    private Instant startOf(EdfFile edf) throws IOException {
        RecordingOptions options = FOUR.withStart(Instant.parse("2001-01-01T00:00:00Z"));
        return Instant.EPOCH.plusNanos(recording(edf, options).describe().startNanos());
    }

    @Test
    void labelsAreMadeUnique() throws IOException {
        EdfFile edf = EdfFile.edf("");
        for (String label : List.of("T3", " T3 ", "T3-2", "", "T3", "\0junk", "µV")) {
            edf.signal(label, 1);
        }
        Object[] samples = new Object[7];
        Arrays.fill(samples, new int[] {0});
        List<String> expected = List.of("T3", "T3-3", "T3-2", "ch4", "T3-4", "ch6", "µV");

        byte[] latin = edf.record(samples).bytes(StandardCharsets.ISO_8859_1);
        assertThat(recording(latin, FOUR).describe().streams().get(0).channels())
                .isEqualTo(expected);
        assertThat(recording(edf).describe().streams().get(0).channels()).isEqualTo(expected);
    }

    @Test
    void aLongerHeaderIsPassedOver() throws IOException {
        byte[] bytes =
                EdfFile.edf("").headerBytes("522").signal("a", 1).record(new int[] {1}).bytes();
        byte[] longer = new byte[bytes.length + 10];
        System.arraycopy(bytes, 0, longer, 0, 512);
        System.arraycopy(bytes, 512, longer, 522, 2);

        assertThat(Recording.samples(recording(longer, FOUR).read(), "s", 0)).containsExactly(.1f);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 30, 30, 1, 30Hz",
        "0.25, 500, 2000, 1, 2000Hz",
        "30, 2, 1, 15, 0.06666666667Hz",
        "'0,5', 3, 6, 1, 6Hz",
        ".5, 3, 6, 1, 6Hz",
        "1e2, 3, 3, 100, 0.03Hz",
    })
    void ratesAreExact(String duration, int length, long numerator, long denominator, String suffix)
            throws IOException {
        EdfFile edf = EdfFile.edf("").duration(duration).signal("a", 1).signal("b", length);

        assertThat(recording(edf).describe().streams())
                .extracting(StreamDescription::streamId, StreamDescription::rate)
                .contains(tuple("s/" + suffix, new SampleRate(numerator, denominator)));
    }

    @Test
    void whatCannotBeUsedIsSaidInOneSentence() throws IOException {
        assertInvalid(new byte[0], "ends at byte 0 within its header: copy it again");
        assertInvalid(
                "1       ".getBytes(StandardCharsets.US_ASCII),
                "is no EDF or BDF file: it does not begin with 0 or BIOSEMI; convert it to EDF");
        assertInvalid(
                Arrays.copyOf(EdfFile.edf("").signal("a", 1).bytes(), 400),
                "ends at byte 400 within its header: copy it again");
        assertInvalid(
                EdfFile.edf("").signal("a", 1).signalCount("0"),
                "has 0 signals where 1 to 9999 can be: save it again");
        assertInvalid(
                EdfFile.edf("").signal("a", 1).signalCount("x"),
                "has 'x' as the number of signals, which is no number: save it again");
        assertInvalid(
                EdfFile.edf("").signal("a", 1).count("1.5"),
                "has '1.5' as the number of data records, which is no whole number: save it again");
        assertInvalid(
                EdfFile.edf("").signal("a", 1).headerBytes("511"),
                "has a header of 511 bytes by its own words, where 1 signals need 512: save it"
                        + " again");
        assertInvalid(
                EdfFile.edf("").signal("a", 1).headerBytes("9999"),
                "ends at byte 512 within its header: copy it again");
        assertInvalid(
                EdfFile.edf("").signal("a", "", "0", "1", "0", "1", "-1"),
                "has -1 samples in a data record of its signal 1 'a', where a data record can have"
                        + " 0 to 67108864 bytes: save it with shorter data records");
        assertInvalid(
                EdfFile.edf("").signal("a", 33_000_000).signal("b", 999_999),
                "has 999999 samples in a data record of its signal 2 'b', where a data record can"
                        + " have 0 to 67108864 bytes: save it with shorter data records");
        assertInvalid(
                EdfFile.edf("").signal("a", "", "0", "NaN", "0", "1", "1"),
                "has 'NaN' as the physical maximum of its signal 1 'a', which is no number: save it"
                        + " again");
        assertInvalid(
                EdfFile.edf("").signal("a", "", "0", "1", "5", "5", "1"),
                "gives signal 'a' no range of physical or digital values: mend its header, or name"
                        + " the other channels to read");
        for (String duration : List.of("0", "-1", "1E-20", "1E-9")) {
            assertInvalid(
                    EdfFile.edf("").duration(duration).signal("a", 1),
                    "gives its data records a duration of "
                            + duration
                            + " s for 1 samples, which is no usable sample rate: save it again");
        }
        assertInvalid(
                EdfFile.edf("")
                        .duration("9e9")
                        .signal("a", 1)
                        .record(new int[] {1})
                        .record(new int[] {1}),
                "has data records beyond the years 1678 to 2261: mend its start or their duration");
    }

    @Test
    void aSignalWithoutRangeHindersNoOther() throws IOException {
        EdfFile edf =
                EdfFile.edf("")
                        .signal("a", "", "0", "0", "0", "1", "1")
                        .signal("b", 1)
                        .record(new int[] {1}, new int[] {2});

        assertThat(
                        Recording.samples(
                                recording(edf, FOUR.withChannels(List.of("b"))).read(), "s", 0))
                .containsExactly(.2f);
    }

    @Test
    void isToldByNameAndByContent() {
        EdfFormat format = new EdfFormat(FOUR);
        assertThat(List.of("a.edf", "a.EDF", "a.bdf", "a.rec")).allMatch(format::accepts);
        assertThat(format.accepts("a.wav")).isFalse();
        assertThat(format.recognises(Arrays.copyOf(EdfFile.edf("").bytes(), 16))).isTrue();
        assertThat(format.recognises(Arrays.copyOf(EdfFile.bdf("").bytes(), 16))).isTrue();
        assertThat(format.recognises("0,1,2\n".getBytes(StandardCharsets.US_ASCII))).isFalse();
    }

    private void assertInvalid(EdfFile edf, String what) throws IOException {
        assertInvalid(edf.bytes(), what);
    }

    private void assertInvalid(byte[] bytes, String what) throws IOException {
        recording(bytes, FOUR).assertInvalid(what);
    }

    private Recording recording(EdfFile edf) throws IOException {
        return recording(edf, FOUR);
    }

    private Recording recording(EdfFile edf, RecordingOptions options) throws IOException {
        return recording(edf.bytes(), options);
    }

    private Recording recording(byte[] bytes, RecordingOptions options) throws IOException {
        return new Recording(new EdfFormat(options), Files.write(folder.resolve("s.edf"), bytes));
    }

    private static int[] ramp(int length, int first) {
        int[] ramp = new int[length];
        Arrays.setAll(ramp, i -> first + i);
        return ramp;
    }

    private static Received annotation(double onset, double duration, String text) {
        return Received.annotation(
                new Annotation(
                        "s",
                        START + Math.round(onset * SECOND),
                        Math.round(duration * SECOND),
                        text));
    }

    private static SignalFrame frame(
            String streamId,
            long sequence,
            long startNanos,
            int rate,
            List<String> channels,
            double... samples) {
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) samples[i];
        }
        return new SignalFrame(
                streamId, sequence, 0, startNanos, SampleRate.ofHertz(rate), channels, values, 0);
    }

    private static long seconds(String time) {
        return Instant.parse(time).getEpochSecond();
    }
}
