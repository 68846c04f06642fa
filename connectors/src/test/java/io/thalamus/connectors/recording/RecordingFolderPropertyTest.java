/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.apache.flink.util.FileUtils;

/** What is written and read again, whatever the breaks, the rates and the annotations. */
class RecordingFolderPropertyTest {
    private static final List<SampleRate> RATES =
            List.of(
                    SampleRate.ofHertz(7),
                    SampleRate.ofHertz(256),
                    SampleRate.ofHertz(44_100),
                    new SampleRate(25, 2),
                    new SampleRate(1, 3600));

    private Path folder;

    @BeforeProperty
    void createFolder() throws IOException {
        folder = Files.createTempDirectory("recordings");
    }

    @AfterProperty
    void deleteFolder() throws IOException {
        FileUtils.deleteDirectory(folder.toFile());
    }

    @Property(tries = 100)
    void avroKeepsEverything(@ForAll long seed) throws IOException {
        List<WireRecord> records = records(new Random(seed), RATES.size());

        assertThat(written(records, WrittenFormat.AVRO).stream().map(Received::toString))
                .containsExactlyElementsOf(
                        records.stream().map(one -> received(one).toString()).toList());
    }

    @Property(tries = 60)
    void wavKeepsSamplesAndTimes(@ForAll long seed) throws IOException {
        List<WireRecord> records = records(new Random(seed), 3);

        List<Received> read = written(records, WrittenFormat.WAV);

        assertAlike(Recording.frames(read), frames(records), value -> 0, false);
        assertThat(Recording.annotations(read)).isEqualTo(annotations(records));
    }

    @Property(tries = 60)
    void pcmKeepsSamplesWithinHalfAStep(@ForAll long seed, @ForAll boolean wide)
            throws IOException {
        List<WireRecord> records = records(new Random(seed), 3);

        List<Received> read = written(records, wide ? WrittenFormat.WAV24 : WrittenFormat.WAV16);

        assertAlike(
                Recording.frames(read), frames(records), value -> wide ? 0x1p-24 : 0x1p-16, true);
    }

    @Property(tries = 150)
    void edfKeepsSamplesWithinHalfAStepAndTimesAndAnnotations(
            @ForAll long seed, @ForAll boolean wide) throws IOException {
        List<WireRecord> records = records(new Random(seed), RATES.size());

        List<Received> read = written(records, wide ? WrittenFormat.BDF : WrittenFormat.EDF);

        assertThat(Recording.refused(read)).isEmpty();
        double steps = wide ? 16_777_215 : 65_535;
        // All values are between -3 and 3, and float32 rounds too.
        assertAlike(
                Recording.frames(read),
                frames(records),
                value -> 6 / steps / 2 + Math.abs(value) * 0x1p-23,
                false);
        assertThat(remarks(Recording.annotations(read)))
                .containsExactlyInAnyOrderElementsOf(remarks(annotations(records)));
    }

    @FunctionalInterface
    private interface Tolerance {
        double of(float value);
    }

    private static void assertAlike(
            List<SignalFrame> read,
            List<SignalFrame> written,
            Tolerance tolerance,
            boolean clipped) {
        List<Sample> samples = samples(read);
        List<Sample> expected = samples(written);
        assertThat(samples.size()).isEqualTo(expected.size());
        for (int i = 0; i < samples.size(); i++) {
            assertThat(samples.get(i).rate).isEqualTo(expected.get(i).rate);
            // Where frames are cut otherwise, times are rounded elsewhere.
            assertWithin(2, i, samples.get(i).nanos - expected.get(i).nanos);
            float[] values = samples.get(i).values;
            float[] wanted = expected.get(i).values;
            assertThat(values.length).isEqualTo(wanted.length);
            for (int channel = 0; channel < values.length; channel++) {
                float value = wanted[channel];
                double most = tolerance.of(value);
                // The loudest step is one below 1.
                double possible = clipped ? Math.max(-1, Math.min(1 - 2 * most, value)) : value;
                assertWithin(most * 1.0001, i, (double) values[channel] - possible);
            }
        }
    }

    private static void assertWithin(double most, int sample, double difference) {
        if (!(Math.abs(difference) <= most)) {
            throw new AssertionError("sample " + sample + " is off by " + difference);
        }
    }

