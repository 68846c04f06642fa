/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.kafka.ConnectionSettings;
import io.thalamus.connectors.kafka.FrameFormat;
import io.thalamus.connectors.kafka.RegistryAccess;
import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.Looping;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.StreamDescription;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.jobs.spec.PipelineSpec.BatchSpec;
import io.thalamus.jobs.spec.PipelineSpec.CodesSpec;
import io.thalamus.jobs.spec.PipelineSpec.ControlSpec;
import io.thalamus.jobs.spec.PipelineSpec.DetectionSpec;
import io.thalamus.jobs.spec.PipelineSpec.ErrorsSpec;
import io.thalamus.jobs.spec.PipelineSpec.ModelSpec;
import io.thalamus.jobs.spec.PipelineSpec.TokenizerSpec;
import io.thalamus.jobs.spec.SourceSpec.CsvSource;
import io.thalamus.jobs.spec.SourceSpec.KafkaSource;
import io.thalamus.jobs.spec.SourceSpec.Recorded;
import io.thalamus.jobs.spec.SourceSpec.RecordingSource;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.rate.Grid;
import io.thalamus.operators.stream.InitialWeights;
import io.thalamus.operators.stream.OrderPolicy;
import io.thalamus.operators.stream.StagedBundle;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;

/** Reads a pipeline file, and does not stop at the first mistake. */
final class PipelineReader {
    private static final Set<Padding> MAKE_UP_SAMPLES =
            Set.of(Padding.ZEROS, Padding.EDGE, Padding.REFLECT);

    /** What a preparation is read without. */
    private static final List<Key<?>> FROM_THE_MODEL_ON =
            List.of(
                    PipelineKeys.MODEL,
                    PipelineKeys.ADAPTATION,
                    PipelineKeys.CONTROL,
                    PipelineKeys.DETECTION,
                    PipelineKeys.ERRORS,
                    PipelineKeys.CODES);

    private final Problems problems = new Problems();
    private final boolean preparing;

    // What is known so far, for the checks that come after; null while it is not.
    private StreamShape shape;
    private List<RecordingDescription> recordings = List.of();
    private boolean joins;
    private boolean hasModel;
    private Path home;
    private ModelBundle bundle;
    private ModelSignature signature;
    private boolean givesCodesToo;
    private final List<StreamShape> shapesBefore = new ArrayList<>();
    private AdaptationSettings adaptation = AdaptationSettings.FROZEN;
    private String initial = "";
    private InvalidInputException damage;

    /**
     * @param preparing whether the model and what comes behind it do not count
     */
    private PipelineReader(boolean preparing) {
        this.preparing = preparing;
    }

    static PipelineSpec read(Path file, List<String> overrides, Path workingDirectory) {
        return new PipelineReader(false).readFile(file, overrides, workingDirectory);
    }

    static PipelineSpec readPreparation(Path file, List<String> overrides, Path workingDirectory) {
        List<String> all = new ArrayList<>(overrides);
        FROM_THE_MODEL_ON.forEach(key -> all.add(key.name() + "="));
        return new PipelineReader(true).readFile(file, all, workingDirectory);
    }

