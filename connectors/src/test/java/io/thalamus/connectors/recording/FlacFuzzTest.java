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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spoilt files: whatever is done to one, reading it ends, in bounded memory, and goes on alike
 * where it was interrupted; what cannot be used is refused in one sentence. {@code
 * -Dfuzz.mutations=100000} does more than the build.
 */
class FlacFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 2000);
    private static final int MUTATIONS_OF_A_FILE = 40;

    /** The reader's buffers and the longest block, with what they have grown from. */
    private static final long MOST_BYTES = 32 << 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    @Test
    void spoiltFilesAreReadOrRefused() throws Exception {
        int refusedWhole = 0;
        int damaged = 0;
        int sound = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            byte[] bytes = mutated(random, seed / MUTATIONS_OF_A_FILE);
            Path file = Files.write(folder.resolve("s.flac"), bytes);
            RecordingOptions options =
                    RecordingOptions.defaults().withFrameLength(1 + random.nextInt(5000));
            Recording recording = new Recording(new FlacFormat(options), file);
            try {
                int letters = read(recording, bytes);
                if (seed % 10 == 0) {
                    assertThat(recording.readKilled(random, 0.3)).isEqualTo(recording.read());
                }
                if (letters > 0) {
                    damaged++;
                } else {
                    sound++;
                }
            } catch (InvalidInputException e) {
                refusedWhole++;
                assertThat(e).hasMessageStartingWith("recording '" + file + "' ");
                assertThat(e.getMessage().lines()).hasSize(1);
            } catch (RuntimeException | IOException | AssertionError e) {
                throw new AssertionError("mutation " + seed, e);
            }
        }
        assertThat(refusedWhole).isGreaterThan(MUTATIONS / 50);
        assertThat(damaged).isGreaterThan(MUTATIONS / 4);
        assertThat(sound).isGreaterThan(MUTATIONS / 50);
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

    private static byte[] mutated(Random random, int fileSeed) {
        Random drawn = new Random(fileSeed);
        int channels = 1 + drawn.nextInt(8);
        int bits = 4 + drawn.nextInt(29);
        int length = 1 + drawn.nextInt(600);
        int longest = drawn.nextInt(10) == 0 ? 65_535 : 16 + drawn.nextInt(200);
        FlacStreamInfo info = new FlacStreamInfo(longest, 8000, channels, bits, length);
        FlacEncoder.Encoded encoded =
                new FlacEncoder(info, drawn.nextBoolean(), drawn)
                        .file(FlacSignals.draw(drawn, channels, bits, length));
        byte[] bytes = encoded.bytes();
        int frame = random.nextInt(encoded.frames().size() - 1);
        int begin = encoded.frames().get(frame);
        int end = encoded.frames().get(frame + 1);
        switch (random.nextInt(8)) {
            case 0 -> spoil(random, bytes, 0, encoded.frames().get(0));
            case 1 -> spoil(random, bytes, begin, begin + 10);
            case 2 -> spoil(random, bytes, begin, end);
            case 3 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length));
            }
            case 4 -> {
                return spliced(random, bytes);
            }
            case 5 -> {
                spoil(random, bytes, begin + 2, begin + 10);
                seal(bytes, begin, end);
            }
            case 6 -> {
                spoil(random, bytes, begin + 10, end - 2);
                seal(bytes, begin, end);
            }
            default -> {
                for (int i = 0; i < 10; i++) {
                    spoil(random, bytes, 0, bytes.length);
                }
            }
        }
        return bytes;
    }

    private static void spoil(Random random, byte[] bytes, int from, int to) {
        int limit = Math.min(to, bytes.length);
        int at = from + random.nextInt(Math.max(1, limit - from));
        int count = random.nextInt(4) == 0 ? random.nextInt(30) : 1;
        int kind = random.nextInt(4);
        for (int i = at; i < Math.min(at + count, limit); i++) {
            bytes[i] =
                    switch (kind) {
                        case 0 -> 0;
                        case 1 -> (byte) 0xff;
                        case 2 -> (byte) (bytes[i] ^ 1 << random.nextInt(8));
                        default -> (byte) random.nextInt();
                    };
        }
    }

    /** A part of the file left out, or put somewhere else again. */
    private static byte[] spliced(Random random, byte[] bytes) {
        int from = random.nextInt(bytes.length);
        int to = from + random.nextInt(bytes.length - from);
        int at = random.nextBoolean() ? to : random.nextInt(bytes.length);
        byte[] other = new byte[from + bytes.length - at];
        System.arraycopy(bytes, 0, other, 0, from);
        System.arraycopy(bytes, at, other, from, bytes.length - at);
        return other;
    }

    /** Makes both checksums of a frame right, as far as its head can be read. */
    private static void seal(byte[] bytes, int begin, int end) {
        int head = headBytes(bytes, begin);
        if (begin + head < end - 2) {
            bytes[begin + head] =
                    (byte) FlacEncoder.crc(Arrays.copyOfRange(bytes, begin, begin + head), 8, 0x07);
        }
        int sum = FlacEncoder.crc(Arrays.copyOfRange(bytes, begin, end - 2), 16, 0x8005);
        bytes[end - 2] = (byte) (sum >> 8);
        bytes[end - 1] = (byte) sum;
    }

    /** The length of a frame's head without its checksum, as its fields say. */
    private static int headBytes(byte[] bytes, int begin) {
        int number = Integer.numberOfLeadingZeros(~(bytes[begin + 4] << 24));
        int size = bytes[begin + 2] >> 4 & 0xf;
        int rate = bytes[begin + 2] & 0xf;
        return 4
                + Math.max(1, number)
                + (size == 6 ? 1 : size == 7 ? 2 : 0)
                + (rate == 12 ? 1 : rate == 13 || rate == 14 ? 2 : 0);
    }
}
