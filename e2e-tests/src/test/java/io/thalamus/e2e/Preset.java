/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.CsvFormat;
import io.thalamus.connectors.recording.DetectedFormat;
import io.thalamus.connectors.recording.RecordingFormat;
import io.thalamus.connectors.recording.RecordingReader;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.jobs.spec.SourceSpec;
import io.thalamus.jobs.spec.SourceSpec.CsvSource;
import io.thalamus.jobs.spec.SourceSpec.Recorded;
import io.thalamus.jobs.spec.SourceSpec.RecordingSource;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** The shipped pipelines, and one whose streams learn; a line here has one run in every suite. */
enum Preset {
    FORECAST("forecast", 24, "errors"),

    /** The same with all that its streams can learn, the weights of the first layer too. */
    FORECAST_LEARNING(
            "forecast-learning",
            "forecast",
            List.of(
                    "adaptation.preset=delayed-error",
                    "adaptation.rate=0.001",
                    "adaptation.hebbian-rate=0.01",
                    "adaptation.batch=2"),
            24,
            "errors",
            "adaptation.events"),
    LOAD_SERIES("load-series", 24, "errors"),
    ANOMALY("anomaly", 24),
    CLASSIFICATION("classification", 125),
    IMPUTATION("imputation", 24),
    ECHO("echo", 2000),
    SEPARATE("separate", 2000),
    DECODE_SEEG("decode-seeg", 500),
    TOKENIZE_SEEG("tokenize-seeg", 500),
    SENSOR("sensor", Preset.AS_RECORDED),
    SEEG("seeg", 50),
    HIGH_GAMMA("high-gamma", 50),
    SPEECH_8K("speech-8k", 441),
    SPEECH_16K("speech-16k", 441);

    /** Each row is a frame. */
    private static final int AS_RECORDED = 0;

    private static final List<String> SINKS =
            List.of(
                    "sink",
                    "annotations",
                    "errors",
                    "codes",
                    "detection.events",
                    "adaptation.events");

    private final String name;
    private final String file;
    private final List<String> changes;
    private final int frame;
    private final List<String> more;

    /**
     * @param name of the file, without its ending
     * @param frame samples in a frame of the recording, so few that it has some dozens of frames
     * @param more sinks that the file does not have
     */
    Preset(String name, int frame, String... more) {
        this(name, name, List.of(), frame, more);
    }

    /**
     * @param name unlike that of any other
     * @param file the name of the file, without its ending
     * @param changes settings by which it differs from the file
     * @param frame as above
     * @param more sinks that the file does not have
     */
    Preset(String name, String file, List<String> changes, int frame, String... more) {
        this.name = name;
        this.file = file;
        this.changes = changes;
        this.frame = frame;
        this.more = List.of(more);
    }

    /**
     * Those that the property {@code thalamus.e2e.presets} names, with commas between, or {@code
     * all}.
     *
     * @param otherwise those without the property
     */
    static List<Preset> chosen(Preset... otherwise) {
        String names = System.getProperty("thalamus.e2e.presets");
        if (names == null) {
            return List.of(otherwise);
        }
        return Arrays.stream(values())
                .filter(
                        preset ->
                                names.equals("all")
                                        || List.of(names.split(",")).contains(preset.name))
                .toList();
    }

    /** Whether its streams learn while it runs. */
    boolean learns() {
        return changes.stream().anyMatch(change -> change.startsWith("adaptation."));
    }

    String fileName() {
        return file + ".yaml";
    }

    Path file() {
        return Checkout.ROOT.resolve("pipelines").resolve(fileName());
    }

    /** The frames of the recording that the pipeline is shipped with, in the order of time. */
    List<SignalFrame> frames() throws IOException {
        List<String> settings = frame == AS_RECORDED ? List.of() : List.of("source.frame=" + frame);
        SourceSpec source = PipelineSpec.load(file(), settings).source();
        RecordingFormat format =
                source instanceof CsvSource csv
                        ? new CsvFormat(csv.options())
                        : DetectedFormat.of(((RecordingSource) source).options());
        List<SignalFrame> frames = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of(((Recorded) source).path()))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String stream = file.getFileName().toString().replaceFirst("\\..*", "");
                try (RecordingReader reader =
                        format.open(
                                new org.apache.flink.core.fs.Path(file.toUri()),
                                stream,
                                new byte[0])) {
                    for (Received next = reader.next(); next != null; next = reader.next()) {
                        if (next.frame() != null) {
                            frames.add(next.frame());
                        }
                    }
                }
            }
        }
        frames.sort(Comparator.comparingLong(SignalFrame::startNanos)); // stable
        return frames;
    }

    /**
     * The name of a copy of a stream. Networks of subjects go by what is before a slash.
     *
     * @param number from 1 on
     */
    String copy(String stream, int number) {
        boolean subject = this == DECODE_SEEG || this == TOKENIZE_SEEG;
        return stream + (subject ? "/" : "-") + number;
    }

    /** Where the pipeline writes, as keys of its file. */
    List<String> sinks() throws IOException {
        JsonNode pipeline = new YAMLMapper().readTree(file().toFile());
        return SINKS.stream()
                .filter(
                        sink ->
                                more.contains(sink)
                                        || !pipeline.at("/" + sink.replace('.', '/'))
                                                .isMissingNode())
                .toList();
    }

    /**
     * The settings that make the pipeline one from topic to topics.
     *
     * @param topics what the names of all its topics begin with: the rest is {@code .in}, {@code
     *     .in.dlq} and, for each sink, its key
     */
    List<String> onTopics(String topics, String bootstrap) throws IOException {
        List<String> settings = new ArrayList<>(changes);
        Iterator<String> keys =
                new YAMLMapper().readTree(file().toFile()).path("source").fieldNames();
        keys.forEachRemaining(key -> settings.add("source." + key + "="));
        settings.addAll(
                List.of(
                        "source.type=kafka",
                        "source.bootstrap=" + bootstrap,
                        "source.topic=" + topics + ".in",
                        "source.group=" + topics,
                        "dead-letters="));
        settings.addAll(intoTopics(topics, bootstrap));
        return settings;
    }

    /** The settings that have the pipeline play its recording without end, into topics. */
    List<String> looped(String topics, String bootstrap) throws IOException {
        List<String> settings = new ArrayList<>(changes);
        settings.add("source.loop=true");
        settings.add("dead-letters.path=/tmp/" + topics + "-dead-letters");
        settings.addAll(intoTopics(topics, bootstrap));
        return settings;
    }

    private List<String> intoTopics(String topics, String bootstrap) throws IOException {
        List<String> settings = new ArrayList<>();
        for (String sink : sinks()) {
            if (!more.contains(sink)) {
                settings.add(sink + ".path=");
            }
            settings.addAll(
                    List.of(
                            sink + ".type=kafka",
                            sink + ".bootstrap=" + bootstrap,
                            sink + ".topic=" + topics + "." + sink,
                            sink + ".transactional-id-prefix=" + topics + "." + sink));
        }
        return settings;
    }

    @Override
    public String toString() {
        return name;
    }
}