    private PipelineSpec readFile(Path file, List<String> overrides, Path workingDirectory) {
        home = file.toAbsolutePath().getParent();
        Optional<YamlNode.Mapping> root = YamlDocument.read(text(file), home, problems);
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
        joins = root.has(PipelineKeys.ALIGN);
        SourceSpec source = source(root.group(PipelineKeys.SOURCE));
        Optional<Grid> grid = grid(root, source);
        Optional<Alignment> align = align(root);
        hasModel = root.has(PipelineKeys.MODEL);
        adaptation = AdaptationReader.read(root, hasModel);
        initial = initial(root);
        // The model comes before what is checked against it.
        Optional<ModelSpec> model =
                hasModel ? Optional.of(model(root.group(PipelineKeys.MODEL))) : Optional.empty();
        Optional<Trigger> trigger = trigger(root.group(PipelineKeys.WINDOW));
        OrderPolicy order =
                OrderReader.read(
                        root.group(PipelineKeys.ORDER).allow(PipelineKeys.ORDER_KEYS),
                        // A bundle that cannot be read is told of by itself.
                        preparing || hasModel && (signature == null || signature.fillsMissing()),
                        trigger.map(Trigger::channel).map(Set::of).orElse(Set.of()));
        List<Section> steps = steps(root);
        List<TransformSpec> transforms = transforms(steps);
        Optional<Slicing> window = Optional.empty();
        if (hasModel) {
            checkFits(signature, root.group(PipelineKeys.MODEL), PipelineKeys.BUNDLE);
            checkScalingIsLast(steps, transforms);
            window = Optional.of(window(root.group(PipelineKeys.WINDOW)));
            checkOffset(trigger, root.group(PipelineKeys.WINDOW));
        } else if (!preparing && root.has(PipelineKeys.WINDOW)) {
            root.wrong(
                    PipelineKeys.WINDOW,
                    "there is no model to take windows; remove window, or add model");
        }
        Optional<DetectionSpec> detection = detection(root);
        SinkSpec sink = sink(root.group(PipelineKeys.SINK), PipelineKeys.SINKS);
        Optional<SinkSpec> annotations =
                root.has(PipelineKeys.ANNOTATIONS)
                        ? Optional.ofNullable(
                                sink(root.group(PipelineKeys.ANNOTATIONS), PipelineKeys.SINKS))
                        : Optional.empty();
        Optional<SinkSpec> lessons = lessons(root);
        Optional<ErrorsSpec> errors = errors(root);
        Optional<CodesSpec> codes = codes(root, steps, transforms);
        SinkSpec deadLetters = deadLetters(root, source);
        return new PipelineSpec(
                name,
                source,
                order,
                grid,
                align,
                transforms,
                window,
                trigger,
                model.map(one -> detection.map(one::alarmedBy).orElse(one)),
                control(root),
                detection,
                sink,
                annotations,
                lessons,
                errors,
                codes,
                deadLetters);
    }

    private SourceSpec source(Section section) {
        String type = section.type(PipelineKeys.SOURCES);
        if (type == null) {
            return null;
        }
        return switch (type) {
            case "csv" -> csv(section);
            case "recording" -> recording(section);
            default -> kafkaSource(section);
        };
    }

    private SourceSpec csv(Section section) {
        String path = path(section, PipelineKeys.CSV_PATH);
        List<String> channels = channels(section, PipelineKeys.CHANNELS);
        Pacing pacing = section.get(PipelineKeys.SPEED);
        Looping looping = section.get(PipelineKeys.LOOP);
        CsvOptions options =
                CsvOptions.defaults()
                        .withTimeColumn(section.get(PipelineKeys.TIME_COLUMN))
                        .withChannels(channels)
                        .withMissing(Set.copyOf(section.get(PipelineKeys.MISSING)));
        options = with(options, section, PipelineKeys.DELIMITER, CsvOptions::withDelimiter);
        options = with(options, section, PipelineKeys.FRAME, CsvOptions::withFrameLength);
        options =
                with(
                        options,
                        section,
                        PipelineKeys.INTERVAL,
                        (some, interval) -> some.withRate(SampleRate.ofPeriod(interval)));
        options = with(options, section, PipelineKeys.RATE, CsvOptions::withRate);
        if (section.has(PipelineKeys.INTERVAL) && section.has(PipelineKeys.RATE)) {
            section.wrong(PipelineKeys.RATE, "give either rate or interval");
        }
        if (section.get(PipelineKeys.IRREGULAR)) {
            if (section.has(PipelineKeys.FRAME)) {
                section.wrong(PipelineKeys.FRAME, "each row of an irregular recording is a frame");
            }
            options = options.atTheirOwnTimes();
        }
        Optional<CsvOptions> complete = withTimes(options, section);
        if (path == null || complete.isEmpty()) {
            return null;
        }
        CsvSource source = new CsvSource(path, complete.get(), pacing, looping);
        checkChannelsAgree(source, section);
        return source;
    }

    private SourceSpec recording(Section section) {
        String path = path(section, PipelineKeys.RECORDING_PATH);
        RecordingOptions options =
                RecordingOptions.defaults()
                        .withChannels(channels(section, PipelineKeys.RECORDING_CHANNELS));
        options = with(options, section, PipelineKeys.FRAME, RecordingOptions::withFrameLength);
        Instant start = time(section, PipelineKeys.START, TimeFormat.iso());
        options = start == null ? options : options.withStart(start);
        Pacing pacing = section.get(PipelineKeys.SPEED);
        Looping looping = section.get(PipelineKeys.LOOP);
        if (path == null) {
            return null;
        }
        RecordingSource source = new RecordingSource(path, options, pacing, looping);
        List<StreamShape> shapes =
                describe(source).stream()
                        .flatMap(recording -> recording.streams().stream())
                        .map(stream -> new StreamShape(stream.channels(), stream.rate()))
                        .distinct()
                        .toList();
        // The streams of a recording may differ; what they have is then not known here.
        shape = shapes.size() == 1 ? shapes.get(0) : null;
        return source;
    }

