/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged recordings: each is read, or refused in one sentence, in bounded memory. {@code
 * -Dthalamus.mutations=100000} damages more.
 */
class RecordingFuzzTest {
    private static final int MUTATIONS = Integer.getInteger("thalamus.mutations", 2000);

    /** What reading one of these small files may allocate in all, garbage included. */
    private static final long MOST_ALLOCATED = 16 << 20;

    private static final RecordingOptions OPTIONS = RecordingOptions.defaults().withFrameLength(16);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    /** A format, and whole files of it. */
    enum Victim {
        WAV(
                new WavFormat(OPTIONS),
                WavFile.of(PcmEncoding.S16LE, 2, 44100, new byte[400]).bytes(),
                new WavFile().extensible(1, 3, 8000, 24).data(new byte[900]).bytes(),
                WavFile.of(PcmEncoding.F64LE, 1, 8000, new byte[800]).bytes(),
                WavFile.of(PcmEncoding.MULAW, 1, 8000, new byte[101]).bytes(),
                new WavFile()
                        .riff("RF64", -1)
                        .ds64(200)
                        .bext("2024-05-0607:08:09", 205514000)
                        .fmt(1, 1, 8000, 8)
                        .chunk("LIST", new byte[31])
                        .chunk("data", -1, new byte[200])
                        .bytes()),
        EDF(
                new EdfFormat(OPTIONS),
                EdfFile.edf("EDF+D")
                        .signal("a", 40)
                        .signal("b", 7)
                        .annotations(60)
                        .record(new int[40], new int[7], "+0.25||_+0.5~1.25|some text|_")
                        .record(new int[40], new int[7], "+1.25||more|_+1|text|_")
                        .record(new int[40], new int[7], "+9.25||_")
                        .bytes(),
                EdfFile.edf("EDF+C")
                        .duration("0")
                        .annotations(80)
                        .record("+0||_+0~30|Sleep stage W|_+30~60|Sleep stage 1|_")
                        .bytes(),
                EdfFile.bdf("BDF+C")
                        .duration("0.5")
                        .count("-1")
                        .annotations(30)
                        .signal("a", 20)
                        .signal("Status", 20)
                        .record("+0||_", new int[20], new int[20])
                        .record("+0.5||_", new int[20], new int[20])
                        .bytes(),
                EdfFile.edf("").signal("a", 5).record(new int[5]).record(new int[5]).bytes()),
        XDF(
                new XdfFormat(OPTIONS),
                IntStream.range(0, 20)
                        .mapToObj(seed -> XdfFile.random(new Random(seed), 12).bytes())
                        .toArray(byte[][]::new)),
        AVRO(
                new AvroFormat(OPTIONS),
                IntStream.range(0, 20)
                        .mapToObj(seed -> AvroFile.random(new Random(seed), 60))
                        .toArray(byte[][]::new)),
        CSV(
                new CsvFormat(CsvOptions.defaults().withFrameLength(16)),
                csv(",", "\n", i -> "2024-01-01T%02d:%02d:00Z".formatted(i / 60, i % 60)),
                csv(",", "\r\n", i -> "2024-02-%02d".formatted(1 + i % 28)),
                csv(",", "\n", i -> "\"2024-01-01 00:00:%02d.%d\"".formatted(i / 2, i % 2 * 5))),
        IRREGULAR_CSV(
                new CsvFormat(
                        CsvOptions.defaults()
                                .withDelimiter(';')
                                .withTimeColumn("t")
                                .withTimeFormat(
                                        new TimeFormat(TimeFormat.EPOCH_MILLIS, ZoneOffset.UTC))
                                .atTheirOwnTimes()),
                csv(";", "\n", i -> String.valueOf(1_700_000_000_000L + i * i * 977L)),
                csv(";", "\r\n", i -> String.valueOf(1_700_000_000_000L - 1000L * (i % 7))));

        private final RecordingFormat format;
        private final List<byte[]> files;

        /** Sixty rows with these times, with a byte order mark, quotes and missing values. */
        private static byte[] csv(String delimiter, String end, IntFunction<String> time) {
            StringBuilder text = new StringBuilder("\ufeff");
            text.append(String.join(delimiter, "t", "x", "\"y, \"\"in\"\" m\"")).append(end);
            for (int i = 0; i < 60; i++) {
                String value = i % 9 == 0 ? "NaN" : String.valueOf(Math.sin(i));
                text.append(String.join(delimiter, time.apply(i), value, "\"" + i + "e-2\""))
                        .append(end);
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        Victim(RecordingFormat format, byte[]... files) {
            this.format = format;
            this.files = List.of(files);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void damageIsReadOrRefusedInOneSentence(Victim victim) throws IOException {
        Path file = folder.resolve("s.bin");
        Recording recording = new Recording(victim.format, file);
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] original = victim.files.get(seed % victim.files.size());
            Files.write(file, new Mutator(seed).mutate(original));
            List<Received> read = null;
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                long start = recording.describe().startNanos();
                try (RecordingReader reader = recording.open(new byte[0])) {
                    assertThat(reader.startNanos()).isEqualTo(start);
                    read = Recording.rest(reader);
                    assertThat(read).hasSizeLessThan(20_000);
                    assertThat(Recording.refused(read))
                            .allMatch(letter -> letter.reason().matches("[^\\p{Cntrl}]+"));
                }
            } catch (InvalidInputException e) {
                refused++;
                assertThat(e)
                        .as("seed %d", seed)
                        .hasMessageMatching("recording '.*' [^\\p{Cntrl}]*");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("seed %d", seed)
                    .isLessThan(MOST_ALLOCATED);
            if (read != null && seed % 20 == 0) {
                assertThat(recording.readKilled(new Random(seed), 0.3))
                        .as("seed %d", seed)
                        .isEqualTo(read);
            }
        }
        // Damage was neither too small to matter nor always fatal.
        assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
    }
}
