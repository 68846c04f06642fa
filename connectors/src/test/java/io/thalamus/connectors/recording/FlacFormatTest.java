/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static io.thalamus.connectors.recording.FlacSignals.assertExact;
import static io.thalamus.connectors.recording.Recording.frames;
import static io.thalamus.connectors.recording.Recording.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlacFormatTest {

    /** RFC 9639, appendix D.1: one sample, verbatim with wasted bits. */
    private static final String EXAMPLE_1 =
            """
            664c6143 80000022 10001000 00000f00 000f0ac4 42f00000 00013e84
            b41807dc 69030758 6a3dad1a 2e0ffff8 69180000 bf0358fd 03128baa 9a
            """;

    /** Appendix D.2: other metadata, right-side stereo, a fixed predictor. */
    private static final String EXAMPLE_2 =
            """
            664c6143 00000022 00100010 00001700 00440ac4 42f00000 0013d5b0
            564975e9 8b8d8b93 0422757b 81030300 00120000 00000000 00000000
            00000000 00000010 0400003a 20000000 72656665 72656e63 65206c69
            62464c41 4320312e 332e3320 32303139 30383034 01000000 0e000000
            5449544c 453dd7a9 d79cd795 d79d8100 00060000 00000000 fff86998
            000f9912 08670162 3d144299 8f5df70d 6fe00c17 caeb2100 0ee7a77a
            24a1590c 1217b603 097b784f aa9a33d2 85e070ad 5b1b4851 b4010d99
            d2cd1a68 f1e6b810 fff86918 0102a402 c382c40b c14a03ee 48dd03b6
            7c1330
            """;

    /** Appendix D.3: a linear predictor, partitions, an escape code. */
    private static final String EXAMPLE_3 =
            """
            664c6143 80000022 10001000 00001f00 001f07d0 00700000 0018f8f9
            e396f5cb cfc6dc80 7f997790 6b32fff8 68020017 e944004f 6f313d10
            47d227cb 6d090831 452bdc28 22228057 a3
            """;

    private static final FlacFormat FORMAT = new FlacFormat(RecordingOptions.defaults());
    private static final FlacStreamInfo INFO = new FlacStreamInfo(100, 1000, 2, 16, 0);

    @TempDir Path folder;

    @Test
    void theExamplesOfTheSpecificationAreDecoded() throws IOException {
        assertThat(numbers(EXAMPLE_1, 0, 16)).containsExactly(25588);
        assertThat(numbers(EXAMPLE_1, 1, 16)).containsExactly(10416);
        assertThat(numbers(EXAMPLE_2, 0, 16))
                .containsExactly(
                        10372, 18041, 14942, 17876, 15627, 17899, 16242, 18077, 16824, 18263, 17295,
                        -14418, -15201, -14508, -15195, -14818, -15486, -15349, -16054);
        assertThat(numbers(EXAMPLE_2, 1, 16))
                .containsExactly(
                        6070, 10545, 8743, 10449, 9143, 10463, 9502, 10569, 9840, 10680, 10113,
                        -8428, -8895, -8476, -8896, -8653, -9072, -8958, -9410);
        assertThat(numbers(EXAMPLE_3, 0, 8))
                .containsExactly(
                        0, 79, 111, 78, 8, -61, -90, -68, -13, 42, 67, 53, 13, -27, -46, -38, -12,
                        14, 24, 19, 6, -4, -5, 0);
    }

    @Test
    void aFileIsDescribedByItsHead() throws IOException {
        FlacFormat format =
                new FlacFormat(RecordingOptions.defaults().withStart(Instant.ofEpochSecond(7)));
        Recording recording = new Recording(format, write(bytes(EXAMPLE_3)));
        assertThat(recording.describe())
                .isEqualTo(
                        new RecordingDescription(
                                recording.file().toString(),
                                "s",
                                "FLAC, 8 bit",
                                73,
                                7_000_000_000L,
                                List.of(
                                        StreamDescription.withoutUnits(
                                                "s", List.of("ch1"), SampleRate.ofHertz(32_000)))));
        assertThat(format.accepts("A.FLAC")).isTrue();
        assertThat(format.accepts("a.wav")).isFalse();
        assertThat(format.recognises(bytes(EXAMPLE_3))).isTrue();
        assertThat(format.recognises(new byte[] {'f', 'L', 'a'})).isFalse();
    }

    @Test
    void framesEndOnTheGridOfTheFrameLengthAndKnowTheirTime() throws IOException {
        long[][] samples = FlacSignals.draw(new Random(1), 2, 16, 250);
        byte[] bytes = new FlacEncoder(INFO, false, new Random(2)).file(samples).bytes();
        RecordingOptions options =
                RecordingOptions.defaults()
                        .withFrameLength(60)
                        .withStart(Instant.ofEpochSecond(7))
                        .withChannels(List.of("ch2"));
        List<SignalFrame> frames = frames(read(bytes, options));
        assertThat(frames)
                .extracting(SignalFrame::sequence)
                .containsExactly(0L, 60L, 120L, 180L, 240L);
        assertThat(frames).extracting(SignalFrame::length).containsExactly(60, 60, 60, 60, 10);
        assertThat(frames.get(1).startNanos()).isEqualTo(7_060_000_000L);
        assertThat(frames.get(1).channels()).containsExactly("ch2");
        assertThat(frames.get(1).sample(0, 3)).isEqualTo(samples[1][63] / 32768f);
    }

    @Test
    void aTagBeforeTheFileIsPassedOver() throws IOException {
        List<Received> untagged = read(bytes(EXAMPLE_3));
        String tag = "494433 0400 %02x 0000 022c".replace(" ", "");
        String content = "00".repeat(300);
        String footer = "334449 0400 10 0000 022c".replace(" ", "");
        assertThat(read(bytes(tag.formatted(0) + content + EXAMPLE_3))).isEqualTo(untagged);
        assertThat(read(bytes(tag.formatted(0x10) + content + footer + EXAMPLE_3)))
                .isEqualTo(untagged);
    }

    @Test
    void aDamagedFrameIsRefusedAndTheSampleNumbersJumpOverIt() throws IOException {
        long[][] samples = FlacSignals.draw(new Random(3), 2, 16, 450);
        FlacEncoder.Encoded encoded = new FlacEncoder(INFO, false, new Random(4)).file(samples);
        int begin = encoded.frames().get(2);
        int end = encoded.frames().get(3);
        byte[] bytes = encoded.bytes();
        bytes[(begin + end) / 2] ^= 1;

        List<Received> read = read(bytes, RecordingOptions.defaults().withFrameLength(150));
        assertThat(frames(read)).extracting(SignalFrame::sequence).containsExactly(0L, 150L, 300L);
        assertThat(frames(read)).extracting(SignalFrame::length).containsExactly(150, 50, 150);
        assertExact(read, samples, 16);
        DeadLetter letter = read.get(2).deadLetter();
        assertThat(letter.position()).isEqualTo(begin);
        assertThat(letter.timeNanos()).isEqualTo(200_000_000L);
        assertThat(letter.error()).isEqualTo("damaged data");
        assertThat(letter.reason())
                .isEqualTo("the frame's checksum does not fit; the next 100 samples are lost");
        assertThat(letter.payload()).isEqualTo(Arrays.copyOfRange(bytes, begin, end));
    }

    @Test
    void sampleNumbersJumpOverAFrameThatIsNotThere() throws IOException {
        long[][] samples = FlacSignals.draw(new Random(14), 2, 16, 450);
        FlacEncoder.Encoded encoded = new FlacEncoder(INFO, false, new Random(15)).file(samples);
        int begin = encoded.frames().get(2);
        int end = encoded.frames().get(3);
        byte[] bytes = new byte[encoded.bytes().length - (end - begin)];
        System.arraycopy(encoded.bytes(), 0, bytes, 0, begin);
        System.arraycopy(encoded.bytes(), end, bytes, begin, bytes.length - begin);

        List<Received> read = read(bytes, RecordingOptions.defaults().withFrameLength(400));
        assertThat(frames(read)).extracting(SignalFrame::sequence).containsExactly(0L, 300L, 400L);
        assertThat(frames(read)).extracting(SignalFrame::length).containsExactly(200, 100, 50);
        assertThat(refused(read)).isEmpty();
        assertExact(read, samples, 16);
    }

    @Test
    void bytesBetweenFramesLoseNoSample() throws IOException {
        long[][] samples = FlacSignals.draw(new Random(5), 1, 16, 300);
        FlacStreamInfo info = new FlacStreamInfo(100, 1000, 1, 16, 300);
        FlacEncoder.Encoded encoded = new FlacEncoder(info, true, new Random(6)).file(samples);
        int at = encoded.frames().get(1);
        byte[] bytes = new byte[encoded.bytes().length + 7];
        System.arraycopy(encoded.bytes(), 0, bytes, 0, at);
        Arrays.fill(bytes, at, at + 7, (byte) 0xff);
        System.arraycopy(encoded.bytes(), at, bytes, at + 7, encoded.bytes().length - at);

        List<Received> read = read(bytes);
        assertThat(refused(read))
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.position()).isEqualTo(at);
                            assertThat(letter.reason()).isEqualTo("no frame begins there");
                            assertThat(letter.payload()).hasSize(7);
                        });
        assertExact(read, samples, 16);
        assertThat(frames(read).stream().mapToInt(SignalFrame::length).sum()).isEqualTo(300);
    }

    @Test
    void aTruncatedFileIsToldOfOnceWhereverItIsCut() throws IOException {
        long[][] samples = FlacSignals.draw(new Random(7), 2, 16, 250);
        FlacStreamInfo info = new FlacStreamInfo(100, 1000, 2, 16, 250);
        FlacEncoder.Encoded encoded = new FlacEncoder(info, false, new Random(8)).file(samples);
        List<Integer> begins = encoded.frames();
        for (int cut = begins.get(0); cut < begins.get(3); cut++) {
            List<Received> read = read(Arrays.copyOf(encoded.bytes(), cut));
            int whole = cut >= begins.get(2) ? 2 : cut >= begins.get(1) ? 1 : 0;
            boolean between = cut == begins.get(whole);
            assertExact(read, samples, 16);
            assertThat(read.get(read.size() - 1).deadLetter())
                    .isEqualTo(refused(read).get(0))
                    .satisfies(
                            letter -> {
                                assertThat(letter.error()).isEqualTo("truncated data");
                                assertThat(letter.position()).isEqualTo((int) begins.get(whole));
                                assertThat(letter.reason())
                                        .isEqualTo(
                                                "%s; the next %d samples are lost",
                                                between
                                                        ? "the file ends early"
                                                        : "the file ends within a frame",
                                                250 - 100 * whole);
                            });
            assertThat(refused(read)).hasSize(1);
        }
    }

    @Test
    void aLongDamagedStretchComesInPieces() throws IOException {
        long[][] samples = FlacSignals.draw(new Random(9), 1, 16, 200);
        FlacStreamInfo info = new FlacStreamInfo(100, 1000, 1, 16, 200);
        FlacEncoder.Encoded encoded = new FlacEncoder(info, false, new Random(10)).file(samples);
        int at = encoded.frames().get(1);
        int damaged = 2 * FlacFrames.LONGEST_PIECE + 12345;
        byte[] bytes = new byte[encoded.bytes().length + damaged];
        new Random(11).nextBytes(bytes);
        System.arraycopy(encoded.bytes(), 0, bytes, 0, at);
        System.arraycopy(encoded.bytes(), at, bytes, at + damaged, encoded.bytes().length - at);

        List<Received> read = read(bytes);
        assertThat(refused(read))
                .extracting(letter -> letter.position() + "+" + letter.payload().length)
                .containsExactly(
                        at + "+1048576", at + 1048576 + "+1048576", at + 2097152 + "+12345");
        assertExact(read, samples, 16);
        assertThat(frames(read).stream().mapToInt(SignalFrame::length).sum()).isEqualTo(200);
    }

    @Test
    void aFrameThatGoesBackIsRefused() throws IOException {
        long[][] samples = FlacSignals.draw(new Random(12), 1, 16, 200);
        FlacStreamInfo info = new FlacStreamInfo(100, 1000, 1, 16, 0);
        FlacEncoder.Encoded encoded = new FlacEncoder(info, false, new Random(13)).file(samples);
        byte[] again =
                Arrays.copyOfRange(
                        encoded.bytes(), encoded.frames().get(0), encoded.frames().get(1));
        byte[] bytes = Arrays.copyOf(encoded.bytes(), encoded.bytes().length + again.length);
        System.arraycopy(again, 0, bytes, encoded.bytes().length, again.length);
        List<Received> read = read(bytes);
        assertThat(refused(read))
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "the frame begins with sample 0, where sample 199 has been passed");
        assertExact(read, samples, 16);
    }

    /** Nothing in the format bounds how long a frame is: each sample may take 4 GiB of zeros. */
    @Test
    void aFrameOfMoreThanFourMebibytesIsRefusedAndTheNextOneRead() throws IOException {
        FlacStreamInfo info = new FlacStreamInfo(65_535, 1000, 8, 16, 0);
        FlacEncoder encoder = new FlacEncoder(info, false, new Random(14));
        long[][] next = FlacSignals.draw(new Random(15), 8, 16, 65_535);
        byte[] head = encoder.head();
        byte[] behind = encoder.frame(65_535, next);

        byte[] longest = encoder.unaryFrame(62);
        assertThat(longest).hasSizeBetween(4_100_000, FlacFrames.LONGEST_FRAME);
        List<Received> read = read(joined(head, longest, behind));
        assertThat(refused(read)).isEmpty();
        float[] samples = Recording.samples(read, "s", 7);
        assertThat(samples).hasSize(2 * 65_535);
        assertThat(Arrays.copyOf(samples, 65_535)).containsOnly(31f / 32768);

        byte[] longer = encoder.unaryFrame(64);
        assertThat(longer).hasSizeBetween(FlacFrames.LONGEST_FRAME + 1, 4_300_000);
        read = read(joined(head, longer, behind));
        assertThat(refused(read)).hasSize(5);
        assertThat(refused(read).get(0).reason())
                .startsWith("the frame is longer than 4194304 bytes");
        assertThat(refused(read).stream().mapToInt(letter -> letter.payload().length).sum())
                .isEqualTo(longer.length);
        assertThat(frames(read).get(0).sequence()).isEqualTo(65_535);
        assertThat(Recording.samples(read, "s", 7)).hasSize(65_535);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    @Test
    void aFileThatIsNoneIsRefusedInOneSentence() throws IOException {
        byte[] flac = bytes(EXAMPLE_3);
        assertRefused(new byte[0], "ends at byte 0 within its head: copy it again");
        assertRefused(new byte[50], "does not begin with 'fLaC' as a FLAC file does");
        assertRefused(Arrays.copyOf(flac, 30), "ends at byte 30 within its head");
        assertRefused(with(flac, 4, 0x81), "has no stream info as its first metadata block");
        assertRefused(with(flac, 4, 0), "ends at byte 73 within its metadata");
        byte[] endless = Arrays.copyOf(with(flac, 4, 0), 100_000);
        Arrays.fill(endless, 42, endless.length, (byte) 0);
        assertRefused(endless, "has more than 10000 metadata blocks: encode it again");
        assertRefused(with(flac, 10, 0), "states blocks of 4096 to 0 samples");
        assertRefused(with(with(flac, 18, 0), 19, 0), "states a sample rate of 0 Hz");
        assertRefused(with(flac, 21, 0x10), "states samples of 2 bits");
        assertThatThrownBy(
                        () -> read(flac, RecordingOptions.defaults().withChannels(List.of("left"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has no channel 'left': its channels are [ch1]");
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Recording recording = new Recording(FORMAT, write(bytes));
        for (ThrowingCallable use :
                List.<ThrowingCallable>of(recording::describe, recording::read)) {
            assertThatThrownBy(use)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("recording '" + recording.file() + "' ")
                    .hasMessageContaining(message);
        }
    }

    private static byte[] with(byte[] bytes, int index, int value) {
        byte[] other = bytes.clone();
        other[index] = (byte) value;
        return other;
    }

    /** The samples of a channel as whole numbers of so many bits. */
    private int[] numbers(String hex, int channel, int bits) throws IOException {
        float[] samples = Recording.samples(read(bytes(hex)), "s", channel);
        return IntStream.range(0, samples.length)
                .map(i -> (int) Math.scalb(samples[i], bits - 1))
                .toArray();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }

    private List<Received> read(byte[] bytes) throws IOException {
        return new Recording(FORMAT, write(bytes)).read();
    }

    private List<Received> read(byte[] bytes, RecordingOptions options) throws IOException {
        return new Recording(new FlacFormat(options), write(bytes)).read();
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("s.flac"), bytes);
    }
}
