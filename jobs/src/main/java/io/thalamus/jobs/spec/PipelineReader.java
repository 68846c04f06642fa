/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.jobs.spec.PipelineSpec.BatchSpec;
import io.thalamus.jobs.spec.PipelineSpec.ModelSpec;
import io.thalamus.jobs.spec.PipelineSpec.WindowSpec;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a pipeline file, and does not stop at the first mistake. */
final class PipelineReader {
    private final Problems problems = new Problems();

    private ModelBundle bundle;
    private ModelSignature signature;
    private InvalidInputException damage;

    private PipelineReader() {}

    static PipelineSpec read(Path file, List<String> overrides, Path workingDirectory) {
        return new PipelineReader().readFile(file, overrides, workingDirectory);
    }

    private PipelineSpec readFile(Path file, List<String> overrides, Path workingDirectory) {
        Path folder = file.toAbsolutePath().getParent();
        Optional<YamlNode.Mapping> root = YamlDocument.read(text(file), folder, problems);
        PipelineSpec spec = null;
        if (root.isPresent()) {
            for (String assignment : overrides) {
                YamlDocument.override(root.get(), assignment, workingDirectory, problems);
            }
            spec = pipeline(new Section("", root.get(), problems).allow(PipelineKeys.PIPELINE));
        }
        if (!problems.isEmpty()) {
            throw problems.asException(file);
        }
        if (damage != null) {
            throw damage;
        }
        return spec;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            Problems problems = new Problems();
            problems.add(
                    "",
                    new YamlNode.Place(1, file),
                    Files.exists(file)
                            ? "cannot be read as UTF-8 text: " + e.getMessage()
                            : "there is no such file");
            throw problems.asException(file);
        }
    }

    private PipelineSpec pipeline(Section root) {
        String name = root.get(PipelineKeys.NAME);
        SourceSpec source = source(root.group(PipelineKeys.SOURCE));
        OrderSpec order = order(root.group(PipelineKeys.ORDER));
        // The model comes before what is checked against it.
        ModelSpec model = model(root.group(PipelineKeys.MODEL));
        List<TransformSpec> transforms =
                transforms(root.groups(PipelineKeys.TRANSFORMS), channels(source));
        WindowSpec window = window(root.group(PipelineKeys.WINDOW));
        SinkSpec sink = sink(root.group(PipelineKeys.SINK), PipelineKeys.SINKS);
        SinkSpec deadLetters =
                sink(root.group(PipelineKeys.DEAD_LETTERS), PipelineKeys.DEAD_LETTER_SINKS);
        return new PipelineSpec(name, source, order, transforms, window, model, sink, deadLetters);
    }

    private SourceSpec source(Section section) {
        String type = section.type(PipelineKeys.SOURCES);
        if (type == null) {
            return null;
        }
        return type.equals("csv") ? csv(section) : kafkaSource(section);
    }

    private SourceSpec csv(Section section) {
        String path = section.get(PipelineKeys.CSV_PATH);
        if (path != null && !path.contains("://") && !anyFile(Path.of(path))) {
            section.wrong(PipelineKeys.CSV_PATH, "there is no file " + path);
        }
        List<String> channels = section.get(PipelineKeys.CHANNELS);
        if (channels != null && new HashSet<>(channels).size() < channels.size()) {
            section.wrong(PipelineKeys.CHANNELS, "names a channel twice: " + channels);
        }
        Optional<Instant> from = time(section, PipelineKeys.FROM);
        Optional<Instant> to = time(section, PipelineKeys.TO);
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            section.wrong(PipelineKeys.TO, "must be later than 'from'; nothing would be read");
        }
        return new SourceSpec.CsvSource(
                path,
                section.get(PipelineKeys.TIME_COLUMN),
                section.get(PipelineKeys.TIME_FORMAT),
                section.get(PipelineKeys.ZONE),
                channels == null ? List.of() : channels,
                Optional.ofNullable(section.get(PipelineKeys.INTERVAL)),
                from,
                to,
                section.get(PipelineKeys.FRAME),
                section.get(PipelineKeys.SPEED));
    }

    private static boolean anyFile(Path path) {
        if (Files.exists(path)) {
            return true;
        }
        if (path.getParent() == null || !Files.isDirectory(path.getParent())) {
            return false;
        }
        try (DirectoryStream<Path> matches =
                Files.newDirectoryStream(path.getParent(), path.getFileName().toString())) {
            return matches.iterator().hasNext();
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be listed: %s".formatted(path.getParent(), e.getMessage()), e);
        }
    }

    private static Optional<Instant> time(Section section, Key<String> key) {
        String text = section.get(key);
        if (text == null) {
            return Optional.empty();
        }
        String format = section.get(PipelineKeys.TIME_FORMAT);
        ZoneId zone = section.get(PipelineKeys.ZONE);
        try {
            TemporalAccessor time =
                    DateTimeFormatter.ofPattern(format)
                            .parseBest(
                                    text,
                                    ZonedDateTime::from,
                                    LocalDateTime::from,
                                    LocalDate::from);
            if (time instanceof ZonedDateTime zoned) {
                return Optional.of(zoned.toInstant());
            }
            if (time instanceof LocalDateTime local) {
                return Optional.of(local.atZone(zone).toInstant());
            }
            return Optional.of(LocalDate.from(time).atStartOfDay(zone).toInstant());
        } catch (DateTimeParseException e) {
            section.wrong(key, "'%s' is no time written as %s".formatted(text, format));
            return Optional.empty();
        }
    }

    private SourceSpec kafkaSource(Section section) {
        String until = section.get(PipelineKeys.UNTIL);
        return new SourceSpec.KafkaSource(
                section.get(PipelineKeys.BOOTSTRAP),
                section.get(PipelineKeys.TOPIC),
                section.get(PipelineKeys.GROUP),
                until.equals("latest") ? SourceSpec.Until.LATEST : SourceSpec.Until.NEVER,
                section.get(PipelineKeys.PROPERTIES));
    }

    private static OrderSpec order(Section section) {
        section.allow(PipelineKeys.ORDER_KEYS);
        return new OrderSpec(section.get(PipelineKeys.REORDER));
    }

    /** The channels that the source gives; empty if they are not known before the job runs. */
    private static List<String> channels(SourceSpec source) {
        return source instanceof SourceSpec.CsvSource csv ? csv.channels() : List.of();
    }

    private List<TransformSpec> transforms(List<Section> sections, List<String> channels) {
        List<TransformSpec> transforms = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Section section : sections) {
            String id = section.get(TransformType.ID);
            if (id != null && !ids.add(id)) {
                section.wrong(
                        TransformType.ID,
                        "'%s' is the id of an earlier step; each needs its own".formatted(id));
            }
            TransformType.read(section, channels, bundle)
                    .ifPresent(
                            transform ->
                                    transforms.add(
                                            new TransformSpec(
                                                    id, section.get(Variant.TYPE), transform)));
        }
        return transforms;
    }

    private ModelSpec model(Section section) {
        section.allow(PipelineKeys.MODEL_KEYS);
        String location = section.get(PipelineKeys.BUNDLE);
        if (location != null) {
            openBundle(section, location);
        }
        Section batch = section.group(PipelineKeys.BATCH).allow(PipelineKeys.BATCH_KEYS);
        return new ModelSpec(
                location,
                section.get(PipelineKeys.ENGINE),
                signature,
                new BatchSpec(
                        batch.get(PipelineKeys.SIZE), batch.get(PipelineKeys.DELAY).toMillis()));
    }

    private void openBundle(Section section, String location) {
        Path folder = Path.of(location);
        if (!ModelBundle.isBundle(folder)) {
            section.wrong(
                    PipelineKeys.BUNDLE,
                    "%s is no bundle: a folder with config.json and weights.safetensors"
                            .formatted(folder));
            return;
        }
        try {
            bundle = ModelBundle.open(folder);
            signature =
                    ModelFactories.forBundle(bundle, PipelineReader.class.getClassLoader())
                            .signature(bundle);
        } catch (InvalidInputException e) {
            // A damaged bundle is no mistake of the pipeline; those are told first.
            damage = e;
        }
    }

    private WindowSpec window(Section section) {
        section.allow(PipelineKeys.WINDOW_KEYS);
        Integer length = section.get(PipelineKeys.LENGTH);
        if (signature != null) {
            if (length != null && length != signature.windowLength()) {
                section.wrong(
                        PipelineKeys.LENGTH,
                        "model %s takes windows of %d samples, not %d; write %d or leave it out"
                                .formatted(
                                        signature.model(),
                                        signature.windowLength(),
                                        length,
                                        signature.windowLength()));
            }
            length = signature.windowLength();
        }
        Integer hop = section.get(PipelineKeys.HOP);
        int samples = length == null ? 1 : length;
        return new WindowSpec(samples, hop == null ? samples : hop);
    }

    private static SinkSpec sink(Section section, List<Variant> variants) {
        String type = section.type(variants);
        if (type == null) {
            return null;
        }
        return switch (type) {
            case "jsonl" ->
                    new SinkSpec.FileSink(
                            SinkSpec.Format.JSON_LINES, section.get(PipelineKeys.FOLDER));
            case "csv" ->
                    new SinkSpec.FileSink(SinkSpec.Format.CSV, section.get(PipelineKeys.FOLDER));
            default -> kafkaSink(section);
        };
    }

    private static SinkSpec kafkaSink(Section section) {
        boolean exactlyOnce = section.get(PipelineKeys.GUARANTEE).equals("exactly-once");
        String prefix = section.get(PipelineKeys.TRANSACTIONAL_ID_PREFIX);
        if (exactlyOnce && prefix == null) {
            section.wrong(
                    PipelineKeys.TRANSACTIONAL_ID_PREFIX,
                    "is missing: exactly-once needs a prefix that no other sink of the Kafka"
                            + " cluster has");
        }
        return new SinkSpec.KafkaSink(
                section.get(PipelineKeys.BOOTSTRAP),
                section.get(PipelineKeys.TOPIC),
                exactlyOnce,
                prefix,
                section.get(PipelineKeys.PROPERTIES));
    }
}
