/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged checkpoints: each is read, or refused in one sentence, in bounded memory. {@code
 * -Dthalamus.mutations=100000} damages more.
 */
class CheckpointFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("thalamus.mutations", 2000);

    /** What reading one of these small files may allocate in all, garbage included. */
    private static final long MOST_ALLOCATED = 16 << 20;

    private static final int[] NUMBERS = {0, 1, -1, 4, 127, 128, 255, 0x7fff, 0x7fffffff, 1 << 31};
    private static final String INSTRUCTIONS = "()]}NKMJGXcqrhjtaesuQRb.\u0080\u0085\u0086\u0087";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"encoder.ckpt", "types.pt", "types.legacy.pt"})
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void damageIsOneSentence(String name) throws IOException {
        byte[] whole = Files.readAllBytes(CheckpointTest.FILES.resolve(name));
        Path file = folder.resolve(name);
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Files.write(file, mutated(whole, new Random(seed)));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                Checkpoint.read(file);
            } catch (InvalidInputException e) {
                assertThat(e.getMessage()).as("seed %d", seed).contains(name).hasLineCount(1);
                refused++;
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("seed %d", seed)
                    .isLessThan(MOST_ALLOCATED);
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 4);
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int damages = 1 + random.nextInt(4); damages > 0 && bytes.length > 0; damages--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> {
                    int number = NUMBERS[random.nextInt(NUMBERS.length)];
                    for (int i = 0; i < 4 && at + i < bytes.length; i++) {
                        bytes[at + i] = (byte) (number >> 8 * i);
                    }
                }
                case 2 ->
                        bytes[at] =
                                (byte) INSTRUCTIONS.charAt(random.nextInt(INSTRUCTIONS.length()));
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> {
                    int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
                    byte[] shorter = Arrays.copyOf(bytes, bytes.length - (end - at));
                    System.arraycopy(bytes, end, shorter, at, bytes.length - end);
                    bytes = shorter;
                }
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(bytes.length - from, 1 + random.nextInt(40));
                    System.arraycopy(
                            bytes.clone(), from, bytes, at, Math.min(length, bytes.length - at));
                }
            }
        }
        return bytes;
    }
}
