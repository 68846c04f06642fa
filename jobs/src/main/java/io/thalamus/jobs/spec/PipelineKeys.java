/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.Looping;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.jobs.spec.PipelineSpec.ErrorsSpec;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.Span;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** Every key of the pipeline file, but for those of the transforms. */
final class PipelineKeys {
    static final Key<String> NAME = Key.required("name", KeyTypes.NAME, "the job's name");
    static final Key<YamlNode.Mapping> SOURCE =
            Key.required("source", KeyTypes.GROUP, "where the streams come from");
    static final Key<YamlNode.Mapping> ORDER =
            Key.absent("order", KeyTypes.GROUP, "its defaults", "what is done about disorder");
    static final Key<YamlNode.Mapping> ALIGN =
            Key.absent(
                    "align",
                    KeyTypes.GROUP,
                    "each stream stays by itself",
                    "how several streams on one clock are joined into one");
    static final Key<List<YamlNode>> TRANSFORMS =
            Key.optional(
                    "transforms",
                    KeyTypes.LIST,
                    List.of(),
                    "none",
                    "what is done to the signal, in this order");
    static final Key<YamlNode.Mapping> WINDOW =
            Key.absent(
                    "window",
                    KeyTypes.GROUP,
                    "its defaults",
                    "how windows are cut; only with a model");
    static final Key<YamlNode.Mapping> MODEL =
            Key.absent(
                    "model",
                    KeyTypes.GROUP,
                    "the prepared frames are the results",
                    "the network that takes the windows");
    static final Key<YamlNode.Mapping> ADAPTATION =
            Key.absent(
                    "adaptation",
                    KeyTypes.GROUP,
                    "the network stays as it is in the bundle",
                    "how each stream learns while it runs");
    static final Key<YamlNode.Mapping> CONTROL =
            Key.absent(
                    "control",
                    KeyTypes.GROUP,
                    "there are none",
                    "where commands to streams that learn come from");
    static final Key<YamlNode.Mapping> DETECTION =
            Key.absent(
                    "detection",
                    KeyTypes.GROUP,
                    "no anomalies are made of the scores",
                    "what is an anomaly, for a model that gives scores");
    static final Key<YamlNode.Mapping> SINK =
            Key.required("sink", KeyTypes.GROUP, "where results go");
    static final Key<YamlNode.Mapping> ANNOTATIONS =
            Key.absent(
                    "annotations",
                    KeyTypes.GROUP,
                    "they are dropped",
                    "where remarks on what is wrong with the streams go");
    static final Key<YamlNode.Mapping> ERRORS =
            Key.absent(
                    "errors",
                    KeyTypes.GROUP,
                    "forecasts are compared only where the source ends, and summed up then",
                    "where the errors of forecasts go, each once its whole horizon has come");
    static final Key<YamlNode.Mapping> CODES =
            Key.absent(
                    "codes",
                    KeyTypes.GROUP,
                    "they are dropped",
                    "where the codes of windows go, of a model that gives them beside its results,"
                            + " or of a tokenizer beside the model");
    static final Key<YamlNode.Mapping> DEAD_LETTERS =
            Key.absent(
                    "dead-letters",
                    KeyTypes.GROUP,
                    "the topic `<topic>.dlq` of a kafka source; must be given for others",
                    "where input that cannot be used goes");

    static final List<Key<?>> PIPELINE =
            List.of(
                    NAME,
                    SOURCE,
                    ORDER,
                    ALIGN,
                    TRANSFORMS,
                    WINDOW,
                    MODEL,
                    ADAPTATION,
                    CONTROL,
                    DETECTION,
                    SINK,
                    ANNOTATIONS,
                    ERRORS,
                    CODES,
                    DEAD_LETTERS);