    /** A path to files that are there; null, with the mistake noted, if it is none. */
    private static String path(Section section, Key<String> key) {
        String path = section.get(key);
        if (path == null || path.contains("://") || anyFile(Path.of(path))) {
            return path;
        }
        section.wrong(key, "there is no file " + path);
        return null;
    }

    /** The channels to read; empty, with the mistake noted, if one is named twice. */
    private static List<String> channels(Section section, Key<List<String>> key) {
        List<String> channels = section.get(key);
        if (channels != null && new HashSet<>(channels).size() < channels.size()) {
            section.wrong(key, "names a channel twice: " + channels);
            return List.of();
        }
        return channels == null ? List.of() : channels;
    }

    /** The options with a key's value, or, with the mistake noted, without it. */
    private static <O, T> O with(O options, Section section, Key<T> key, BiFunction<O, T, O> set) {
        T value = section.get(key);
        try {
            return value == null ? options : set.apply(options, value);
        } catch (IllegalArgumentException | InvalidInputException e) {
            section.wrong(key, e.getMessage());
            return options;
        }
    }

    private static Optional<CsvOptions> withTimes(CsvOptions options, Section section) {
        TimeFormat format;
        try {
            format =
                    new TimeFormat(
                            section.get(PipelineKeys.TIME_FORMAT), section.get(PipelineKeys.ZONE));
        } catch (InvalidInputException e) {
            section.wrong(PipelineKeys.TIME_FORMAT, e.getMessage());
            return Optional.empty();
        }
        Instant from = time(section, PipelineKeys.FROM, format);
        Instant to = time(section, PipelineKeys.TO, format);
        if (from != null && to != null && !from.isBefore(to)) {
            section.wrong(PipelineKeys.TO, "must be later than 'from'; nothing would be read");
            return Optional.empty();
        }
        return Optional.of(options.withTimeFormat(format).withRange(from, to));
    }

    private static Instant time(Section section, Key<String> key, TimeFormat format) {
        String text = section.get(key);
        if (text == null) {
            return null;
        }
        try {
            return Instant.EPOCH.plusNanos(format.parser().applyAsLong(text));
        } catch (DateTimeException e) {
            section.wrong(key, "'%s' is no time written as %s".formatted(text, format.pattern()));
            return null;
        }
    }

    /** Notes the shape of the streams, so that what follows can be checked against it. */
    private void checkChannelsAgree(CsvSource source, Section section) {
        describe(source);
        if (joins) {
            return; // the streams of a group may differ
        }
        for (RecordingDescription recording : recordings) {
            StreamDescription stream = recording.streams().get(0);
            if (shape == null) {
                shape = new StreamShape(stream.channels(), stream.rate());
            } else if (!stream.channels().equals(shape.channels())) {
                section.wrong(
                        PipelineKeys.CHANNELS,
                        "%s has the channels %s, but %s has %s; name those to read"
                                .formatted(
                                        recordings.get(0).path(),
                                        shape.channels(),
                                        recording.path(),
                                        stream.channels()));
                return;
            }
        }
    }

    /**
     * Notes what lies at the source, and hands it on; nothing, with the damage noted, if it cannot
     * be read.
     */
    private List<RecordingDescription> describe(Recorded source) {
        try {
            recordings = source.recordings().describe();
            return recordings;
        } catch (InvalidInputException e) {
            damaged(e);
        } catch (IOException e) {
            damaged(
                    new InvalidInputException(
                            "%s cannot be read: %s".formatted(source.path(), e.getMessage()), e));
        }
        return List.of();
    }

    /** Damage is no mistake of the pipeline; mistakes are told first. */
    private void damaged(InvalidInputException e) {
        if (damage == null) {
            damage = e;
        }
    }

