/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.ConfluentFrames;
import io.thalamus.connectors.kafka.FrameFormat;
import io.thalamus.connectors.kafka.JsonFrames;
import io.thalamus.connectors.kafka.PcmFrames;
import io.thalamus.connectors.kafka.RegistryAccess;
import io.thalamus.connectors.kafka.StreamHeader;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Reads how records lie on a topic. */
final class TopicFormats {
    static final Key<String> SOURCE_FORMAT =
            Key.optional(
                    "format",
                    KeyTypes.oneOf("avro", "confluent", "pcm", "json"),
                    "avro",
                    "how a record holds a frame: in Avro's single-object encoding (avro), in"
                            + " Confluent's wire format with a schema registry (confluent), as bare"
                            + " samples (pcm), or as a JSON object (json)");
    static final Key<String> SINK_FORMAT =
            Key.optional(
                    "format",
                    KeyTypes.oneOf("avro", "confluent"),
                    "avro",
                    "Avro's single-object encoding (avro), or Confluent's wire format with a schema"
                            + " registry (confluent)");
    static final Key<YamlNode.Mapping> REGISTRY =
            Key.absent(
                    "registry",
                    KeyTypes.GROUP,
                    "must be given for confluent",
                    "the schema registry");
    static final Key<YamlNode.Mapping> STREAM =
            Key.absent(
                    "stream",
                    KeyTypes.GROUP,
                    "must be given for pcm and json",
                    "what raw records do not say of their streams");

    private static final Key<String> URL =
            Key.required(
                    "url",
                    KeyTypes.TEXT,
                    "where it is, such as http://registry:8081, or"
                            + " http://registry:8080/apis/ccompat/v7 for Apicurio's");
    private static final Key<Settings> REGISTRY_PROPERTIES =
            Key.optional(
                    "properties",
                    KeyTypes.SETTINGS,
                    Settings.NONE,
                    "none",
                    "basic.auth.user.info (user:password), bearer.auth.token and"
                            + " auto.register.schemas (false: look up only), as Confluent names"
                            + " them; ssl.truststore.location and the other names of stores and"
                            + " their passwords, as those of a Kafka client");
    static final List<Key<?>> REGISTRY_KEYS = List.of(URL, REGISTRY_PROPERTIES);

    private static final Key<String> ID =
            Key.absent(
                    "id",
                    KeyTypes.TEXT,
                    "each record's key, as text",
                    "the stream that all records belong to");
    private static final Key<SampleRate> RATE =
            Key.required("rate", KeyTypes.RATE, "samples a second, such as 16000 or 1/60");
    private static final Key<List<String>> CHANNELS =
            Key.required("channels", KeyTypes.TEXTS, "the names of the channels, in their order");
    private static final Key<PcmEncoding> ENCODING =
            Key.required(
                    "encoding",
                    KeyTypes.constant(PcmEncoding.class),
                    "a sample: whole numbers of 8 (unsigned), 16, 24 or 32 bits (divided by their"
                            + " full scale), floats of 32 or 64 bits, little-endian, or G.711");
    private static final Key<String> LAYOUT =
            Key.optional(
                    "layout",
                    KeyTypes.oneOf("interleaved", "planar"),
                    "interleaved",
                    "whether the channels take turns sample by sample, or follow on one another as"
                            + " wholes");
    static final List<Key<?>> PCM_KEYS = List.of(ID, RATE, CHANNELS, ENCODING, LAYOUT);

    private static final Key<List<String>> VALUES =
            Key.absent(
                    "values",
                    KeyTypes.TEXTS,
                    "a field of each channel's name",
                    "a JSON pointer for each channel, to a number or a list of numbers");
    private static final Key<String> TIME =
            Key.absent(
                    "time",
                    KeyTypes.TEXT,
                    "the record's timestamp",
                    "a JSON pointer to the time of the first sample");
    private static final Key<String> SEQUENCE =
            Key.absent(
                    "sequence",
                    KeyTypes.TEXT,
                    "samples are counted as they come",
                    "a JSON pointer to the number of the first sample, counted from the start of"
                            + " the stream");
    static final List<Key<?>> JSON_KEYS =
            List.of(
                    ID,
                    RATE,
                    CHANNELS,
                    VALUES,
                    TIME,
                    PipelineKeys.TIME_FORMAT,
                    PipelineKeys.ZONE,
                    SEQUENCE);

