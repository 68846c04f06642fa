/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
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

class WavFormatTest {
    private static final RecordingOptions FOUR = RecordingOptions.defaults().withFrameLength(4);
    private static final byte[] SIX_SHORTS = {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0};

    @TempDir Path folder;

    @Test
    void wholeNumbersAreDividedByTheirFullScale() throws IOException {
        assertSamples(
                PcmEncoding.U8,
                bytes(0, 127, 128, 129, 255),
                -1,
                -1 / 128f,
                0,
                1 / 128f,
                127 / 128f);
        assertSamples(
                PcmEncoding.S16LE,
                bytes(0, 0x80, 0xff, 0xff, 0, 0, 1, 0, 0xff, 0x7f),
                -1,
                -1 / 32768f,
                0,
                1 / 32768f,
                32767 / 32768f);
        assertSamples(
                PcmEncoding.S24LE,
                bytes(0, 0, 0x80, 0xff, 0xff, 0xff, 0, 0, 0, 0xff, 0, 0, 0xff, 0xff, 0x7f),
                -1,
                -1 / 8388608f,
                0,
                255 / 8388608f,
                8388607 / 8388608f);
        assertSamples(
                PcmEncoding.S32LE,
                bytes(0, 0, 0, 0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0x7f),
                -1,
                0,
                256 / 2147483648f,
                1); // the last is rounded
    }

    @Test
    void floatIsTakenAsItIs() throws IOException {
        ByteBuffer single = WavFile.little(16).putFloat(0.1f).putFloat(-3e38f);
        single.putFloat(Float.POSITIVE_INFINITY).putFloat(0);
        assertSamples(PcmEncoding.F32LE, single.array(), 0.1f, -3e38f, Float.POSITIVE_INFINITY, 0);
        ByteBuffer twice = WavFile.little(16).putDouble(0.1).putDouble(-1e300);
        assertSamples(PcmEncoding.F64LE, twice.array(), 0.1f, Float.NEGATIVE_INFINITY);
    }

    @Test
    void notANumberIsAMissingValue() throws IOException {
        ByteBuffer data = WavFile.little(24).putFloat(1).putFloat(1).putFloat(1).putFloat(1);
        data.putFloat(Float.NaN).putFloat(1);

        List<SignalFrame> frames =
                Recording.frames(read(WavFile.of(PcmEncoding.F32LE, 1, 8000, data.array())));

        assertThat(frames)
                .extracting(SignalFrame::quality)
                .containsExactly(0, Quality.MISSING.bit());
        assertThat(frames.get(1).sample(0, 0)).isNaN();
    }

    @Test
    void companderCodesAreThoseOfG711() throws IOException {
        // Tables 1a and 2a of the recommendation: the ends and the middle of the first segments.
        assertSamples(
                PcmEncoding.ALAW,
                bytes(0xd5, 0x55, 0xaa, 0x2a, 0xc5, 0x80),
                8 / 32768f,
                -8 / 32768f,
                32256 / 32768f,
                -32256 / 32768f,
                264 / 32768f,
                5504 / 32768f);
        assertSamples(
                PcmEncoding.MULAW,
                bytes(0xff, 0x7f, 0x80, 0x00, 0xef, 0xfe),
                0,
                0,
                32124 / 32768f,
                -32124 / 32768f,
                132 / 32768f,
                8 / 32768f);
    }

    @Test
    void blocksBecomeFramesOfChannels() throws IOException {
        WavFile wav =
                WavFile.of(
                        PcmEncoding.U8,
                        2,
                        10,
                        bytes(128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139));
        RecordingOptions options = FOUR.withStart(Instant.parse("2024-01-01T00:00:00Z"));
        long start = Instant.parse("2024-01-01T00:00:00Z").getEpochSecond() * 1_000_000_000L;

        assertThat(Recording.frames(recording(wav, options).read()))
                .containsExactly(
                        frame(0, start, List.of("ch1", "ch2"), 0, 2, 4, 6, 1, 3, 5, 7),
                        frame(4, start + 400_000_000, List.of("ch1", "ch2"), 8, 10, 9, 11));
        assertThat(Recording.frames(recording(wav, options.withChannels(List.of("ch2"))).read()))
                .containsExactly(
                        frame(0, start, List.of("ch2"), 1, 3, 5, 7),
                        frame(4, start + 400_000_000, List.of("ch2"), 9, 11));
        assertThat(
                        Recording.frames(
                                recording(wav, options.withChannels(List.of("ch2", "ch1"))).read()))
                .first()
                .isEqualTo(frame(0, start, List.of("ch2", "ch1"), 1, 3, 5, 7, 0, 2, 4, 6));
    }

