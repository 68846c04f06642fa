/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SignalFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Recordings of others, each with what three independent programs read from it. They may not be
 * part of this project: the tests run where the folder is there.
 */
class EdfSamplesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("thalamus.edf-samples", "../../shared/data/edf-samples"));

    /** One test, so that it is counted as skipped where the folder is not there. */
    @Test
    void everySampleReadsAsItsJsonSays() throws Exception {
        assumeTrue(
                Files.isDirectory(FOLDER),
                "no EDF samples at " + FOLDER + ": name their folder in thalamus.edf-samples");
        List<Path> descriptions;
        try (Stream<Path> files = Files.list(FOLDER)) {
            descriptions =
                    files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
        assertThat(descriptions).hasSizeGreaterThanOrEqualTo(11);
        assertThat(descriptions)
                .allSatisfy(file -> check(new ObjectMapper().readTree(file.toFile())));
    }

    private static void check(JsonNode json) throws Exception {
        Recording recording =
                new Recording(
                        new EdfFormat(RecordingOptions.defaults()),
                        FOLDER.resolve(json.get("file").asText()));
        List<Received> read = recording.read();
        RecordingDescription description = recording.describe();
        long fileStart =
                LocalDateTime.parse(json.get("start").asText()).toEpochSecond(ZoneOffset.UTC)
                        * 1_000_000_000L;

        assertThat(description.format()).isEqualTo(json.get("format").asText());
        assertThat(description.startNanos())
                .isEqualTo(fileStart + nanos(json.get("first_record_onset_s")));
        assertThat(Recording.refused(read)).isEmpty();
        assertThat(recording.readKilled(new Random(1), 0.5)).isEqualTo(read);
        checkAnnotations(json, Recording.annotations(read), fileStart);
        checkSignals(json, read, description);
        checkSegments(json, read, description, fileStart);
    }

    private static void checkAnnotations(JsonNode json, List<Annotation> read, long fileStart) {
        List<Annotation> expected = new ArrayList<>();
        for (JsonNode annotation : json.get("annotations")) {
            JsonNode duration = annotation.get("duration_s");
            expected.add(
                    new Annotation(
                            "s",
                            fileStart + nanos(annotation.get("onset_s")),
                            duration.isNull() ? 0 : nanos(duration),
                            annotation.get("text").asText()));
        }
        assertThat(read).isEqualTo(expected);
    }

    private static void checkSignals(
            JsonNode json, List<Received> read, RecordingDescription description) throws Exception {
        int signals = 0;
        Map<Double, Integer> channelsSeen = new TreeMap<>();
        for (JsonNode signal : json.get("signals")) {
            signals++;
            double rate = signal.get("rate_hz").asDouble();
            StreamDescription stream =
                    description.streams().stream()
                            .filter(some -> Math.abs(some.rate().hertz() - rate) < 1e-9)
                            .findFirst()
                            .orElseThrow();
            int channel = channelsSeen.merge(rate, 1, Integer::sum) - 1;
            assertThat(stream.channels().get(channel)).startsWith(signal.get("label").asText());
            assertThat(stream.units().get(channel)).isEqualTo(signal.get("dimension").asText());
            check(signal, Recording.samples(read, stream.streamId(), channel));
        }
        assertThat(description.streams().stream().mapToInt(one -> one.channels().size()).sum())
                .isEqualTo(signals);
    }

    private static void check(JsonNode signal, float[] samples) throws Exception {
        double physicalMinimum = signal.get("phys_min").asDouble();
        double physicalRange = signal.get("phys_max").asDouble() - physicalMinimum;
        int digitalMinimum = signal.get("dig_min").asInt();
        double step = physicalRange / (signal.get("dig_max").asInt() - digitalMinimum);
        ByteBuffer digital = ByteBuffer.allocate(4 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        double minimum = Double.POSITIVE_INFINITY;
        double maximum = Double.NEGATIVE_INFINITY;
        double sum = 0;
        long digitalSum = 0;
        for (float sample : samples) {
            minimum = Math.min(minimum, sample);
            maximum = Math.max(maximum, sample);
            sum += sample;
            int value = (int) Math.rint((sample - physicalMinimum) / step) + digitalMinimum;
            digitalSum += value;
            digital.putInt(value);
        }
        assertThat(samples).hasSize(signal.get("n_samples").asInt());
        String hash =
                HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(digital.array()));
        assertThat(hash).isEqualTo(signal.get("digital_sha256").asText());
        assertThat(digitalSum).isEqualTo(signal.get("digital_sum").asLong());
        assertClose(minimum, signal.get("min_physical"), physicalRange);
        assertClose(maximum, signal.get("max_physical"), physicalRange);
        assertClose(sum / samples.length, signal.get("mean_physical"), physicalRange);
        for (int i = 0; i < signal.get("first20_physical").size(); i++) {
            assertClose(samples[i], signal.get("first20_physical").get(i), physicalRange);
        }
    }

    /** Within what float32 can tell. */
    private static void assertClose(double value, JsonNode expected, double range) {
        double exact = expected.asDouble();
        assertThat(value)
                .isCloseTo(exact, within(Math.ulp((float) exact) + 1e-9 * Math.abs(range)));
    }

    /** Where the sample numbers jump, and nowhere else, time does. */
    private static void checkSegments(
            JsonNode json, List<Received> read, RecordingDescription description, long fileStart) {
        List<Long> expected = new ArrayList<>();
        for (JsonNode segment : json.get("segments")) {
            expected.add(fileStart + nanos(segment.get("onset_s")));
        }
        if (expected.isEmpty()) {
            expected.add(description.startNanos()); // of a file that has no onsets
        }
        for (StreamDescription stream : description.streams()) {
            List<Long> starts = new ArrayList<>();
            SignalFrame last = null;
            for (SignalFrame frame : Recording.frames(read)) {
                if (!frame.streamId().equals(stream.streamId())) {
                    continue;
                }
                assertThat(frame.startNanos())
                        .isEqualTo(
                                description.startNanos() + frame.rate().nanosOf(frame.sequence()));
                if (last == null || frame.sequence() != last.nextSequence()) {
                    starts.add(frame.startNanos());
                }
                last = frame;
            }
            assertThat(starts).isEqualTo(expected);
        }
    }

    private static long nanos(JsonNode seconds) {
        return seconds.decimalValue().movePointRight(9).longValueExact();
    }
}
