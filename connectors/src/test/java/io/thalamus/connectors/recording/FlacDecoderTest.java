/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FlacDecoderTest {
    private static final FlacStreamInfo STEREO = new FlacStreamInfo(4096, 48_000, 2, 16, 0);

    @Property(tries = 3000)
    void whatIsEncodedInAnyWayIsDecodedToTheBit(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int channels,
            @ForAll @IntRange(min = 4, max = 32) int bits,
            @ForAll @IntRange(min = 1, max = 600) int length)
            throws FlacFault {
        Random random = new Random(seed);
        long[][] block = FlacSignals.draw(random, channels, bits, length);
        FlacStreamInfo info = new FlacStreamInfo(4096, 48_000, channels, bits, 0);
        long first = random.nextLong(1L << 36);
        byte[] frame = new FlacEncoder(info, true, random).frame(first, block);
        int from = random.nextInt(20);

        FlacDecoder decoder = new FlacDecoder(info);
        assertThat(decoder.decode(placed(frame, from), from, from + frame.length))
                .isEqualTo(from + frame.length);
        assertThat(decoder.header().first()).isEqualTo(first);
        assertDecoded(decoder, block);
    }

    @Property(tries = 100)
    void longBlocksAreDecodedToTheBit(
            @ForAll long seed,
            @ForAll @IntRange(min = 4, max = 32) int bits,
            @ForAll @IntRange(min = 600, max = 65_535) int length)
            throws FlacFault {
        Random random = new Random(seed);
        int[] common = {192, 576, 1152, 2304, 4608, 256, 512, 1024, 4096, 16384, 32768, 65535};
        int size = random.nextBoolean() ? common[random.nextInt(common.length)] : length;
        long[][] block = FlacSignals.draw(random, 2, bits, size);
        FlacStreamInfo info = new FlacStreamInfo(65_535, 44_100, 2, bits, 0);
        byte[] frame = new FlacEncoder(info, false, random).frame(3L * 65_535, block);

        FlacDecoder decoder = new FlacDecoder(info);
        decoder.decode(placed(frame, 0), 0, frame.length);
        assertThat(decoder.header().first()).isEqualTo(3L * 65_535);
        assertDecoded(decoder, block);
    }

    @Property(tries = 300)
    void aFrameIsUnfinishedWhereverItIsCut(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] frame = shortFrame(random);
        byte[] noise = new byte[frame.length + FlacBits.SLACK];
        random.nextBytes(noise);
        FlacDecoder decoder = new FlacDecoder(STEREO);
        for (int cut = 0; cut < frame.length; cut++) {
            byte[] bytes = noise.clone();
            System.arraycopy(frame, 0, bytes, 0, cut);
            int limit = cut;
            assertThatThrownBy(() -> decoder.decode(bytes, 0, limit))
                    .isInstanceOfSatisfying(
                            FlacFault.class, fault -> assertThat(fault.isUnfinished()).isTrue());
        }
    }

    @Property(tries = 300)
    void noChangedByteIsDecoded(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] frame = shortFrame(random);
        frame[random.nextInt(frame.length)] ^= (byte) (1 + random.nextInt(255));
        assertThatThrownBy(() -> new FlacDecoder(STEREO).decode(placed(frame, 0), 0, frame.length))
                .isInstanceOf(FlacFault.class);
    }

    @Example
    void checksumsAreThoseOfTheSpecification() {
        byte[] bytes = new byte[1000];
        new Random(1).nextBytes(bytes);
        for (int length = 0; length < 100; length++) {
            byte[] part = Arrays.copyOfRange(bytes, 7, 7 + length);
            assertThat(FlacCrc.crc8(bytes, 7, 7 + length))
                    .isEqualTo(FlacEncoder.crc(part, 8, 0x07));
            assertThat(FlacCrc.crc16(bytes, 7, 7 + length))
                    .isEqualTo(FlacEncoder.crc(part, 16, 0x8005));
        }
    }

    private static byte[] shortFrame(Random random) {
        return new FlacEncoder(STEREO, true, random)
                .frame(5, FlacSignals.draw(random, 2, 16, 1 + random.nextInt(50)));
    }

    private static void assertDecoded(FlacDecoder decoder, long[][] block) {
        assertThat(decoder.header().blockSize()).isEqualTo(block[0].length);
        IntStream.range(0, block.length)
                .forEach(
                        channel ->
                                assertThat(
                                                Arrays.copyOf(
                                                        decoder.samples(channel),
                                                        block[channel].length))
                                        .isEqualTo(block[channel]));
    }

    private static byte[] placed(byte[] frame, int from) {
        byte[] bytes = new byte[from + frame.length + FlacBits.SLACK];
        System.arraycopy(frame, 0, bytes, from, frame.length);
        return bytes;
    }
}