    private TopicFormats() {}

    /** The format of a source; null, with the mistake noted, if it is not described rightly. */
    static FrameFormat ofSource(Section source) {
        String format = source.get(SOURCE_FORMAT);
        boolean raw = format.equals("pcm") || format.equals("json");
        belongs(source, STREAM, raw, "goes with the formats pcm and json");
        Optional<RegistryAccess> registry = registry(source, format);
        return switch (format) {
            case "confluent" -> registry.map(ConfluentFrames::new).orElse(null);
            case "pcm" -> pcm(source);
            case "json" -> json(source);
            default -> new AvroFrames();
        };
    }

    /** The registry of a sink in Confluent's wire format. */
    static Optional<RegistryAccess> ofSink(Section sink) {
        return registry(sink, sink.get(SINK_FORMAT));
    }

    /** What is known of the streams of a format before they come. */
    static Optional<StreamHeader> header(FrameFormat format) {
        if (format instanceof PcmFrames pcm) {
            return Optional.of(pcm.header());
        }
        return format instanceof JsonFrames json ? Optional.of(json.header()) : Optional.empty();
    }

    private static Optional<RegistryAccess> registry(Section section, String format) {
        boolean needed = format.equals("confluent");
        if (!belongs(section, REGISTRY, needed, "goes with the format confluent") || !needed) {
            return Optional.empty();
        }
        Section registry = section.group(REGISTRY).allow(REGISTRY_KEYS);
        String url = registry.get(URL);
        Settings properties = registry.get(REGISTRY_PROPERTIES);
        if (url == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RegistryAccess(new URI(url), properties.values()));
        } catch (URISyntaxException e) {
            registry.wrong(URL, "is no address; write one such as http://registry:8081");
        } catch (InvalidInputException e) {
            registry.wrong(
                    registry.has(REGISTRY_PROPERTIES) ? REGISTRY_PROPERTIES : URL, e.getMessage());
        }
        return Optional.empty();
    }

    private static FrameFormat pcm(Section source) {
        Section stream = source.group(STREAM).allow(PCM_KEYS);
        Optional<StreamHeader> header = header(stream, PCM_KEYS);
        return header.isEmpty()
                ? null
                : new PcmFrames(
                        header.get(),
                        stream.get(ENCODING),
                        stream.get(LAYOUT).equals("interleaved"));
    }

    private static FrameFormat json(Section source) {
        Section stream = source.group(STREAM).allow(JSON_KEYS);
        Optional<StreamHeader> header = header(stream, JSON_KEYS);
        if (header.isEmpty()) {
            return null;
        }
        List<String> values = stream.get(VALUES);
        if (values == null) {
            values = header.get().channels().stream().map(TopicFormats::pointer).toList();
        }
        try {
            return new JsonFrames(
                    header.get(),
                    values,
                    stream.get(TIME),
                    new TimeFormat(
                            stream.get(PipelineKeys.TIME_FORMAT), stream.get(PipelineKeys.ZONE)),
                    stream.get(SEQUENCE));
        } catch (InvalidInputException e) {
            source.wrong(STREAM, e.getMessage());
            return null;
        }
    }

    /** The JSON pointer to a field of an object. */
    private static String pointer(String field) {
        return "/" + field.replace("~", "~0").replace("/", "~1");
    }

    private static Optional<StreamHeader> header(Section stream, List<Key<?>> keys) {
        if (!stream.check(keys)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new StreamHeader(stream.get(ID), stream.get(RATE), stream.get(CHANNELS)));
        } catch (InvalidInputException e) {
            stream.wrong(CHANNELS, e.getMessage());
            return Optional.empty();
        }
    }

    /** Whether a group is given exactly if it is needed; the mistake is noted if not. */
    private static boolean belongs(
            Section section, Key<YamlNode.Mapping> group, boolean needed, String where) {
        if (section.has(group) == needed) {
            return true;
        }
        section.wrong(group, needed ? "is missing: " + group.description() : where);
        return false;
    }
}
