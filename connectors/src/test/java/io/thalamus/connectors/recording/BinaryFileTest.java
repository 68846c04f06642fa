/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryFileTest {
    @TempDir Path folder;

    @Test
    void readsIntegersOfBothByteOrders() throws IOException {
        byte[] bytes = {
            1, -2, 3, -4, 5, -6, 7, -8, 1, -2, 3, -4, 5, -6, 7, -8, 1, -2, 3, -4, 1, -2, 3, -4, 1,
            -2, 1, -2, 'o', 'k'
        };
        try (BinaryFile file = open(bytes)) {
            assertThat(file.length()).isEqualTo(bytes.length);
            assertThat(file.i64le()).isEqualTo(0xf807fa05fc03fe01L);
            assertThat(file.i64be()).isEqualTo(0x01fe03fc05fa07f8L);
            assertThat(file.u32le()).isEqualTo(0xfc03fe01L);
            assertThat(file.u32be()).isEqualTo(0x01fe03fcL);
            assertThat(file.u16le()).isEqualTo(0xfe01);
            assertThat(file.u16be()).isEqualTo(0x01fe);
            assertThat(file.position()).isEqualTo(28);
            assertThat(file.ascii(2)).isEqualTo("ok");
            assertThat(file.remaining()).isZero();
            file.seek(4 + 16);
            assertThat(file.i32le()).isEqualTo(0xfc03fe01);
            assertThat(file.u8()).isEqualTo(1);
            assertThat(file.u8()).isEqualTo(0xfe);
        }
    }

    @Test
    void anySequenceOfReadsAndSeeksGivesTheBytesThatLieThere() throws IOException {
        Random random = new Random(3);
        byte[] bytes = new byte[400_000];
        random.nextBytes(bytes);
        byte[] into = new byte[200_000];
        try (BinaryFile file = open(bytes)) {
            int at = 0;
            for (int i = 0; i < 3000; i++) {
                int count = random.nextInt(random.nextInt(20) == 0 ? into.length : 300);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        at = Math.min(bytes.length, at + count);
                        file.seek(at);
                    }
                    case 1 -> {
                        at = Math.max(0, at - count);
                        file.seek(at);
                    }
                    case 2 -> {
                        if (at < bytes.length) {
                            assertThat(file.u8()).isEqualTo(bytes[at++] & 0xff);
                        }
                    }
                    default -> {
                        int read = file.read(into, 1, count);
                        assertThat(read).isEqualTo(Math.min(count, bytes.length - at));
                        assertThat(Arrays.mismatch(into, 1, 1 + read, bytes, at, at + read))
                                .isEqualTo(-1);
                        at += read;
                    }
                }
                assertThat(file.position()).isEqualTo(at);
            }
        }
    }

    @Test
    void whatIsNotThereIsSaidInOneSentence() throws IOException {
        Path path = folder.resolve("x.bin");
        String ends = "recording '" + path + "' ends at byte 3 within its fmt chunk: copy it again";
        try (BinaryFile file = open(new byte[3]).in("fmt chunk")) {
            assertInvalid(file::i32le, ends);
            file.seek(1);
            assertInvalid(() -> file.bytes(3), ends);
            assertInvalid(() -> file.skip(3), ends);
            assertInvalid(() -> file.skip(-1), ends);
            assertInvalid(() -> file.seek(4), ends);
            assertInvalid(() -> file.seek(-1), ends);
            assertInvalid(() -> file.readFully(new byte[3], 0, 3), ends);
            file.seek(1);
            assertInvalid(
                    () -> file.bytes(Integer.MAX_VALUE),
                    "recording '"
                            + path
                            + "' gives its fmt chunk the length 2147483647 at byte 1, where 0 to"
                            + " 1048576 can be: save it again");
        }
        assertInvalid(
                () -> BinaryFile.open(new org.apache.flink.core.fs.Path(folder + "/none")),
                "recording '"
                        + folder
                        + "/none' cannot be read: name a file that exists and may be read");
    }

    private BinaryFile open(byte[] bytes) throws IOException {
        Path path = Files.write(folder.resolve("x.bin"), bytes);
        return BinaryFile.open(new org.apache.flink.core.fs.Path(path.toString()));
    }

    private static void assertInvalid(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessage(message);
    }
}