    private List<Received> written(List<WireRecord> records, WrittenFormat format)
            throws IOException {
        List<String> files;
        try (RecordingFolder out = RecordingFolder.open(folder.toString(), format, true)) {
            for (WireRecord record : records) {
                if (record instanceof SignalFrame frame) {
                    out.write(frame);
                } else {
                    out.write((Annotation) record);
                }
            }
            files = out.finish();
        }
        List<Received> read = new ArrayList<>();
        for (String file : files) {
            read.addAll(
                    new Recording(DetectedFormat.of(RecordingOptions.defaults()), Path.of(file))
                            .read());
        }
        return read;
    }

    /** One stream with breaks of every kind, and annotations. */
    private static List<WireRecord> records(Random random, int rates) {
        List<WireRecord> records = new ArrayList<>();
        SampleRate rate = RATES.get(random.nextInt(rates));
        int channels = 1 + random.nextInt(3);
        long sequence = random.nextInt(1000);
        int segment = 0;
        long run = random.nextLong() >> 4;
        long runSequence = sequence;
        int frames = random.nextInt(40);
        for (int i = 0; i < frames; i++) {
            while (random.nextInt(3) == 0) {
                long duration = random.nextInt(2) * (random.nextLong() >>> 20);
                records.add(
                        new Annotation(
                                "s",
                                run + random.nextInt(1_000_000_000),
                                duration,
                                "t\u00f6n ".repeat(random.nextInt(20)) + i));
            }
            int kind = random.nextInt(12);
            if (kind == 0) { // lost samples
                sequence += 1 + random.nextInt(100_000);
            } else if (kind == 1) { // the clock jumps
                run += rate.nanosOf(1) * (1 + random.nextInt(10));
            } else if (kind == 2) { // nothing but a segment
                segment++;
            } else if (kind == 3) {
                channels = 1 + random.nextInt(3);
            } else if (kind == 4) {
                SampleRate other = RATES.get(random.nextInt(rates));
                if (!other.equals(rate)) { // else rounded times would add up within a run
                    run += rate.nanosOf(sequence - runSequence);
                    runSequence = sequence;
                    rate = other;
                }
            }
            int length = 1 + random.nextInt(300);
            records.add(
                    new SignalFrame(
                            "s",
                            sequence,
                            segment,
                            run + rate.nanosOf(sequence - runSequence),
                            rate,
                            IntStream.range(0, channels).mapToObj(c -> "ch" + (c + 1)).toList(),
                            values(random, channels * length),
                            0));
            sequence += length;
        }
        return records;
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        float scale = random.nextInt(4) == 0 ? 0 : 3;
        for (int i = 0; i < count; i++) {
            values[i] = scale * (2 * random.nextFloat() - 1);
        }
        return values;
    }

    private static List<SignalFrame> frames(List<WireRecord> records) {
        return of(records, SignalFrame.class);
    }

    private static List<Annotation> annotations(List<WireRecord> records) {
        return of(records, Annotation.class);
    }

    private static <T> List<T> of(List<WireRecord> records, Class<T> type) {
        Stream<T> some = records.stream().filter(type::isInstance).map(type::cast);
        return some.toList();
    }

    /** Without the stream, which is the file. */
    private static List<String> remarks(List<Annotation> annotations) {
        return annotations.stream()
                .map(one -> one.onsetNanos() + " " + one.durationNanos() + " " + one.text())
                .toList();
    }

    private static Received received(WireRecord record) {
        return record instanceof SignalFrame frame
                ? Received.frame(frame)
                : Received.annotation((Annotation) record);
    }

    /** One sample of all channels. */
    private record Sample(long nanos, SampleRate rate, float[] values) {}

    private static List<Sample> samples(List<SignalFrame> frames) {
        List<Sample> samples = new ArrayList<>();
        for (SignalFrame frame : frames) {
            for (int i = 0; i < frame.length(); i++) {
                float[] values = new float[frame.channels().size()];
                for (int channel = 0; channel < values.length; channel++) {
                    values[channel] = frame.sample(channel, i);
                }
                samples.add(
                        new Sample(
                                frame.startNanos() + frame.rate().nanosOf(i),
                                frame.rate(),
                                values));
            }
        }
        return samples;
    }
}
