/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PcmFramesTest {
    private static final SampleRate RATE = SampleRate.ofHertz(16_000);
    private static final StreamHeader BY_KEY = new StreamHeader(null, RATE, List.of("l", "r"));

    /** Two samples of two channels: -1 and 0.25, then 0.5 and -0.125, in turns. */
    private static byte[] interleaved(PcmEncoding encoding) {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : new double[] {-1, 0.25, 0.5, -0.125}) {
            switch (encoding) {
                case S16LE -> bytes.putShort((short) (value * 32768));
                case S24LE -> {
                    int whole = (int) (value * 8388608);
                    bytes.put((byte) whole).put((byte) (whole >> 8)).put((byte) (whole >> 16));
                }
                case S32LE -> bytes.putInt((int) (value * 2147483648.0));
                case F32LE -> bytes.putFloat((float) value);
                case F64LE -> bytes.putDouble(value);
                case U8 -> bytes.put((byte) (value * 128 + 128));
                default -> throw new IllegalArgumentException(encoding.words());
            }
        }
        byte[] value = new byte[bytes.position()];
        bytes.flip().get(value);
        return value;
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ALAW", "MULAW"})
    void readsEveryEncoding(PcmEncoding encoding) throws IOException {
        byte[] value = interleaved(encoding);
        assertThat(value).hasSize(4 * encoding.bytes());
        assertThat(
                        Records.receive(
                                        new PcmFrames(BY_KEY, encoding, true),
                                        Records.of("mic", 1234, value))
                                .frame())
                .isEqualTo(
                        new SignalFrame(
                                "mic",
                                0,
                                0,
                                1_234_000_000L,
                                RATE,
                                List.of("l", "r"),
                                new float[] {-1, 0.5f, 0.25f, -0.125f},
                                0));
        assertThat(
                        Records.receive(
                                        new PcmFrames(BY_KEY, encoding, false),
                                        Records.of("mic", 1234, value))
                                .frame()
                                .samples())
                .containsExactly(-1, 0.25f, 0.5f, -0.125f);
    }

    @Test
    void aStreamMayBeNamedForAllRecords() throws IOException {
        PcmFrames format =
                new PcmFrames(
                        new StreamHeader("room", RATE, List.of("a")), PcmEncoding.F32LE, true);
        byte[] missing =
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.NaN).array();
        SignalFrame frame = Records.receive(format, Records.of(null, 0, missing)).frame();
        assertThat(frame.streamId()).isEqualTo("room");
        assertThat(frame.quality()).isEqualTo(Quality.MISSING.bit());
    }

    @Test
    void whatIsNoWholeBlockIsADeadLetter() throws IOException {
        PcmFrames format = new PcmFrames(BY_KEY, PcmEncoding.S16LE, true);
        assertThat(Records.receive(format, Records.of("mic", 0, new byte[6])).deadLetter().reason())
                .isEqualTo(
                        "the record of stream mic has 6 bytes, which is no positive multiple of 2"
                                + " channels x 2 bytes");
        assertThat(Records.receive(format, Records.of("mic", 0, null)).deadLetter()).isNotNull();
        assertThat(Records.receive(format, Records.of(null, 0, new byte[4])).deadLetter().reason())
                .contains("no key to name its stream");
    }
}
