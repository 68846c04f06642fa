/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static io.thalamus.connectors.recording.FlacSignals.assertExact;
import static io.thalamus.connectors.recording.Recording.frames;
import static io.thalamus.connectors.recording.Recording.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class FlacReaderPropertyTest {
    private Path file;

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("recording", ".flac");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 500)
    void aWholeFileIsReadToTheBit(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int channels,
            @ForAll @IntRange(min = 4, max = 32) int bits,
            @ForAll boolean variable,
            @ForAll @IntRange(min = 1, max = 3000) int length,
            @ForAll @IntRange(min = 1, max = 700) int frameLength)
            throws IOException {
        Random random = new Random(seed);
        long[][] samples = FlacSignals.draw(random, channels, bits, length);
        FlacStreamInfo info =
                new FlacStreamInfo(
                        16 + random.nextInt(500),
                        new int[] {1, 8000, 44_100, 77_777, 655_350, 1_048_575}[random.nextInt(6)],
                        channels,
                        bits,
                        random.nextBoolean() ? length : 0);
        Files.write(file, new FlacEncoder(info, variable, random).file(samples).bytes());

        List<Received> read = recording(frameLength).read();
        assertThat(refused(read)).isEmpty();
        assertThat(frames(read).stream().mapToInt(SignalFrame::length).sum()).isEqualTo(length);
        assertExact(read, samples, bits);
    }

    @Property(tries = 500)
    void aReaderRestoredAnywhereGoesOnAsIfUndisturbed(
            @ForAll long seed,
            @ForAll boolean variable,
            @ForAll @IntRange(min = 1, max = 300) int frameLength,
            @ForAll @IntRange(max = 5) int faults,
            @ForAll @DoubleRange(min = 0, max = 1) double killed)
            throws IOException {
        Random random = new Random(seed);
        long[][] samples = FlacSignals.draw(random, 2, 12, 1000);
        FlacStreamInfo info = new FlacStreamInfo(128, 8000, 2, 12, 1000);
        FlacEncoder.Encoded encoded = new FlacEncoder(info, variable, random).file(samples);
        byte[] bytes = encoded.bytes();
        int head = encoded.frames().get(0);
        for (int i = 0; i < faults; i++) {
            bytes[head + random.nextInt(bytes.length - head)] ^= (byte) (1 + random.nextInt(255));
        }
        Files.write(file, bytes);

        Recording recording = recording(frameLength);
        List<Received> undisturbed = recording.read();
        assertThat(recording.readKilled(random, killed)).isEqualTo(undisturbed);
        assertExact(undisturbed, samples, 12);
        assertThat(refused(undisturbed)).hasSizeLessThanOrEqualTo(faults);
    }

    @Property(tries = 50)
    void aRestoredReaderDoesNotReadWhatWasReadAgain(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        long[][] samples = FlacSignals.draw(random, 1, 16, 2000);
        FlacStreamInfo info = new FlacStreamInfo(100, 8000, 1, 16, 2000);
        FlacEncoder.Encoded encoded = new FlacEncoder(info, false, random).file(samples);
        Files.write(file, encoded.bytes());
        Recording recording = recording(64);
        List<Received> undisturbed = recording.read();
        int given = random.nextInt(undisturbed.size());
        byte[] position;
        try (RecordingReader reader = recording.open(new byte[0])) {
            for (int i = 0; i < given; i++) {
                reader.next();
            }
            position = reader.position();
        }

        byte[] spoilt = encoded.bytes();
        int begin = encoded.frames().get(0);
        int end = encoded.frames().get(64 * given / 100);
        for (int i = begin; i < end; i++) {
            spoilt[i] = 0;
        }
        Files.write(file, spoilt);
        try (RecordingReader reader = recording.open(position)) {
            assertThat(Recording.rest(reader))
                    .isEqualTo(undisturbed.subList(given, undisturbed.size()));
        }
    }

    private Recording recording(int frameLength) {
        return new Recording(
                new FlacFormat(RecordingOptions.defaults().withFrameLength(frameLength)), file);
    }
}