    static final Key<String> CSV_PATH =
            Key.required(
                    "path", KeyTypes.LOCATION, "a file, a folder or a glob; one stream a file");
    static final Key<Character> DELIMITER =
            Key.optional(
                    "delimiter", KeyTypes.CHARACTER, ',', "what stands between fields; tab is \\t");
    static final Key<String> TIME_COLUMN =
            Key.absent(
                    "time-column",
                    KeyTypes.TEXT,
                    "the first",
                    "the column with the time of each row");
    static final Key<String> TIME_FORMAT =
            Key.optional(
                    "time-format",
                    KeyTypes.TEXT,
                    TimeFormat.ISO,
                    "how times are written: iso, epoch-seconds, epoch-millis, epoch-micros,"
                            + " epoch-nanos, or a pattern of Java's DateTimeFormatter");
    static final Key<ZoneId> ZONE =
            Key.optional(
                    "zone",
                    KeyTypes.ZONE,
                    ZoneOffset.UTC,
                    "UTC",
                    "the zone of times that name none");
    static final Key<List<String>> MISSING =
            Key.optional(
                    "missing",
                    KeyTypes.ANY_TEXTS,
                    CsvOptions.defaults().missing().stream().sorted().toList(),
                    "an empty field, NaN, nan, NA, N/A, null and NULL",
                    "what stands for a missing value");
    static final Key<List<String>> CHANNELS =
            Key.absent(
                    "channels",
                    KeyTypes.TEXTS,
                    "all but the time column",
                    "the columns to read, in this order");
    static final Key<Duration> INTERVAL =
            Key.absent(
                    "interval",
                    KeyTypes.DURATION,
                    "as between the first rows",
                    "the time from row to row");
    static final Key<SampleRate> RATE =
            Key.absent(
                    "rate",
                    KeyTypes.RATE,
                    "one sample every interval",
                    "samples a second, where no interval is exact: 44100, or 1/3600");
    static final Key<Boolean> IRREGULAR =
            Key.optional(
                    "irregular",
                    KeyTypes.FLAG,
                    false,
                    "true takes each row at its own time, for order.grid; interval is nominal");
    static final Key<String> FROM =
            Key.absent("from", KeyTypes.TEXT, "the start", "the first time to read");
    static final Key<String> TO =
            Key.absent("to", KeyTypes.TEXT, "the end", "the first time not to read");
    static final Key<Integer> FRAME =
            Key.optional(
                    "frame",
                    KeyTypes.integer(1),
                    CsvOptions.defaults().frameLength(),
                    "samples of a frame; results do not depend on it");
    static final Key<Pacing> SPEED =
            Key.optional(
                    "speed",
                    KeyTypes.SPEED,
                    Pacing.MAX,
                    "max",
                    "how many times faster than it was recorded; 1 is real time");
    static final Key<Looping> LOOP =
            Key.optional(
                    "loop",
                    KeyTypes.LOOP,
                    Looping.NONE,
                    "false",
                    "how often it is played in all, each lap behind the one before; true is"
                            + " without end");

    static final Key<String> RECORDING_PATH =
            Key.required(
                    "path",
                    KeyTypes.LOCATION,
                    "a file, a folder or a glob; files say themselves what they are");
    static final Key<List<String>> RECORDING_CHANNELS =
            Key.absent(
                    "channels",
                    KeyTypes.TEXTS,
                    "all",
                    "the channels to read, in this order; streams without any are left out");
    static final Key<String> START =
            Key.absent(
                    "start",
                    KeyTypes.TEXT,
                    "1970-01-01",
                    "the time of the first sample, where a file knows none");

    static final Key<String> BOOTSTRAP =
            Key.required("bootstrap", KeyTypes.TEXT, "the brokers, host:port with commas between");
    static final Key<String> TOPIC = Key.required("topic", KeyTypes.TEXT, "the topic");
    static final Key<String> GROUP = Key.required("group", KeyTypes.TEXT, "the consumer group");
    static final Key<String> UNTIL =
            Key.optional(
                    "until",
                    KeyTypes.oneOf("never", "latest"),
                    "never",
                    "where to stop: never, or where the topic ends when the job starts");
    static final Key<Settings> PROPERTIES =
            Key.optional(
                    "properties",
                    KeyTypes.SETTINGS,
                    Settings.NONE,
                    "none",
                    "settings for the Kafka client, as Kafka names them; `${env:NAME}`,"
                        + " `${file:/path:key}` and `${directory:/path:name}` stand for secrets");