    private static boolean anyFile(Path path) {
        if (Files.exists(path)) {
            return true;
        }
        if (path.getParent() == null) {
            return false;
        }
        if (!Files.isDirectory(path.getParent())) {
            // A glob in a folder's name is followed where the recordings are described.
            return path.getParent().toString().matches(".*[*?\\[{].*");
        }
        try (DirectoryStream<Path> matches =
                Files.newDirectoryStream(path.getParent(), path.getFileName().toString())) {
            return matches.iterator().hasNext();
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be listed: %s".formatted(path.getParent(), e.getMessage()), e);
        }
    }

    private SourceSpec kafkaSource(Section section) {
        FrameFormat format = TopicFormats.ofSource(section);
        shape =
                TopicFormats.header(format)
                        .map(header -> new StreamShape(header.channels(), header.rate()))
                        .orElse(null);
        return new KafkaSource(
                section.get(PipelineKeys.BOOTSTRAP),
                section.get(PipelineKeys.TOPIC),
                section.get(PipelineKeys.GROUP),
                format,
                section.get(PipelineKeys.UNTIL).equals("latest"),
                section.get(PipelineKeys.PROPERTIES));
    }

    private Optional<Grid> grid(Section root, SourceSpec source) {
        Section order = root.group(PipelineKeys.ORDER);
        Optional<Grid> grid = GridReader.read(order);
        if (shape != null) {
            shape = grid.map(on -> new StreamShape(shape.channels(), on.rate())).orElse(shape);
        }
        if (order.has(PipelineKeys.GRID)) {
            return grid;
        }
        Section section = root.group(PipelineKeys.SOURCE);
        if (source instanceof CsvSource csv && csv.options().irregular()) {
            section.wrong(
                    PipelineKeys.IRREGULAR, "what follows wants regular samples; give order.grid");
        } else {
            recordings.stream()
                    .flatMap(recording -> recording.streams().stream())
                    .filter(StreamDescription::irregular)
                    .findFirst()
                    .ifPresent(
                            stream ->
                                    section.wrong(
                                            PipelineKeys.RECORDING_PATH,
                                            "%s is irregular, and what follows wants regular"
                                                            .formatted(stream.streamId())
                                                    + " samples; give order.grid, or the channels"
                                                    + " of other streams"));
        }
        return grid;
    }

    private Optional<Alignment> align(Section root) {
        Optional<Alignment> align = AlignReader.read(root);
        if (joins && !recordings.isEmpty()) {
            shape = align.flatMap(how -> AlignReader.shape(how, recordings, root)).orElse(null);
        }
        return align;
    }

    /** What starts windows; the transforms do not get it. */
    private Optional<Trigger> trigger(Section window) {
        Optional<Trigger> trigger =
                hasModel || preparing ? TriggerReader.read(window) : Optional.empty();
        if (shape != null && window.has(PipelineKeys.TRIGGER)) {
            StreamShape all = shape;
            shape = trigger.map(one -> TriggerReader.without(one, all, window)).orElse(null);
        }
        if (signature != null && trigger.isPresent()) {
            TriggerReader.checkResult(signature.result(), signature.model(), window);
        }
        return trigger;
    }

    /** The transforms; of a preparation those that do not go by the model's bundle. */
    private List<Section> steps(Section root) {
        List<Section> steps = root.groups(PipelineKeys.TRANSFORMS);
        if (!preparing) {
            return steps;
        }
        List<Section> kept = new ArrayList<>();
        Section left = null;
        boolean scales = false;
        for (Section step : steps) {
            if (TransformType.goesByTheBundle(step)) {
                left = step;
                scales = true;
            } else {
                kept.add(step);
                if (left != null) {
                    left.wrong(
                            AmplitudeTransforms.STATISTICS,
                            "comes last where a network is trained on what the pipeline prepares:"
                                    + " its figures are those of the training; move it behind the"
                                    + " other transforms");
                    left = null;
                }
            }
        }
        if (!scales) {
            // A training always scales, so that the network would learn from other signals than
            // the pipeline gives it.
            root.wrong(
                    PipelineKeys.TRANSFORMS,
                    "a network learns from signals that are standardised with the figures of its"
                        + " training; add {id: scale, type: standardise, statistics: bundle} as the"
                        + " last, in place of any other that standardises");
        }
        return kept;
    }