    private static SignalFrame frame(
            long sequence, long startNanos, List<String> channels, int... steps) {
        float[] samples = new float[steps.length];
        for (int i = 0; i < steps.length; i++) {
            samples[i] = steps[i] / 128f;
        }
        return new SignalFrame(
                "s", sequence, 0, startNanos, SampleRate.ofHertz(10), channels, samples, 0);
    }

    @Test
    void describesFromTheHeader() throws IOException {
        WavFile wav = WavFile.of(PcmEncoding.S24LE, 2, 44100, new byte[60]);

        assertThat(recording(wav, FOUR).describe())
                .isEqualTo(
                        new RecordingDescription(
                                folder.resolve("s.wav").toString(),
                                "s",
                                "WAV, 24 bit PCM",
                                44 + 60,
                                0,
                                List.of(
                                        new StreamDescription(
                                                "s",
                                                List.of("ch1", "ch2"),
                                                List.of("", ""),
                                                SampleRate.ofHertz(44100)))));
    }

    @Test
    void otherChunksArePassedOverWithTheirPadding() throws IOException {
        WavFile wav =
                new WavFile()
                        .chunk("JUNK", new byte[3])
                        .fmt(1, 1, 8000, 16)
                        .chunk("LIST", new byte[5])
                        .data(SIX_SHORTS)
                        .chunk("LIST", new byte[100]);

        assertThat(sixShorts(wav)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"RF64, -1", "BW64, -1", "RF64, 12"})
    void wideFilesTellTheirSizeElsewhere(String riff, int size) throws IOException {
        WavFile wav =
                new WavFile()
                        .riff(riff, 0xffffffffL)
                        .ds64(12)
                        .fmt(1, 1, 8000, 16)
                        .chunk("data", size, SIX_SHORTS)
                        .chunk("LIST", new byte[100]);

        assertThat(sixShorts(wav)).isEmpty();
    }

    @Test
    void samplesBeyondFourGigabytesAreReached() throws IOException {
        long dataSize = 5_000_000_000L;
        Recording recording =
                recording(
                        new WavFile()
                                .riff("RF64", -1)
                                .ds64(dataSize)
                                .fmt(1, 1, 8000, 16)
                                .chunk("data", -1, new byte[0]),
                        FOUR);
        long start = Files.size(recording.file());
        try (RandomAccessFile sparse = new RandomAccessFile(recording.file().toFile(), "rw")) {
            sparse.seek(start + dataSize - SIX_SHORTS.length);
            sparse.write(SIX_SHORTS);
        }
        byte[] position =
                BinaryPosition.write((byte) 1, 10).putLong(dataSize / 2 - 6).put((byte) 0).array();

        try (RecordingReader reader = recording.open(position)) {
            List<Received> rest = Recording.rest(reader);
            assertThat(Recording.frames(rest))
                    .extracting(SignalFrame::sequence, SignalFrame::startNanos)
                    .first()
                    .isEqualTo(tuple(2_499_999_994L, 312_499_999_250_000L));
            assertThat(Recording.samples(rest, "s", 0))
                    .containsExactly(
                            1 / 32768f, 2 / 32768f, 3 / 32768f, 4 / 32768f, 5 / 32768f, 6 / 32768f);
        }
    }

    @Test
    void extensibleFilesNameTheirFormatElsewhere() throws IOException {
        assertThat(sixShorts(new WavFile().extensible(1, 1, 8000, 16).data(SIX_SHORTS))).isEmpty();
    }

    /** As SoX and FFmpeg write into pipes, and recorders leave files that they never closed. */
    @ParameterizedTest
    @CsvSource({
        "0xffffffff, 0xffffffff",
        "0x7ffff024, 0x7ffff000",
        "0xffffffff, 0",
        "0, 0",
        "36, 0"
    })
    void dataOfUnknownSizeReachesToTheEnd(String riffSize, String size) throws IOException {
        WavFile wav =
                new WavFile()
                        .riff("RIFF", Long.decode(riffSize))
                        .fmt(1, 1, 8000, 16)
                        .chunk("data", Long.decode(size), SIX_SHORTS);

        assertThat(sixShorts(wav)).isEmpty();
    }

    @Test
    void dataWithoutSamplesIsEmpty() throws IOException {
        assertThat(
                        read(
                                new WavFile()
                                        .fmt(1, 1, 8000, 16)
                                        .data(new byte[0])
                                        .chunk("LIST", new byte[100])))
                .isEmpty();
    }