    static final List<Variant> SOURCES =
            List.of(
                    new Variant(
                            "csv",
                            "A recording in CSV files.",
                            List.of(
                                    Variant.TYPE,
                                    CSV_PATH,
                                    DELIMITER,
                                    TIME_COLUMN,
                                    TIME_FORMAT,
                                    ZONE,
                                    MISSING,
                                    CHANNELS,
                                    INTERVAL,
                                    IRREGULAR,
                                    RATE,
                                    FROM,
                                    TO,
                                    FRAME,
                                    SPEED,
                                    LOOP)),
                    new Variant(
                            "recording",
                            "A recording in WAV, FLAC, EDF, EDF+, BDF, BDF+, XDF or Avro files.",
                            List.of(
                                    Variant.TYPE,
                                    RECORDING_PATH,
                                    RECORDING_CHANNELS,
                                    START,
                                    FRAME,
                                    SPEED,
                                    LOOP)),
                    new Variant(
                            "kafka",
                            "A topic of signal frames.",
                            List.of(
                                    Variant.TYPE,
                                    BOOTSTRAP,
                                    TOPIC,
                                    GROUP,
                                    TopicFormats.SOURCE_FORMAT,
                                    TopicFormats.REGISTRY,
                                    TopicFormats.STREAM,
                                    UNTIL,
                                    PROPERTIES)));

    static final List<Variant> CONTROLS =
            List.of(
                    new Variant(
                            "kafka",
                            "A topic of commands, in Avro's single-object encoding.",
                            List.of(Variant.TYPE, BOOTSTRAP, TOPIC, PROPERTIES)));

    static final Key<YamlNode.Mapping> GRID =
            Key.absent(
                    "grid",
                    KeyTypes.GROUP,
                    "samples are regular",
                    "for readings that come at irregular times: the regular ones that are made of"
                            + " them");
    static final List<Key<?>> ORDER_KEYS =
            Stream.concat(OrderReader.KEYS.stream(), Stream.of(GRID))
                    .<Key<?>>map(key -> key)
                    .toList();

    static final Key<Span> LENGTH =
            Key.absent(
                    "length",
                    KeyTypes.SPAN,
                    "the model's",
                    "length of a window; where the model works on blocks, it follows from the hop");
    static final Key<Span> HOP =
            Key.absent(
                    "hop",
                    KeyTypes.SPAN,
                    "the length, or the model's least block",
                    "from one window's start to the next's; above the length, samples between"
                            + " windows are left out, which a model that gives a signal does not"
                            + " allow");
    static final Key<Padding> PADDING =
            Key.absent(
                    "padding",
                    KeyTypes.constant(Padding.class),
                    "shift if the model fills missing values, trim if it works on blocks, else"
                            + " drop",
                    "the window that a segment's end leaves incomplete: drop it, move it back until"
                            + " it ends there (shift), fill it up with zeros, with its last"
                            + " sample (edge) or with itself mirrored (reflect), or fill it up with"
                            + " zeros and cut what comes of them off the signal that the model"
                            + " makes (trim)");
    static final Key<YamlNode.Mapping> TRIGGER =
            Key.absent(
                    "trigger",
                    KeyTypes.GROUP,
                    "windows follow one another by the hop",
                    "a channel whose rise starts each window; the transforms and the model do not"
                            + " get it");
    static final List<Key<?>> WINDOW_KEYS = List.of(LENGTH, HOP, PADDING, TRIGGER);

