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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class XdfReaderPropertyTest {
    private static final String[] TYPES = {
        "int8", "int16", "int32", "int64", "float32", "double64", "string"
    };

    /** What a mutated file may make a reader allocate, read twice: its files have a few kB. */
    private static final long MOST_ALLOCATED = 64 << 20;

    private Path file;

    @BeforeProperty
    void createFile() throws IOException {
        file = Files.createTempFile("lab", ".xdf");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 200)
    void aReaderRestoredAnywhereGoesOnAsIfUndisturbed(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int frameLength,
            @ForAll @DoubleRange(min = 0, max = 1) double killed)
            throws IOException {
        Random random = new Random(seed);
        Recording recording = recording(random(random, 40).bytes(), frameLength);
        assertThat(recording.readKilled(random, killed)).isEqualTo(recording.read());
    }

    @Property(tries = 100)
    void everyPositionGivesWhatIsLeft(@ForAll long seed) throws IOException {
        Recording recording = recording(random(new Random(seed), 15).bytes(), 3);
        List<Received> all = recording.read();
        List<byte[]> positions = new ArrayList<>();
        try (RecordingReader reader = recording.open(new byte[0])) {
            do {
                positions.add(reader.position());
            } while (reader.next() != null);
            assertThat(Recording.rest(reader)).isEmpty();
        }
        assertThat(positions).hasSize(all.size() + 1);
        for (int i = 0; i <= all.size(); i++) {
            try (RecordingReader reader = recording.open(positions.get(i))) {
                assertThat(reader.startNanos()).isEqualTo(recording.describe().startNanos());
                assertThat(Recording.rest(reader)).isEqualTo(all.subList(i, all.size()));
            }
        }
    }

    /** Whatever the frames' length, a stream has the same samples with the same numbers. */
    @Property(tries = 100)
    void theLengthOfFramesChangesNothingElse(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int frameLength)
            throws IOException {
        byte[] bytes = random(new Random(seed), 30).bytes();
        assertThat(numbered(recording(bytes, frameLength).read()))
                .isEqualTo(numbered(recording(bytes, 1).read()));
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

    /**
     * Files with some bytes changed, cut out or put in, as many as the system property {@code
     * thalamus.test.mutants} says: each is read, with what was lost told, or refused in one
     * sentence, and restored readers agree.
     */
    @Example
    void noMutantBreaksTheReader() throws IOException {
        int mutants = Integer.getInteger("thalamus.test.mutants", 2000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int refused = 0;
        long most = 0;
        for (int seed = 0; seed < mutants; seed++) {
            Random random = new Random(seed);
            byte[] bytes = random(random, 12).bytes();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes = mutated(bytes, random);
            }
            Recording recording = recording(bytes, 1 + random.nextInt(300));
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                List<Received> read = recording.read();
                for (DeadLetter letter : Recording.refused(read)) {
                    assertThat(letter.reason()).isNotBlank().doesNotContain("\n", "null");
                }
                assertThat(recording.readKilled(random, 2.0 / (1 + read.size()))).isEqualTo(read);
            } catch (InvalidInputException e) {
                assertThat(e.getMessage()).startsWith("recording '" + file + "' ").hasLineCount(1);
                refused++;
            }
            most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
            assertThat(most).as("bytes allocated for mutant %d", seed).isLessThan(MOST_ALLOCATED);
        }
        assertThat(refused).isBetween(1, mutants / 2);
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        int at = random.nextInt(Math.max(1, bytes.length));
        int count = Math.min(bytes.length - at, 1 + random.nextInt(40));
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> spliced(bytes, at, count, new byte[0]);
            case 2 -> spliced(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + count));
            case 3 -> {
                String[] words = {
                    "<",
                    ">",
                    "&a;",
                    "</info>",
                    "<!DOCTYPE a [<!ENTITY a \"b\">]>",
                    "4096",
                    "-1",
                    "1e308",
                    "NaN",
                    "<desc><channels><channel>",
                    "string",
                    "double64",
                    "\u0000"
                };
                String word = words[random.nextInt(words.length)];
                byte[] put = word.getBytes(StandardCharsets.UTF_8);
                yield spliced(bytes, at, Math.min(count, random.nextInt(8)), put);
            }
            case 4 -> {
                long[] numbers = {0, -1, 1L << 31, (1L << 31) - 1, 1L << 62, Long.MIN_VALUE, 255};
                long number = numbers[random.nextInt(numbers.length)];
                byte[] put = XdfFile.little(8).putLong(number).array();
                yield spliced(bytes, at, Math.min(8, count), put);
            }
            case 5 -> spliced(bytes, at, Math.min(16, count), XdfFile.BOUNDARY);
            default -> {
                byte[] put = {(byte) random.nextInt(256)};
                yield spliced(bytes, at, Math.min(1, count), put);
            }
        };
    }

    private static byte[] spliced(byte[] bytes, int at, int without, byte[] with) {
        byte[] spliced = new byte[bytes.length - without + with.length];
        System.arraycopy(bytes, 0, spliced, 0, at);
        System.arraycopy(with, 0, spliced, at, with.length);
        System.arraycopy(
                bytes, at + without, spliced, at + with.length, bytes.length - at - without);
        return spliced;
    }

    /** A recording of some streams with holes, resets of clocks and damage. */
    private static XdfFile random(Random random, int chunks) {
        XdfFile file = XdfFile.createdAt("2026-05-31T14:15:16+0200");
        int streams = 1 + random.nextInt(4);
        String[] types = new String[streams];
        double[] rates = new double[streams];
        int[] channels = new int[streams];
        double[] times = new double[streams];
        double[] clocks = new double[streams];
        for (int i = 0; i < streams; i++) {
            types[i] = TYPES[random.nextInt(TYPES.length)];
            rates[i] = random.nextInt(3) == 0 ? 0 : 100;
            channels[i] = 1 + random.nextInt(3);
            times[i] = random.nextDouble();
            clocks[i] = random.nextInt(100_000);
            file.stream(i, "s" + random.nextInt(3), types[i], channels[i], rates[i]);
            file.boundary();
        }
        sample(file, random, types[0], channels[0], 0, clocks[0]);
        for (int chunk = 0; chunk < chunks; chunk++) {
            int i = random.nextInt(streams);
            file.boundary();
            switch (random.nextInt(10)) {
                case 0 -> file.chunk(9, new byte[random.nextInt(300)]);
                case 1 -> file.raw(new byte[random.nextInt(30)]);
                case 2 -> times[i] += random.nextInt(20);
                case 3 -> clocks[i] = random.nextInt(100_000);
                case 4 -> file.clockOffset(i, clocks[i] + times[i], -clocks[i]);
                default -> {
                    int samples = 1 + random.nextInt(12);
                    XdfFile.Samples content = new XdfFile.Samples(types[i]);
                    for (int k = 0; k < samples; k++) {
                        Object[] values = values(random, types[i], channels[i]);
                        double jitter = random.nextDouble() * 0.01;
                        times[i] += 0.01;
                        if (random.nextInt(40) == 0) {
                            content.at(Double.NaN, values);
                        } else if (random.nextBoolean()) {
                            content.at(clocks[i] + times[i] + jitter, values);
                        } else {
                            content.then(values);
                        }
                    }
                    file.samples(i, content);
                }
            }
        }
        return file;
    }

    private static void sample(
            XdfFile file, Random random, String type, int channels, int id, double time) {
        file.samples(id, new XdfFile.Samples(type).at(time, values(random, type, channels)));
    }

    private static Object[] values(Random random, String type, int channels) {
        Object[] values = new Object[channels];
        for (int i = 0; i < channels; i++) {
            values[i] =
                    type.equals("string")
                            ? "m" + random.nextInt(100)
                            : (Object) (random.nextInt(200) - 100);
        }
        return values;
    }

    private Recording recording(byte[] bytes, int frameLength) throws IOException {
        Files.write(file, bytes);
        return new Recording(
                new XdfFormat(RecordingOptions.defaults().withFrameLength(frameLength)), file);
    }
}