    private List<TransformSpec> transforms(List<Section> sections) {
        List<TransformSpec> transforms = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Section section : sections) {
            shapesBefore.add(shape);
            String id = section.get(TransformType.ID);
            if (id != null && !ids.add(id)) {
                section.wrong(
                        TransformType.ID,
                        "'%s' is the id of an earlier step; each needs its own".formatted(id));
            }
            Optional<SignalTransform> transform =
                    TransformType.read(
                            section,
                            new TransformType.Context(
                                    shape, hasModel, resultsAreInDatasUnits(), bundle));
            if (transform.isEmpty()) {
                shape = null; // what comes to the next step is not known
                continue;
            }
            transforms.add(new TransformSpec(id, section.get(Variant.TYPE), transform.get()));
            shape = shapeBehind(section, transform.get());
        }
        return transforms;
    }

    /**
     * Whether what the model gives is brought back to what the data were before they were scaled.
     */
    private boolean resultsAreInDatasUnits() {
        return signature != null
                && (signature.result() == Forecast.class
                        || signature.result() == SignalFrame.class);
    }

    /** What comes out of a step; null if that is not known, or the step cannot be there. */
    private StreamShape shapeBehind(Section section, SignalTransform transform) {
        if (shape == null) {
            return null;
        }
        try {
            return transform.prepare(shape).outputShape();
        } catch (InvalidInputException e) {
            section.wrong(Variant.TYPE, e.getMessage());
            return null;
        }
    }

    private ModelSpec model(Section section) {
        section.allow(PipelineKeys.MODEL_KEYS);
        String location = section.get(PipelineKeys.BUNDLE);
        opened(section, PipelineKeys.BUNDLE, location, adaptation)
                .ifPresent(
                        opened -> {
                            bundle = opened.bundle();
                            signature = opened.signature();
                            givesCodesToo = opened.givesCodesToo();
                            checkInitial(opened.digest());
                        });
        Section batch = section.group(PipelineKeys.BATCH).allow(PipelineKeys.BATCH_KEYS);
        return new ModelSpec(
                location,
                section.get(PipelineKeys.ENGINE),
                signature,
                new BatchSpec(
                        batch.get(PipelineKeys.SIZE), batch.get(PipelineKeys.DELAY).toMillis()),
                adaptation,
                initial);
    }

    /** The bundle that a key names; empty, with the mistake noted, if it cannot be used. */
    private Optional<OpenBundle> opened(
            Section section, Key<String> key, String location, AdaptationSettings learning) {
        if (location == null) {
            return Optional.empty();
        }
        try {
            Optional<String> objection = StagedBundle.objectionTo(location);
            if (objection.isEmpty()) {
                return Optional.of(OpenBundle.of(location, learning));
            }
            section.wrong(key, objection.get());
        } catch (InvalidInputException e) {
            damaged(e);
        }
        return Optional.empty();
    }

    private void checkInitial(String digest) {
        if (initial.isEmpty()) {
            return;
        }
        try (InitialWeights known =
                InitialWeights.of(
                        initial,
                        Path.of(System.getProperty("java.io.tmpdir")),
                        digest,
                        adaptation.rule().preset())) {
            known.check();
        } catch (InvalidInputException e) {
            damaged(e);
        }
    }

    private Slicing window(Section section) {
        section.allow(PipelineKeys.WINDOW_KEYS);
        Padding padding = padding(section);
        if (signature != null && signature.isContinuous()) {
            return blocks(section, padding);
        }
        Span length = section.get(PipelineKeys.LENGTH);
        OptionalInt samples = samples(section, PipelineKeys.LENGTH, length);
        if (signature != null) {
            if (samples.isPresent() && samples.getAsInt() != signature.windowLength()) {
                section.wrong(
                        PipelineKeys.LENGTH,
                        "model %s takes windows of %s, not %d; write %d or leave it out"
                                .formatted(
                                        signature.model(),
                                        signature.lengths(),
                                        samples.getAsInt(),
                                        signature.windowLength()));
            }
            if (length == null) {
                length = Span.ofSamples(signature.windowLength());
            }
        }
        Span hop = section.get(PipelineKeys.HOP);
        OptionalInt hopSamples = samples(section, PipelineKeys.HOP, hop);
        if (signature != null
                && signature.result() == SignalFrame.class
                && hopSamples.orElse(0) > signature.windowLength()) {
            section.wrong(
                    PipelineKeys.HOP,
                    "model %s gives a signal, and samples between windows would be left out of it;"
                                    .formatted(signature.model())
                            + " give at most %d samples".formatted(signature.windowLength()));
        }
        return new Slicing(length, hop == null ? length : hop, padding);
    }

    /** Windows that share with the next what the model wants, and follow up to the end. */
    private Slicing blocks(Section section, Padding padding) {
        if (section.has(PipelineKeys.LENGTH)) {
            section.wrong(
                    PipelineKeys.LENGTH,
                    "follows from the hop, as model %s looks %d samples ahead; remove it"
                            .formatted(signature.model(), signature.overlap()));
        }
        Span hop = section.get(PipelineKeys.HOP);
        int step = signature.windowStep();
        int samples = hop == null ? step : samples(section, PipelineKeys.HOP, hop).orElse(step);
        int length = samples + signature.overlap();
        if (signature.objectionToLength(length).isPresent()) {
            section.wrong(
                    PipelineKeys.HOP,
                    "model %s works on blocks of %d samples; give a multiple of that, not %d"
                            .formatted(signature.model(), step, samples));
        }
        return new Slicing(Span.ofSamples(length), Span.ofSamples(samples), padding);
    }

    private Padding padding(Section section) {
        boolean fills = signature != null && signature.fillsMissing();
        boolean continuous = signature != null && signature.isContinuous();
        Padding padding = section.get(PipelineKeys.PADDING);
        if (padding == null) {
            return fills ? Padding.SHIFT : continuous ? Padding.TRIM : Padding.DROP;
        }
        if (continuous && padding != Padding.TRIM) {
            section.wrong(
                    PipelineKeys.PADDING,
                    "model %s goes through a segment up to its end; remove it"
                            .formatted(signature.model()));
        } else if (padding == Padding.TRIM
                && signature != null
                && (fills || signature.result() != SignalFrame.class)) {
            section.wrong(
                    PipelineKeys.PADDING,
                    "trim wants a model that makes a new signal, which %s does not; give another"
                            .formatted(signature.model()));
        }
        return padding;
    }

    /** How many samples a span is, where that is known before the job runs; notes if it is none. */
    private OptionalInt samples(Section section, Key<?> key, Span span) {
        if (span instanceof Span.Samples samples) {
            return OptionalInt.of(samples.count());
        }
        SampleRate rate = shape == null ? null : shape.rate();
        if (rate == null && signature != null) {
            rate = signature.rate();
        }
        if (span == null || rate == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(span.samplesAt(rate));
        } catch (InvalidInputException e) {
            section.wrong(key, e.getMessage());
            return OptionalInt.empty();
        }
    }

    private void checkOffset(Optional<Trigger> trigger, Section window) {
        trigger.map(Trigger::offset)
                .filter(offset -> !offset.isZero())
                .ifPresent(offset -> samples(window, PipelineKeys.TRIGGER, Span.of(offset.abs())));
    }

    /** Notes if what comes out of the transforms is not what a network takes. */
    private void checkFits(ModelSignature wanted, Section section, Key<String> named) {
        if (wanted != null && shape != null) {
            wanted.objectionToRate(shape.rate())
                    .ifPresent(
                            objection ->
                                    section.wrong(
                                            named,
                                            objection + "; add a transform of the type resample"));
            wanted.objectionToChannels(shape.channels())
                    .ifPresent(
                            objection ->
                                    section.wrong(
                                            named,
                                            objection
                                                    + "; the recording has the channels "
                                                    + shape.channels()
                                                    + ": name those to read in source.channels"));
        }
    }

    /**
     * What a model fills is the signal as it was before it was standardised, so that no measured
     * value is rounded twice.
     */
    private void checkScalingIsLast(List<Section> sections, List<TransformSpec> transforms) {
        if (signature == null
                || !signature.fillsMissing()
                || sections.size() != transforms.size()) {
            return;
        }
        for (int i = 0; i < transforms.size(); i++) {
            if (transforms.get(i).transform() instanceof Standardise scaling) {
                boolean isLast =
                        transforms.subList(i, transforms.size()).stream()
                                .allMatch(later -> later.transform() instanceof Standardise);
                if (!isLast) {
                    sections.get(i)
                            .wrong(
                                    Variant.TYPE,
                                    "standardise comes last where a model fills missing values:"
                                            + " what is before it is the signal that is filled;"
                                            + " move it behind the other transforms");
                } else if (scaling.deviation().length != signature.channels()) {
                    sections.get(i)
                            .wrong(
                                    Variant.TYPE,
                                    "standardise has figures for %d channels, and model %s takes %d"
                                            .formatted(
                                                    scaling.deviation().length,
                                                    signature.model(),
                                                    signature.channels()));
                }
            }
        }
    }

    private Optional<DetectionSpec> detection(Section root) {
        if (!root.has(PipelineKeys.DETECTION)) {
            return Optional.empty();
        }
        if (!hasModel || signature != null && signature.result() != AnomalyScore.class) {
            root.wrong(
                    PipelineKeys.DETECTION,
                    "wants scores, which %s does not give; remove it, or name a bundle of an"
                                    .formatted(hasModel ? signature.model() : "no model")
                            + " anomaly detection");
        }
        Section window = root.group(PipelineKeys.WINDOW);
        Padding padding = window.get(PipelineKeys.PADDING);
        if (padding != null && MAKE_UP_SAMPLES.contains(padding)) {
            window.wrong(
                    PipelineKeys.PADDING,
                    "makes up samples, which would be scored; remove it where there is detection");
        }
        Section section = root.group(PipelineKeys.DETECTION);
        Optional<Detection> detection = DetectionReader.read(section, bundle);
        SinkSpec events = sink(section.group(DetectionReader.EVENTS), PipelineKeys.SINKS);
        return detection.map(rule -> new DetectionSpec(rule, events));
    }

    private static SinkSpec sink(Section section, List<Variant> variants) {
        String type = section.type(variants);
        if (type == null) {
            return null;
        }
        String folder = type.equals("kafka") ? null : section.get(PipelineKeys.FOLDER);
        if (folder != null
                && !folder.contains("://")
                && Files.exists(Path.of(folder))
                && !Files.isDirectory(Path.of(folder))) {
            section.wrong(PipelineKeys.FOLDER, folder + " is a file; name a folder");
        }
        return switch (type) {
            case "jsonl" -> new SinkSpec.FileSink(SinkSpec.Format.JSON_LINES, folder);
            case "csv" -> new SinkSpec.FileSink(SinkSpec.Format.CSV, folder);
            default ->
                    kafkaSink(
                            section,
                            variants == PipelineKeys.DEAD_LETTER_SINKS
                                    ? Optional.empty()
                                    : TopicFormats.ofSink(section));
        };
    }

    private static SinkSpec kafkaSink(Section section, Optional<RegistryAccess> registry) {
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
                registry,
                section.get(PipelineKeys.PROPERTIES));
    }

    private Optional<ControlSpec> control(Section root) {
        if (!root.has(PipelineKeys.CONTROL)) {
            return Optional.empty();
        }
        if (!root.has(PipelineKeys.ADAPTATION)) {
            root.wrong(
                    PipelineKeys.CONTROL,
                    "commands are for streams that learn; remove control, or add adaptation");
        }
        Section section = root.group(PipelineKeys.CONTROL);
        return section.type(PipelineKeys.CONTROLS) == null
                ? Optional.empty()
                : Optional.of(
                        new ControlSpec(
                                section.get(PipelineKeys.BOOTSTRAP),
                                section.get(PipelineKeys.TOPIC),
                                section.get(PipelineKeys.PROPERTIES),
                                home.toString()));
    }

    /** The folder of what streams know when they begin; empty if nothing. */
    private String initial(Section root) {
        String location =
                adaptation.adapts()
                        ? root.group(PipelineKeys.ADAPTATION).get(AdaptationReader.INITIAL)
                        : null;
        return location == null ? "" : location;
    }

    private Optional<SinkSpec> lessons(Section root) {
        if (!root.has(PipelineKeys.ADAPTATION)) {
            return Optional.empty();
        }
        Section section = root.group(PipelineKeys.ADAPTATION);
        return section.has(AdaptationReader.EVENTS)
                ? Optional.ofNullable(
                        sink(section.group(AdaptationReader.EVENTS), PipelineKeys.SINKS))
                : Optional.empty();
    }

    private Optional<ErrorsSpec> errors(Section root) {
        if (!root.has(PipelineKeys.ERRORS)) {
            return Optional.empty();
        }
        Section section = root.group(PipelineKeys.ERRORS);
        SinkSpec sink = sink(section, PipelineKeys.ERROR_SINKS);
        if (!hasModel || signature != null && signature.result() != Forecast.class) {
            root.wrong(
                    PipelineKeys.ERRORS,
                    "are those of forecasts, and there is no model that forecasts; remove errors");
        }
        return sink == null
                ? Optional.empty()
                : Optional.of(new ErrorsSpec(sink, section.get(PipelineKeys.OVER)));
    }

    private Optional<CodesSpec> codes(
            Section root, List<Section> steps, List<TransformSpec> transforms) {
        if (!root.has(PipelineKeys.CODES)) {
            return Optional.empty();
        }
        Section section = root.group(PipelineKeys.CODES);
        SinkSpec sink = sink(section, PipelineKeys.CODE_SINKS);
        boolean named = section.has(PipelineKeys.TOKENIZER);
        if (!hasModel) {
            root.wrong(
                    PipelineKeys.CODES,
                    "are given beside a model's results, and there is no model; remove codes");
        } else if (named && givesCodesToo) {
            section.wrong(
                    PipelineKeys.TOKENIZER,
                    "model %s gives codes itself; remove it".formatted(signature.model()));
        } else if (!named && !givesCodesToo && bundle != null) {
            root.wrong(
                    PipelineKeys.CODES,
                    "wants a model that gives codes beside its results, and %s does not; remove"
                                    .formatted(signature.model())
                            + " codes, or name a tokenizer's bundle in codes.bundle");
        }
        Optional<TokenizerSpec> tokenizer =
                named && hasModel ? tokenizer(section, steps, transforms) : Optional.empty();
        return sink == null ? Optional.empty() : Optional.of(new CodesSpec(sink, tokenizer));
    }

    private Optional<TokenizerSpec> tokenizer(
            Section section, List<Section> steps, List<TransformSpec> transforms) {
        String location = section.get(PipelineKeys.TOKENIZER);
        Optional<OpenBundle> opened =
                opened(section, PipelineKeys.TOKENIZER, location, AdaptationSettings.FROZEN);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        ModelSignature own = opened.get().signature();
        if (own.result() != TokenFrame.class && !opened.get().givesCodesToo()) {
            section.wrong(
                    PipelineKeys.TOKENIZER,
                    "%s gives no codes; name the bundle of a tokenizer".formatted(own.model()));
            return Optional.empty();
        }
        checkFits(own, section, PipelineKeys.TOKENIZER);
        return Optional.of(
                new TokenizerSpec(location, own, fitted(steps, transforms, opened.get().bundle())));
    }

    /** The transforms from the first on that goes by the model's bundle, but by another bundle. */
    private List<TransformSpec> fitted(
            List<Section> steps, List<TransformSpec> transforms, ModelBundle other) {
        List<TransformSpec> fitted = new ArrayList<>();
        if (steps.size() != transforms.size()) {
            return fitted; // what is wrong with them has been noted
        }
        for (int i = 0; i < transforms.size(); i++) {
            TransformSpec step = transforms.get(i);
            if (TransformType.goesByTheBundle(steps.get(i))) {
                TransformType.read(
                                steps.get(i),
                                new TransformType.Context(
                                        shapesBefore.get(i), hasModel, false, other))
                        .map(made -> new TransformSpec(step.id(), step.type(), made))
                        .ifPresent(fitted::add);
            } else if (!fitted.isEmpty()) {
                fitted.add(step);
            }
        }
        return fitted;
    }

    /**
     * Beside the topic that is read, unless another place is named; reached as that one is, for
     * what else a consumer is told means nothing to a producer, or something else.
     */
    private SinkSpec deadLetters(Section root, SourceSpec source) {
        if (root.has(PipelineKeys.DEAD_LETTERS)) {
            return sink(root.group(PipelineKeys.DEAD_LETTERS), PipelineKeys.DEAD_LETTER_SINKS);
        }
        if (source instanceof KafkaSource kafka) {
            return new SinkSpec.KafkaSink(
                    kafka.bootstrap(),
                    kafka.topic() + ".dlq",
                    false,
                    null,
                    Optional.empty(),
                    new Settings(ConnectionSettings.among(kafka.properties().values())));
        }
        root.wrong(
                PipelineKeys.DEAD_LETTERS,
                "is missing: " + PipelineKeys.DEAD_LETTERS.description());
        return null;
    }
}
