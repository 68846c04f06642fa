/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spoilt files: whatever is done to one, reading it ends, in bounded memory, and goes on alike
 * where it was interrupted; what cannot be used is refused in one sentence. {@code
 * -Dthalamus.mutations=100000} does more than the build.
 */
class FlacFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("thalamus.mutations", 2000);
    private static final int MUTATIONS_OF_A_FILE = 40;
    private static final int LONGEST_HEAD = 16;

    /** The reader's buffers and the longest block, with what they have grown from. */
    private static final long MOST_BYTES = 32 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void spoiltFilesAreReadOrRefused() throws Exception {
        int refusedWhole = 0;
        int damaged = 0;
        int sound = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = mutated(seed);
            Path file = Files.write(folder.resolve("s.flac"), bytes);
            RecordingOptions options =
                    RecordingOptions.defaults().withFrameLength(1 + random.nextInt(5000));
            Recording recording = new Recording(new FlacFormat(options), file);
            try {
                int letters = read(recording, bytes);
                if (seed % 20 == 0) {
                    assertThat(recording.readKilled(random, 0.3)).isEqualTo(recording.read());
                }
                if (letters > 0) {
                    damaged++;
                } else {
                    sound++;
                }
            } catch (InvalidInputException e) {
                refusedWhole++;
                assertThat(e).hasMessageMatching("recording '.*' [^\\p{Cntrl}]*");
            } catch (RuntimeException | IOException | AssertionError e) {
                throw new AssertionError("mutation " + seed, e);
            }
        }
        // Damage was neither too small to matter nor always fatal.
        assertThat(refusedWhole).isGreaterThan(MUTATIONS / 50);
        assertThat(damaged).isGreaterThan(MUTATIONS / 4);
        assertThat(sound).isGreaterThan(MUTATIONS / 50);
    }

    /** Heads of long uncompressed frames, each of which would have to be decoded to its end. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void bytesThatOnlyLookLikeFramesDoNotHoldReadingUp() throws IOException {
        FlacStreamInfo info = new FlacStreamInfo(65_535, 8000, 1, 32, 0);
        byte[] head = {(byte) 0xff, (byte) 0xf8, 0x70, 0, 0, (byte) 0xff, (byte) 0xfe, 0, 2};
        head[7] = (byte) FlacEncoder.crc(Arrays.copyOf(head, 7), 8, 0x07);
        byte[] start = new FlacEncoder(info, false, new Random(1)).head();
        int count = 8 * FlacFrames.LONGEST_PIECE / head.length;
        ByteBuffer bytes = ByteBuffer.allocate(start.length + count * head.length).put(start);
        for (int i = 0; i < count; i++) {
            bytes.put(head);
        }
        Path file = Files.write(folder.resolve("s.flac"), bytes.array());
        FlacFormat format = new FlacFormat(RecordingOptions.defaults());
        assertThat(Recording.refused(new Recording(format, file).read())).hasSize(8);
    }

    /** Reads a file and gives how many dead letters came of it. */
    private int read(Recording recording, byte[] bytes) throws IOException {
        int letters = 0;
        long samples = 0;
        long next = 0;
        long refusedUpTo = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        try (RecordingReader reader = recording.open(new byte[0])) {
            for (Received read = reader.next(); read != null; read = reader.next()) {
                DeadLetter letter = read.deadLetter();
                if (letter == null) {
                    SignalFrame frame = read.frame();
                    assertThat(frame.sequence()).isGreaterThanOrEqualTo(next);
                    next = frame.nextSequence();
                    samples += frame.samples().length;
                    for (float sample : frame.samples()) {
                        if (!(Math.abs(sample) <= 1)) {
                            assertThat(sample).isBetween(-1f, 1f);
                        }
                    }
                    continue;
                }
                letters++;
                int from = (int) letter.position();
                int to = from + letter.payload().length;
                assertThat(letter.position()).isGreaterThanOrEqualTo(refusedUpTo);
                assertThat(letter.payload()).isEqualTo(Arrays.copyOfRange(bytes, from, to));
                assertThat(letter.reason().lines()).hasSize(1);
                refusedUpTo = to;
            }
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(MOST_BYTES + 4 * Float.BYTES * samples);
        return letters;
    }

    /** A file with damage anywhere, or in one frame whose checksums are right again. */
    private static byte[] mutated(int seed) {
        Random drawn = new Random(seed / MUTATIONS_OF_A_FILE);
        int channels = 1 + drawn.nextInt(8);
        int bits = 4 + drawn.nextInt(29);
        int length = 1 + drawn.nextInt(600);
        int longest = drawn.nextInt(10) == 0 ? 65_535 : 16 + drawn.nextInt(200);
        FlacStreamInfo info = new FlacStreamInfo(longest, 8000, channels, bits, length);
        FlacEncoder.Encoded encoded =
                new FlacEncoder(info, drawn.nextBoolean(), drawn)
                        .file(FlacSignals.draw(drawn, channels, bits, length));
        byte[] bytes = encoded.bytes();
        Mutator mutator = new Mutator(seed);
        if (seed % 2 == 0) {
            return mutator.mutate(bytes);
        }
        int frame = seed % (encoded.frames().size() - 1);
        int begin = encoded.frames().get(frame);
        int end = encoded.frames().get(frame + 1);
        byte[] damaged = mutator.mutate(Arrays.copyOfRange(bytes, begin, end - 2));
        return ByteBuffer.allocate(bytes.length - (end - 2 - begin) + damaged.length)
                .put(bytes, 0, begin)
                .put(sealed(damaged))
                .putShort((short) FlacEncoder.crc(damaged, 16, 0x8005))
                .put(bytes, end, bytes.length - end)
                .array();
    }

    /** Makes the checksum of a frame's head right, as far as its length can be read. */
    private static byte[] sealed(byte[] frame) {
        if (frame.length > LONGEST_HEAD) {
            int number = Integer.numberOfLeadingZeros(~(frame[4] << 24));
            int size = frame[2] >> 4 & 0xf;
            int rate = frame[2] & 0xf;
            int length =
                    4
                            + Math.max(1, number)
                            + (size == 6 ? 1 : size == 7 ? 2 : 0)
                            + (rate == 12 ? 1 : rate == 13 || rate == 14 ? 2 : 0);
            frame[length] = (byte) FlacEncoder.crc(Arrays.copyOf(frame, length), 8, 0x07);
        }
        return frame;
    }
}
