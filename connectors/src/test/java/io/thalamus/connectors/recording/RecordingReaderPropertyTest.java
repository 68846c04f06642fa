/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class RecordingReaderPropertyTest {
    private Path file;

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("recording", ".bin");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 300)
    void aWavReaderRestoredAnywhereGoesOnAsIfUndisturbed(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int frameLength,
            @ForAll @DoubleRange(min = 0, max = 1) double killed)
            throws IOException {
        Random random = new Random(seed);
        PcmEncoding encoding = PcmEncoding.values()[random.nextInt(8)];
        byte[] data = new byte[random.nextInt(2000)];
        random.nextBytes(data);
        WavFile wav =
                new WavFile()
                        .fmt(
                                WavFile.tag(encoding),
                                1 + random.nextInt(5),
                                1 + random.nextInt(100_000),
                                8 * encoding.bytes())
                        .chunk("data", data.length + random.nextInt(2) * 100L, data);
        Files.write(file, wav.bytes());

        check(new WavFormat(options(frameLength)), random, killed);
    }

    @Property(tries = 300)
    void anEdfReaderRestoredAnywhereGoesOnAsIfUndisturbed(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int frameLength,
            @ForAll @DoubleRange(min = 0, max = 1) double killed)
            throws IOException {
        Random random = new Random(seed);
        Files.write(file, edf(random));

        check(new EdfFormat(options(frameLength)), random, killed);
    }

    @Property(tries = 300)
    void anXdfReaderRestoredAnywhereGoesOnAsIfUndisturbed(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int frameLength,
            @ForAll @DoubleRange(min = 0, max = 1) double killed)
            throws IOException {
        Random random = new Random(seed);
        Files.write(file, XdfFile.random(random, 40).bytes());

        check(new XdfFormat(options(frameLength)), random, killed);
    }

    @Property(tries = 300)
    void anAvroReaderRestoredAnywhereGoesOnAsIfUndisturbed(
            @ForAll long seed,
            @ForAll boolean damaged,
            @ForAll @DoubleRange(min = 0, max = 1) double killed)
            throws IOException {
        Random random = new Random(seed);
        byte[] bytes = AvroFile.random(random, random.nextInt(12));
        if (damaged) {
            int head = AvroFile.random(random, 0).length;
            for (int i = 0; i < 3 && bytes.length > head; i++) {
                bytes[head + random.nextInt(bytes.length - head)] ^= 0x55;
            }
        }
        Files.write(file, bytes);

        // Damage in blocks without a sum may change numbers, so their order is not looked at.
        checkRestarts(new AvroFormat(RecordingOptions.defaults()), random, killed);
    }

    @Property(tries = 100)
    void theLengthOfFramesChangesNoSampleOfAnXdfFile(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int frameLength)
            throws IOException {
        Files.write(file, XdfFile.random(new Random(seed), 40).bytes());

        List<Received> read = new Recording(new XdfFormat(options(frameLength)), file).read();
        List<Received> bySample = new Recording(new XdfFormat(options(1)), file).read();
        assertThat(numbered(read)).isEqualTo(numbered(bySample));
        assertThat(Recording.annotations(read)).isEqualTo(Recording.annotations(bySample));
        assertThat(Recording.refused(read)).isEqualTo(Recording.refused(bySample));
    }

    private static Map<String, Float> numbered(List<Received> read) {
        Map<String, Float> samples = new HashMap<>();
        for (SignalFrame frame : Recording.frames(read)) {
            for (int channel = 0; channel < frame.channels().size(); channel++) {
                for (int i = 0; i < frame.length(); i++) {
                    String place = frame.streamId() + channel + ":" + (frame.sequence() + i);
                    assertThat(samples.put(place, frame.sample(channel, i))).isNull();
                }
            }
        }
        return samples;
    }

    private static RecordingOptions options(int frameLength) {
        return RecordingOptions.defaults().withFrameLength(frameLength);
    }

    private void check(RecordingFormat format, Random random, double killed) throws IOException {
        List<Received> undisturbed = checkRestarts(format, random, killed);
        Map<String, Long> expected = new HashMap<>();
        for (SignalFrame frame : Recording.frames(undisturbed)) {
            assertThat(frame.sequence())
                    .isGreaterThanOrEqualTo(expected.getOrDefault(frame.streamId(), 0L));
            expected.put(frame.streamId(), frame.nextSequence());
        }
    }

    /** What ends the onset of a record, and says of some that they are filled up. */
    private static String fill(Random random, int[] lengths) {
        return random.nextInt(5) == 0
                ? "||" + EdfFill.text(1 + random.nextInt(60), lengths[0]) + "|_"
                : "||_";
    }

    private List<Received> checkRestarts(RecordingFormat format, Random random, double killed)
            throws IOException {
        Recording recording = new Recording(format, file);
        List<Received> undisturbed = recording.read();
        assertThat(recording.readKilled(random, killed)).isEqualTo(undisturbed);
        return undisturbed;
    }

    /** Records with gaps, steps back, no onset, annotations good and bad, and a damaged end. */
    private static byte[] edf(Random random) {
        EdfFile edf = random.nextBoolean() ? EdfFile.edf("EDF+D") : EdfFile.bdf("BDF+D");
        edf.duration(random.nextBoolean() ? "1" : "0.3");
        edf.annotations(99);
        int signals = 1 + random.nextInt(4);
        int[] lengths = new int[signals];
        for (int i = 0; i < signals; i++) {
            lengths[i] = 1 + random.nextInt(60);
            edf.signal("signal", lengths[i]);
        }
        double onset = random.nextInt(3) * 0.25;
        int records = random.nextInt(20);
        for (int i = 0; i < records; i++) {
            Object[] contents = new Object[1 + signals];
            contents[0] =
                    (random.nextInt(8) == 0 ? "" : "+" + (float) onset + fill(random, lengths))
                            + "+1|text|text|_".repeat(random.nextInt(3))
                            + (random.nextInt(5) == 0 ? "nothing_" : "");
            for (int s = 0; s < signals; s++) {
                contents[1 + s] = random.ints(lengths[s], -32768, 32768).toArray();
            }
            edf.record(contents);
            onset += 1 + (random.nextInt(4) == 0 ? random.nextDouble() * 3 - 0.7 : 0);
        }
        return edf.bytes(new byte[random.nextInt(3)]).bytes();
    }
}
