/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.avro.file.CodecFactory;
import org.apache.flink.api.connector.source.Boundedness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopedFormatTest {
    private static final long SECOND = 1_000_000_000L;
    private static final RecordingOptions OPTIONS = RecordingOptions.defaults().withFrameLength(4);

    @TempDir private Path folder;

    @Test
    void timeAndSampleNumbersGoOn() throws IOException {
        Recording wav = wav(10, 3);

        List<SignalFrame> once = Recording.frames(wav.read());
        List<SignalFrame> frames = Recording.frames(looped(wav, 3).read());

        assertThat(frames)
                .extracting(SignalFrame::sequence)
                .containsExactly(0L, 4L, 8L, 10L, 14L, 18L, 20L, 24L, 28L);
        for (int i = 0; i < frames.size(); i++) {
            SignalFrame frame = frames.get(i);
            SignalFrame first = once.get(i % 3);
            assertThat(frame.startNanos()).isEqualTo(frame.rate().nanosOf(frame.sequence()));
            assertThat(frame.samples()).isEqualTo(first.samples());
        }
    }

    /** A file that is gone over when it is opened is opened once, whatever the laps. */
    @ParameterizedTest
    @ValueSource(strings = {"xdf", "avro"})
    void aFileIsNotGoneOverAtEachLap(String kind) throws IOException {
        Path file = folder.resolve("s." + kind);
        boolean xdf = kind.equals("xdf");
        byte[] bytes =
                xdf
                        ? XdfFile.random(new Random(3), 12).bytes()
                        : AvroFile.random(new Random(3), 60);
        Files.write(file, bytes);
        Recording once =
                new Recording(xdf ? new XdfFormat(OPTIONS) : new AvroFormat(OPTIONS), file);
        int records = once.read().size();
        Recording thrice = looped(once, 3);
        List<Received> all = thrice.read();
        assertThat(all).hasSize(3 * records);

        byte[] middle;
        try (RecordingReader reader = thrice.open(new byte[0])) {
            for (int i = 0; i < records / 2; i++) {
                reader.next();
            }
            middle = reader.position();
        }
        try (RecordingReader whole = thrice.open(new byte[0]);
                RecordingReader rest = thrice.open(middle)) {
            Files.delete(file); // so that it can be read on, but not opened
            assertThat(Recording.rest(whole)).isEqualTo(all);
            assertThat(Recording.rest(rest)).isEqualTo(all.subList(records / 2, all.size()));
        }
    }

    @Test
    void gapsAnnotationsAndDeadLettersComeAgain() throws IOException {
        Recording edf =
                edf(
                        EdfFile.edf("EDF+D")
                                .signal("a", 3)
                                .signal("b", 1)
                                .annotations(60)
                                .record(new int[] {1, 2, 3}, new int[] {1}, "+0||_+0|W|_")
                                .record(new int[] {4, 5, 6}, new int[] {2}, "+4||_+5|R|_bad_"));
        long start = edf.open(new byte[0]).startNanos();

        List<Received> read = looped(edf, 2).read();

        assertThat(Recording.frames(read))
                .extracting(frame -> frame.streamId() + " " + frame.sequence())
                .containsExactly(
                        "s/3Hz 0",
                        "s/1Hz 0",
                        "s/3Hz 12",
                        "s/1Hz 4",
                        "s/3Hz 15",
                        "s/1Hz 5",
                        "s/3Hz 27",
                        "s/1Hz 9");
        assertThat(Recording.annotations(read))
                .containsExactly(
                        new Annotation("s", start, 0, "W"),
                        new Annotation("s", start + 5 * SECOND, 0, "R"),
                        new Annotation("s", start + 5 * SECOND, 0, "W"),
                        new Annotation("s", start + 10 * SECOND, 0, "R"));
        assertThat(Recording.refused(read)).hasSize(2);
        assertThat(Recording.refused(read).get(1)).isEqualTo(Recording.refused(read).get(0));
    }

    @Test
    void shorterStreamsWaitForTheLongestAndBeginAtASampleOfTheirs() throws IOException {
        XdfFile.Samples slow = new XdfFile.Samples("float32").at(5, 1).then(2);
        XdfFile.Samples fast = new XdfFile.Samples("float32").at(5, 1);
        for (int i = 2; i <= 31; i++) {
            fast.then(i);
        }
        Path file = folder.resolve("two.xdf");
        Files.write(
                file,
                XdfFile.createdAt("2026-05-31T14:15:16+0000").stream(1, "slow", "float32", 1, 7)
                        .stream(2, "fast", "float32", 1, 30)
                        .samples(1, slow)
                        .samples(2, fast)
                        .bytes());
        Recording xdf = new Recording(new XdfFormat(OPTIONS.withFrameLength(100)), file);
        List<SignalFrame> once = Recording.frames(xdf.read());

        List<SignalFrame> frames = Recording.frames(looped(xdf, 3).read());

        // A lap is 31 samples at 30 Hz, 1.0333 s; that is 7.23 samples at 7 Hz, two laps 14.47.
        for (SignalFrame first : once) {
            List<SignalFrame> all =
                    frames.stream().filter(f -> f.streamId().equals(first.streamId())).toList();
            boolean isSlow = first.streamId().endsWith("slow");
            assertThat(all)
                    .extracting(SignalFrame::sequence)
                    .containsExactly(0L, isSlow ? 8L : 31L, isSlow ? 15L : 62L);
            assertThat(all)
                    .allSatisfy(
                            frame ->
                                    assertThat(frame.startNanos() - first.startNanos())
                                            .isEqualTo(first.rate().nanosOf(frame.sequence())));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void streamsThatDoNotBeginAtSample0HaveNoGapBetweenLaps(double killed) throws IOException {
        // A topic past its retention: two seconds of each stream, numbers from far on.
        List<SignalFrame> once =
                List.of(
                        offset("s/a", 10, 1_000_000, 0, 10),
                        offset("s/b", 4, 77, 0, 4),
                        offset("s/a", 10, 1_000_010, SECOND, 10),
                        offset("s/b", 4, 81, SECOND, 4));
        Path file = folder.resolve("offset.avro");
        Files.write(file, AvroFile.of(CodecFactory.nullCodec(), List.of(once)));
        Recording looped = looped(new Recording(new AvroFormat(OPTIONS), file), 3);

        List<SignalFrame> frames = Recording.frames(looped.readKilled(new Random(1), killed));

        for (String stream : List.of("s/a", "s/b")) {
            List<SignalFrame> all =
                    frames.stream().filter(f -> f.streamId().equals(stream)).toList();
            assertThat(all).hasSize(6);
            for (int i = 1; i < all.size(); i++) {
                assertThat(all.get(i).sequence()).isEqualTo(all.get(i - 1).nextSequence());
                assertThat(all.get(i).startNanos()).isEqualTo(all.get(i - 1).endNanos());
            }
        }
    }

    private static SignalFrame offset(
            String stream, long hertz, long sequence, long later, int length) {
        return new SignalFrame(
                stream,
                sequence,
                0,
                9 * SECOND + later,
                SampleRate.ofHertz(hertz),
                List.of("a"),
                new float[length],
                0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.6, 1})
    void aReaderRestoredAnywhereGoesOnAsIfUndisturbed(double killed) throws IOException {
        Random random = new Random(3);
        Path xdf = folder.resolve("many.xdf");
        Files.write(xdf, XdfFile.random(random, 40).bytes());
        Path csv = folder.resolve("rows.csv");
        Files.writeString(csv, "t,x\n0,1\n1,2\n2,x\n3,4\n7,5\n8,\n");
        CsvOptions seconds =
                CsvOptions.defaults()
                        .withFrameLength(2)
                        .withTimeFormat(
                                new TimeFormat(TimeFormat.EPOCH_SECONDS, TimeFormat.iso().zone()));
        List<Recording> recordings =
                List.of(
                        wav(23, 8000),
                        new Recording(new XdfFormat(OPTIONS), xdf),
                        new Recording(new CsvFormat(seconds), csv),
                        edf(
                                EdfFile.edf("EDF+C")
                                        .signal("a", 5)
                                        .annotations(60)
                                        .record(new int[] {1, 2, 3, 4, 5}, "+0||_+0|W|_")
                                        .record(new int[] {1, 2, 3, 4, 5}, "+1||_+1|R|_bad_")));
        for (Recording recording : recordings) {
            Recording looped = looped(recording, 3);
            assertThat(looped.read()).hasSize(3 * recording.read().size());
            assertThat(looped.readKilled(random, killed)).isEqualTo(looped.read());
        }
    }

    @Test
    void aPositionInALoopIsNoneInARecordingThatIsPlayedOnce() throws IOException {
        Recording once = wav(10, 3);
        Recording looped = looped(once, 3);

        assertThatThrownBy(() -> once.open(looped.open(new byte[0]).position()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of unknown version -2");
        assertThatThrownBy(() -> looped.open(once.open(new byte[0]).position()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a looped recording of unknown version 1");
    }

    @Test
    void aRecordingWithoutSamplesIsReadOnce() throws IOException {
        Recording remarks =
                edf(EdfFile.edf("EDF+C").duration("0").annotations(60).record("+0||_+0|W|_"));

        List<Received> read = looped(remarks, Long.MAX_VALUE).read();
        assertThat(read).isEqualTo(remarks.read()).hasSize(1);
    }

    @Test
    void noRoundingAddsUp() {
        SampleRate rate = SampleRate.ofHertz(44_100);
        LapLength length = new LapLength(3, rate);

        assertThat(length.samplesBefore(1_000_000_007, rate)).isEqualTo(3_000_000_021L);
        assertThat(length.samplesBefore(44_100 * 7, SampleRate.ofHertz(1))).isEqualTo(21);
    }

    @Test
    void theLongestStreamIsFoundExactly() {
        long seconds = 1_000_000; // 300,000,001 samples at 300 Hz end less than a period later
        LapLength one =
                LapLength.UNKNOWN.with(frame(SampleRate.ofHertz(299), 299 * seconds - 1), 0, 0);
        assertThat(one).isEqualTo(new LapLength(299 * seconds, SampleRate.ofHertz(299)));
        assertThat(one.with(frame(SampleRate.ofHertz(300), 300 * seconds - 1), 0, 0))
                .isEqualTo(one);
        assertThat(one.with(frame(SampleRate.ofHertz(300), 300 * seconds), 0, 0))
                .isEqualTo(new LapLength(300 * seconds + 1, SampleRate.ofHertz(300)));
    }

    @Test
    void aFastClockMakesALapLonger() {
        // Ten samples that took the time of eight: the next lap must not give their numbers again.
        SampleRate rate = SampleRate.ofHertz(10);
        SignalFrame ninth =
                new SignalFrame("s", 9, 0, rate.nanosOf(7), rate, List.of("a"), new float[] {1}, 0);

        assertThat(LapLength.UNKNOWN.with(ninth, 0, 0)).isEqualTo(new LapLength(10, rate));
    }

    private static SignalFrame frame(SampleRate rate, long sequence) {
        return new SignalFrame(
                "s", sequence, 0, rate.nanosOf(sequence), rate, List.of("a"), new float[1], 0);
    }

    @Test
    void lapsBeyondTheEndOfTimesAreToldInASentence() throws IOException {
        Path file = folder.resolve("century.csv");
        Files.writeString(file, "t,x\n1970-01-01,1\n2070-01-01,2\n");
        Recording csv = looped(new Recording(new CsvFormat(CsvOptions.defaults()), file), 9);

        assertThatThrownBy(csv::read)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("lap 2 of a looped recording lies beyond the year 2262");
    }

    @Test
    void howOftenIsANumberOrTrue() {
        assertThat(Looping.parse("true")).isEqualTo(Looping.ENDLESS);
        assertThat(Looping.parse("false")).isEqualTo(Looping.NONE);
        assertThat(Looping.parse("12")).isEqualTo(new Looping(12));
        assertThatThrownBy(() -> Looping.parse("0"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a recording is played at least once, not 0 times");
        assertThatThrownBy(() -> Looping.parse("often"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("loop 'often' is no number: give true");
    }

    @Test
    void onlyAnEndlessSourceHasNoEnd() {
        RecordedSource source = RecordedSource.of("x", new WavFormat(OPTIONS));

        assertThat(source.getBoundedness()).isEqualTo(Boundedness.BOUNDED);
        assertThat(source.withLooping(new Looping(9)).getBoundedness())
                .isEqualTo(Boundedness.BOUNDED);
        assertThat(source.withLooping(Looping.ENDLESS).withPacing(new Pacing(2)).getBoundedness())
                .isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
    }

    private static Recording looped(Recording recording, long laps) {
        return new Recording(new Looping(laps).of(recording.format()), recording.file());
    }

    private Recording wav(int samples, int rate) throws IOException {
        byte[] data = new byte[2 * samples];
        new Random(5).nextBytes(data);
        Path file = folder.resolve("s.wav");
        Files.write(file, WavFile.of(PcmEncoding.S16LE, 1, rate, data).bytes());
        return new Recording(new WavFormat(OPTIONS), file);
    }

    private Recording edf(EdfFile edf) throws IOException {
        Path file = folder.resolve("s.edf");
        Files.write(file, edf.bytes());
        return new Recording(new EdfFormat(OPTIONS), file);
    }
}
