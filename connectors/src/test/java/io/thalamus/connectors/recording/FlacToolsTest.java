/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static io.thalamus.connectors.recording.FlacSignals.assertExact;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other programs, as far as they are installed: what they write is read to the bit. */
class FlacToolsTest {
    private static final int STRETCH = 4000;
    private static final int STRETCHES = 8;
    private static final int LENGTH = STRETCH * STRETCHES;
    private static final int[] DEPTHS = {8, 16, 24, 32};

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-0",
                "-1",
                "-2",
                "-3",
                "-4",
                "-5",
                "-6",
                "-7",
                "-8",
                "-8 -e -l 32 -r 0,15 --lax",
                "-l 0 -b 65535 --lax",
                "-5 -b 16 --lax",
                "-5 -q 15 -b 1152 --no-padding -S 10x -T ARTIST=none"
            })
    void whatFlacWrites(String options) throws Exception {
        for (int bits : DEPTHS) {
            for (int channels : new int[] {1, 2, 8}) {
                long[][] samples = signal(channels, bits);
                Files.write(folder.resolve("s.raw"), raw(samples, bits));
                run(
                        "flac -s -f --force-raw-format --endian=little --sign=signed"
                                + " --sample-rate=48000 --channels=%d --bps=%d %s -o s.flac s.raw",
                        channels, bits, options);
                assertRead(samples, bits);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 12, 14, 18, 20, 23, 28, 31})
    void whatFlacWritesOfDepthsThatFillNoBytes(int bits) throws Exception {
        int bytes = (bits + 7) / 8;
        long[][] samples = signal(2, bits);
        long[][] shifted = signal(2, bits);
        for (long[] channel : shifted) {
            for (int i = 0; i < LENGTH; i++) {
                channel[i] = (channel[i] << 8 * bytes - bits) + (bytes == 1 ? 128 : 0);
            }
        }
        ByteBuffer format = WavFile.little(40).putShort((short) 0xfffe).putShort((short) 2);
        format.putInt(48_000).putInt(96_000 * bytes).putShort((short) (2 * bytes));
        format.putShort((short) (8 * bytes)).putShort((short) 22).putShort((short) bits);
        format.putInt(3).put(new byte[] {1, 0, 0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0});
        format.put(new byte[] {(byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71});
        byte[] wav =
                new WavFile().chunk("fmt ", format.array()).data(raw(shifted, 8 * bytes)).bytes();
        Files.write(folder.resolve("s.wav"), wav);
        run("flac -s -f --lax -o s.flac s.wav");
        assertRead(samples, bits);
    }

    @ParameterizedTest
    @CsvSource({"s16, 0", "s16, 5", "s16, 8", "s16, 12", "s32, 0", "s32, 5", "s32, 8", "s32, 12"})
    void whatFfmpegWrites(String format, int level) throws Exception {
        int bits = format.equals("s16") ? 16 : 24;
        for (int channels : new int[] {1, 2, 6}) {
            long[][] samples = signal(channels, bits);
            Files.write(folder.resolve("s.raw"), raw(samples, bits));
            run(
                    "ffmpeg -v error -y -f s%dle -ar 44100 -ac %d -i s.raw -sample_fmt %s"
                            + " -strict -2 -compression_level %d s.flac",
                    bits, channels, format, level);
            assertRead(samples, bits);
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 0", "16, 3", "24, 5", "16, 8"})
    void whatSoxWrites(int bits, int level) throws Exception {
        long[][] samples = signal(2, bits);
        Files.write(folder.resolve("s.raw"), raw(samples, bits));
        run(
                "sox -D -t raw -e signed -b %d -r 44100 -c 2 s.raw -C %d -b %d s.flac",
                bits, level, bits);
        assertRead(samples, bits);
    }

    /** So what the decoder is tested by is FLAC indeed. */
    @Test
    void whatTheTestsEncoderWritesIsReadByFlac() throws Exception {
        for (int bits : DEPTHS) {
            for (int channels : new int[] {1, 2, 5}) {
                Random random = new Random(bits + channels);
                long[][] samples = signal(channels, bits);
                FlacStreamInfo info = new FlacStreamInfo(4096, 44_100, channels, bits, LENGTH);
                boolean variable = random.nextBoolean();
                Files.write(
                        folder.resolve("s.flac"),
                        new FlacEncoder(info, variable, random).file(samples).bytes());
                run(
                        "flac -s -f -d --force-raw-format --endian=little --sign=signed -o s.raw"
                                + " s.flac");
                byte[] decoded = Files.readAllBytes(folder.resolve("s.raw"));
                assertThat(Arrays.mismatch(decoded, raw(samples, bits))).isEqualTo(-1);
            }
        }
    }

    private void assertRead(long[][] samples, int bits) throws IOException {
        FlacFormat format = new FlacFormat(RecordingOptions.defaults().withFrameLength(1000));
        Recording recording = new Recording(format, folder.resolve("s.flac"));
        List<Received> read = recording.read();
        assertThat(recording.describe().format()).isEqualTo("FLAC, " + bits + " bit");
        assertThat(Recording.refused(read)).isEmpty();
        assertThat(Recording.samples(read, "s", 0)).hasSize(LENGTH);
        assertExact(read, samples, bits);
    }

    /** Stretches of all kinds. */
    private static long[][] signal(int channels, int bits) {
        Random random = new Random(bits);
        long[][] signal = new long[channels][LENGTH];
        for (int i = 0; i < STRETCHES; i++) {
            long[][] stretch = FlacSignals.draw(random, channels, bits, STRETCH);
            for (int channel = 0; channel < channels; channel++) {
                System.arraycopy(stretch[channel], 0, signal[channel], i * STRETCH, STRETCH);
            }
        }
        return signal;
    }

    /** The samples of all channels in turns, each in as many bytes as it needs. */
    private static byte[] raw(long[][] samples, int bits) {
        int bytes = bits / 8;
        ByteBuffer raw = WavFile.little(samples.length * LENGTH * bytes);
        for (int i = 0; i < LENGTH; i++) {
            for (long[] channel : samples) {
                for (int b = 0; b < bytes; b++) {
                    raw.put((byte) (channel[i] >> 8 * b));
                }
            }
        }
        return raw.array();
    }

    private void run(String command, Object... values) throws Exception {
        List<String> words = List.of(command.formatted(values).split(" "));
        Tools.require(words.get(0));
        Tools.run(folder, words, "log");
    }
}