    @Test
    void thePaddingOfDataOfUnknownSizeIsNoLoss() throws IOException {
        byte[] three = Arrays.copyOf(new byte[] {1, 2, 3}, 4);
        assertThat(
                        Recording.refused(
                                read(
                                        new WavFile()
                                                .fmt(1, 1, 8000, 24)
                                                .chunk("data", 0xffffffffL, three))))
                .isEmpty();
    }

    @Test
    void theWholeBlocksOfACutFileAreReadAndTheLossIsTold() throws IOException {
        byte[] cut = Arrays.copyOf(SIX_SHORTS, 13);
        cut[12] = 9;
        WavFile wav = new WavFile().fmt(1, 1, 8000, 16).chunk("data", 1000, cut);

        List<DeadLetter> refused = sixShorts(wav);

        assertThat(refused)
                .containsExactly(
                        new DeadLetter(
                                folder.resolve("s.wav").toString(),
                                0,
                                44 + 12,
                                750_000,
                                "recording",
                                "truncated data",
                                "the data has 1000 bytes by the header, of which 13 are there: the"
                                        + " file was cut off",
                                new byte[] {9}));
        Recording recording = new Recording(new WavFormat(FOUR), folder.resolve("s.wav"));
        assertThat(recording.readKilled(new Random(), 1)).isEqualTo(recording.read());
    }

    @Test
    void anIncompleteBlockIsTold() throws IOException {
        assertThat(Recording.refused(read(WavFile.of(PcmEncoding.S16LE, 2, 8000, new byte[11]))))
                .extracting(DeadLetter::error, DeadLetter::reason)
                .containsExactly(
                        tuple("incomplete block", "the data ends 3 bytes into a block of 4"));
    }

    @ParameterizedTest
    @CsvSource({
        "2024-05-0607:08:09, 0, 2024-05-06T07:08:09Z",
        "2024:05:0607-08-09, 0, 2024-05-06T07:08:09Z",
        // 07:08:09.5 at 8000 Hz, and a project's own time code
        "2024-05-0607:08:09, 205516000, 2024-05-06T07:08:09.500Z",
        "2024-05-0607:08:09, 28800000, 2024-05-06T07:08:09Z",
        "2024-05-0607:08:09, -1, 2024-05-06T07:08:09Z",
        "2024-02-3007:08:09, 0, 2000-01-01T00:00:00Z",
        "2024-02-2025:08:09, 0, 2000-01-01T00:00:00Z",
        "9999-02-2020:08:09, 0, 2000-01-01T00:00:00Z",
        "not a date at all , 0, 2000-01-01T00:00:00Z",
    })
    void broadcastWaveTellsItsStart(String written, long reference, Instant start)
            throws IOException {
        WavFile wav =
                new WavFile()
                        .bext("%-18s".formatted(written), reference)
                        .fmt(1, 1, 8000, 16)
                        .data(SIX_SHORTS);
        RecordingOptions options = FOUR.withStart(Instant.parse("2000-01-01T00:00:00Z"));

        assertThat(Instant.EPOCH.plusNanos(recording(wav, options).describe().startNanos()))
                .isEqualTo(start);
        assertThat(Recording.frames(recording(wav, options).read()).get(0).startNanos())
                .isEqualTo(recording(wav, options).describe().startNanos());
    }

    @Test
    void whatCannotBeUsedIsSaidInOneSentence() throws IOException {
        assertInvalid(new byte[0], "ends at byte 0 within its RIFF header: copy it again");
        assertInvalid(
                new WavFile().riff("RIFX", 0).fmt(1, 1, 8000, 16).bytes(),
                "is no WAV file: it does not begin with RIFF or RF64 and WAVE; convert it to WAV");
        assertInvalid(
                new WavFile().fmt(1, 1, 8000, 16).bytes(),
                "has no data chunk: it holds no samples; save it again");
        assertInvalid(
                new WavFile().data(SIX_SHORTS).fmt(1, 1, 8000, 16).bytes(),
                "has its data before its fmt chunk, which tells what the data is: save it again");
        assertInvalid(
                new WavFile().chunk("fmt ", new byte[14]).bytes(),
                "has a fmt chunk of 14 bytes where 16 are the least: save it again");
        assertInvalid(
                Arrays.copyOf(new WavFile().fmt(1, 1, 8000, 16).bytes(), 30),
                "ends at byte 30 within its fmt chunk: copy it again");
        assertInvalid(
                new WavFile().fmt(1, 0, 8000, 16).data(SIX_SHORTS).bytes(),
                "says that 0 bytes hold a sample of each of 0 channels in 16 bit PCM, which cannot"
                        + " be: save it again");
        assertInvalid(
                new WavFile().fmt(1, 1, 0, 16).data(SIX_SHORTS).bytes(),
                "has a sample rate of 0 Hz: save it again");
        assertInvalid(
                new WavFile().fmt(0xfffe, 1, 8000, 16).data(SIX_SHORTS).bytes(),
                "has a fmt chunk of 16 bytes where an extensible one has 40: save it again");
        assertInvalid(
                new WavFile().fmt(1, 1, 8000, 16).chunk("LIST", 1000, new byte[10]).bytes(),
                "ends at byte 54 within its LIST chunk: copy it again");
    }