    static final Key<String> BUNDLE =
            Key.required(
                    "bundle",
                    KeyTypes.LOCATION,
                    "the model bundle: a folder with config.json and weights.safetensors");
    static final Key<String> ENGINE =
            Key.optional(
                    "engine",
                    KeyTypes.ENGINE,
                    GraphEngines.DEFAULT,
                    "the back end that runs it: mxnet, mxnet-interpreter or pytorch-interpreter");
    static final Key<YamlNode.Mapping> BATCH =
            Key.absent(
                    "batch",
                    KeyTypes.GROUP,
                    "its defaults",
                    "how windows are gathered into one call of the network");
    static final List<Key<?>> MODEL_KEYS = List.of(BUNDLE, ENGINE, BATCH);

    static final Key<Integer> SIZE =
            Key.optional("size", KeyTypes.integer(1), 32, "most windows in a call");
    static final Key<Duration> DELAY =
            Key.optional(
                    "delay",
                    KeyTypes.DURATION,
                    Duration.ofMillis(50),
                    "50ms",
                    "longest wait for more windows");
    static final List<Key<?>> BATCH_KEYS = List.of(SIZE, DELAY);

    static final Key<String> FOLDER =
            Key.required("path", KeyTypes.LOCATION, "the folder that files are written to");
    static final Key<String> GUARANTEE =
            Key.optional(
                    "guarantee",
                    KeyTypes.oneOf("exactly-once", "at-least-once"),
                    "exactly-once",
                    "exactly-once shows records at each checkpoint, at-least-once at once");
    static final Key<String> TRANSACTIONAL_ID_PREFIX =
            Key.absent(
                    "transactional-id-prefix",
                    KeyTypes.TEXT,
                    "must be given for exactly-once",
                    "unique among the sinks of a Kafka cluster, and the same after every restart");

    private static final Variant JSON_LINES =
            new Variant(
                    "jsonl", "Files with one JSON object a line.", List.of(Variant.TYPE, FOLDER));
    private static final Variant TOPIC_SINK =
            new Variant(
                    "kafka",
                    "A topic.",
                    List.of(
                            Variant.TYPE,
                            BOOTSTRAP,
                            TOPIC,
                            TopicFormats.SINK_FORMAT,
                            TopicFormats.REGISTRY,
                            GUARANTEE,
                            TRANSACTIONAL_ID_PREFIX,
                            PROPERTIES));

    /** Always in the one encoding that needs no registry, whatever else is out of order. */
    private static final Variant DEAD_LETTER_TOPIC =
            new Variant(
                    "kafka",
                    "A topic, in Avro's single-object encoding.",
                    List.of(
                            Variant.TYPE,
                            BOOTSTRAP,
                            TOPIC,
                            GUARANTEE,
                            TRANSACTIONAL_ID_PREFIX,
                            PROPERTIES));

    static final List<Variant> SINKS =
            List.of(
                    JSON_LINES,
                    new Variant("csv", "CSV files.", List.of(Variant.TYPE, FOLDER)),
                    TOPIC_SINK);

    static final Key<Integer> OVER =
            Key.optional(
                    "over",
                    KeyTypes.integer(1),
                    ErrorsSpec.OVER,
                    "over how many of a stream's newest forecasts the rolling errors are");

    static final List<Variant> ERROR_SINKS = sinksWith(OVER);

    static final Key<String> TOKENIZER =
            Key.absent(
                    "bundle",
                    KeyTypes.LOCATION,
                    "the model gives codes beside its results",
                    "a tokenizer's bundle, for a model that gives none: it takes all that the model"
                            + " does, prepared in the same way but for its own statistics, in"
                            + " windows of its own length, one behind the other");
    static final List<Variant> CODE_SINKS = sinksWith(TOKENIZER);

    static final List<Variant> DEAD_LETTER_SINKS = List.of(JSON_LINES, DEAD_LETTER_TOPIC);

    private PipelineKeys() {}

    /** Sinks with one key more. */
    private static List<Variant> sinksWith(Key<?> more) {
        return SINKS.stream()
                .map(
                        sink ->
                                new Variant(
                                        sink.type(),
                                        sink.description(),
                                        Stream.concat(sink.keys().stream(), Stream.of(more))
                                                .<Key<?>>map(key -> key)
                                                .toList()))
                .toList();
    }
}