    @ParameterizedTest
    @CsvSource({
        "2, 4, ADPCM",
        "0x11, 4, ADPCM",
        "0x55, 0, MP3",
        "0x50, 0, MPEG",
        "0x31, 0, 0x0031",
        "1, 64, PCM",
        "3, 16, float",
        "6, 16, A-law"
    })
    void otherFormatsAreNamed(String tag, int bits, String name) throws IOException {
        assertInvalid(
                new WavFile().fmt(Integer.decode(tag), 1, 8000, bits).data(SIX_SHORTS).bytes(),
                "holds samples of format "
                        + name
                        + " with "
                        + bits
                        + " bits, not PCM of 8 to 32 bits, float of 32 or 64 bits, A-law or mu-law:"
                        + " convert it to PCM");
    }

    @Test
    void samplesWithoutTimeAreSaidInOneSentence() throws IOException {
        recording(
                        WavFile.of(PcmEncoding.U8, 1, 1, new byte[2]),
                        FOUR.withStart(Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000_000L)))
                .assertInvalid(
                        "has samples beyond the year 2262, as it starts at 2262-04-11T23:47:16Z and"
                                + " has 1 Hz: set start");
    }

    @Test
    void anUnknownChannelIsSaidInOneSentence() throws IOException {
        recording(
                        WavFile.of(PcmEncoding.S16LE, 2, 8000, new byte[8]),
                        FOUR.withChannels(List.of("ch1", "left")))
                .assertInvalid(
                        "has no channel 'left': its channels are [ch1, ch2]; name those to read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.wav", "a.WAV", "a.bwf", "a.rf64"})
    void isToldByNameAndByContent(String name) {
        WavFormat format = new WavFormat(FOUR);
        assertThat(format.accepts(name)).isTrue();
        assertThat(format.accepts("a.edf")).isFalse();
        assertThat(format.recognises(WavFile.of(PcmEncoding.U8, 1, 1, new byte[0]).bytes()))
                .isTrue();
        assertThat(format.recognises(new WavFile().riff("RF64", 0).bytes())).isTrue();
        assertThat(format.recognises("RIFF....AVI ".getBytes())).isFalse();
        assertThat(format.recognises(new byte[3])).isFalse();
    }

    @Test
    void aFrameOfManyChannelsIsShorter() throws IOException {
        int channels = 60_000;
        byte[] data = new byte[channels * 100];
        Recording recording =
                recording(
                        WavFile.of(PcmEncoding.U8, channels, 8000, data),
                        FOUR.withFrameLength(1000));

        assertThat(Recording.frames(recording.read()))
                .extracting(SignalFrame::length)
                .containsExactly(17, 17, 17, 17, 17, 15);
    }

    private void assertInvalid(byte[] bytes, String what) throws IOException {
        Path file = Files.write(folder.resolve("s.wav"), bytes);
        new Recording(new WavFormat(FOUR), file).assertInvalid(what);
    }

    private void assertSamples(PcmEncoding encoding, byte[] data, float... expected)
            throws IOException {
        assertThat(Recording.samples(read(WavFile.of(encoding, 1, 8000, data)), "s", 0))
                .containsExactly(expected);
        if (encoding != PcmEncoding.ALAW && encoding != PcmEncoding.MULAW) {
            WavFile extensible =
                    new WavFile()
                            .extensible(WavFile.tag(encoding), 1, 8000, encoding.bytes() * 8)
                            .data(data);
            assertThat(Recording.samples(read(extensible), "s", 0)).containsExactly(expected);
        }
    }

    /** Expects six samples, and gives what was refused besides. */
    private List<DeadLetter> sixShorts(WavFile wav) throws IOException {
        List<Received> read = read(wav);
        assertThat(Recording.samples(read, "s", 0))
                .containsExactly(
                        1 / 32768f, 2 / 32768f, 3 / 32768f, 4 / 32768f, 5 / 32768f, 6 / 32768f);
        return Recording.refused(read);
    }

    private List<Received> read(WavFile wav) throws IOException {
        return recording(wav, FOUR).read();
    }

    private Recording recording(WavFile wav, RecordingOptions options) throws IOException {
        return new Recording(
                new WavFormat(options), Files.write(folder.resolve("s.wav"), wav.bytes()));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
