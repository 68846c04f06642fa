/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.connectors.kafka.AvroFrames;
import io.thalamus.connectors.kafka.ConfluentFrames;
import io.thalamus.connectors.kafka.FrameFormat;
import io.thalamus.connectors.kafka.JsonFrames;
import io.thalamus.connectors.kafka.PcmFrames;
import io.thalamus.connectors.kafka.RegistryAccess;
import io.thalamus.connectors.kafka.StreamHeader;
import io.thalamus.connectors.recording.CsvOptions;
import io.thalamus.connectors.recording.EdfFile;
import io.thalamus.connectors.recording.Looping;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.connectors.recording.RecordingOptions;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.jobs.ChannelMean;
import io.thalamus.jobs.RepeatLast;
import io.thalamus.jobs.SquareScores;
import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.operators.signal.amplitude.GapFill;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.connector.source.Boundedness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineSpecTest {
    private static final String RIGHT =
            """
            name: tiny
            source:
              type: csv
              path: load.csv
              channels: [a, b]
              interval: 1h
              from: 2020-01-01 00:00:00
              frame: 3
            transforms:
              - {id: fill, type: fill-missing, limit: 2}
              - {id: scale, type: standardise, statistics: bundle}
            window: {length: 4, hop: 2}
            model: {bundle: bundle, batch: {size: 8, delay: 20ms}}
            sink: {type: jsonl, path: out/forecasts}
            dead-letters: {type: jsonl, path: out/dead-letters}
            """;

    private static final String WITHOUT_MODEL =
            """
            name: plain
            source: {type: csv, path: load.csv}
            transforms:
              - {id: fill, type: fill-missing, limit: 2}
            sink: {type: csv, path: out/frames}
            annotations: {type: csv, path: out/remarks}
            dead-letters: {type: jsonl, path: out/dead-letters}
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeWhatThePipelineNames() throws IOException {
        Files.writeString(
                folder.resolve("load.csv"),
                "date,a,b\n2020-01-01 00:00:00,1,2\n2020-01-01 01:00:00,1,2\n");
        RepeatLast.bundle(folder.resolve("bundle"), 4, 2);
    }

    @Test
    void readsEveryKey() throws IOException {
        PipelineSpec spec = load(RIGHT);

        assertThat(spec.name()).isEqualTo("tiny");
        SourceSpec.CsvSource source = (SourceSpec.CsvSource) spec.source();
        assertThat(source.path()).isEqualTo(folder.resolve("load.csv").toString());
        CsvOptions options = source.options();
        assertThat(options.channels()).containsExactly("a", "b");
        assertThat(options.rate()).isEqualTo(SampleRate.ofPeriod(Duration.ofHours(1)));
        assertThat(options.from()).isEqualTo(Instant.parse("2020-01-01T00:00:00Z"));
        assertThat(options.to()).isNull();
        assertThat(options.frameLength()).isEqualTo(3);
        assertThat(source.pacing()).isEqualTo(Pacing.MAX);
        assertThat(spec.order().reorder()).isZero();
        assertThat(spec.transforms())
                .extracting(TransformSpec::id)
                .containsExactly("fill", "scale");
        assertThat(spec.window()).contains(Slicing.ofSamples(4, 2));
        PipelineSpec.ModelSpec model = spec.model().orElseThrow();
        assertThat(model.batch()).isEqualTo(new PipelineSpec.BatchSpec(8, 20));
        assertThat(model.engine()).isEqualTo("mxnet");
        assertThat(spec.sink())
                .isEqualTo(
                        new SinkSpec.FileSink(
                                SinkSpec.Format.JSON_LINES,
                                folder.resolve("out/forecasts").toString()));
    }

    @Test
    void findsTransformsByTypeAndStatisticsByChannelName() throws IOException {
        List<TransformSpec> transforms = load(RIGHT).transforms();

        assertThat(transforms.get(0).transform()).isEqualTo(new FillMissing(2));
        assertThat(applied(transforms.get(1), 12, 16)).containsExactly(1, -1);
    }

    @Test
    void reportsThreeMistakesAtOnceWithPathLineAndRemedy() {
        assertThat(
                        problems(
                                RIGHT.replace("type: fill-missing", "type: fill-mising")
                                        .replace("hop: 2", "hopp: 2")
                                        .replace("delay: 20ms", "delay: 20")))
                .extracting(Problem::toString)
                .containsExactly(
                        "line 10: transforms[0].type: unknown type 'fill-mising'; did you mean"
                                + " 'fill-missing'?",
                        "line 12: window.hopp: unknown key 'hopp'; did you mean 'hop'?",
                        "line 13: model.batch.delay: '20' has no unit; write 20ms or 20s");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "name: tiny | noname: x | line 1 | name | is missing",
                "name: tiny | name: a/b | line 1 | name | holds a slash",
                "type: csv | type: cvs | line 3 | source.type | did you mean 'csv'",
                "path: load.csv | path: lost.csv | line 4 | source.path | there is no file",
                "'channels: [a, b]' | 'channels: [a, a]' | line 5 | source.channels | twice",
                "'channels: [a, b]' | 'channels: a' | line 5 | source.channels | must be a list",
                "interval: 1h | interval: 1 hour | line 6 | source.interval | unknown unit",
                "interval: 1h | interval: soon | line 6 | source.interval | 50ms or 1h",
                "from: 2020-01-01 00:00:00 | from: yesterday | line 7 | source.from | iso",
                "frame: 3 | rate: 1/3600 | line 8 | source.rate | either rate or interval",
                "interval: 1h | rate: 0.5 | line 6 | source.rate | such as 44100, or a ratio",
                "interval: 1h | rate: 1/0 | line 6 | source.rate | positive ratio",
                "interval: 1h | rate: 600000000 | line 6 | source.rate | at most 500 MHz",
                "frame: 3 | frame: 0 | line 8 | source.frame | at least 1",
                "frame: 3 | frame: many | line 8 | source.frame | whole number",
                "frame: 3 | frame: 2000000 | line 8 | source.frame | 1 to 1048576 samples",
                "frame: 3 | delimiter: \u00e9 | line 8 | source.delimiter | one ASCII character",
                "interval: 1h | interval: 1ns | line 6 | source.interval | at most 500 MHz",
                "frame: 3 | speed: -1 | line 8 | source.speed | above zero",
                "frame: 3 | zone: Mars | line 8 | source.zone | time zone",
                "frame: 3 | to: 2019-01-01 00:00:00 | line 8 | source.to | later than",
                "id: scale | id: fill | line 11 | transforms[1].id | earlier step",
                "id: scale | id: a b | line 11 | transforms[1].id | small letters",
                "statistics: bundle | 'mean: [1, 2]' | line 11 | transforms[1].deviation | is"
                        + " missing",
                "statistics: bundle | 'mean: [1, 2], deviation: [1, 0]' | line 11 |"
                        + " transforms[1].deviation | above 0",
                "statistics: bundle | 'mean: [1, x], deviation: [1, 1]' | line 11 |"
                        + " transforms[1].mean | element 1",
                "statistics: bundle | 'mean: [1], deviation: [1]' | line 11 | transforms[1].mean |"
                        + " 2 channels",
                "length: 4 | length: 5 | line 12 | window.length | takes windows of 4 samples",
                "hop: 2 | hop: 0 | line 12 | window.hop | at least 1",
                "length: 4 | length: 5h | line 12 | window.length | windows of 4 samples, not 5",
                "length: 4 | length: 90min | line 12 | window.length | no whole number of samples",
                "hop: 2 | hop: 90min | line 12 | window.hop | no whole number of samples at 1/3600",
                "hop: 2 | hop: 0h | line 12 | window.hop | longer than nothing",
                "hop: 2 | 'hop: 2, padding: edges' | line 12 | window.padding | 'edge'",
                "bundle: bundle | bundle: nowhere | line 13 | model.bundle | is no bundle",
                "delay: 20ms | delay: 20parsecs | line 13 | model.batch.delay | the units are",
                "bundle: bundle | 'bundle: bundle, engine: mxnett' | line 13 | model.engine |"
                        + " mxnet",
                "'sink: {type: jsonl, path: out/forecasts}' | 'sink: 5' | line 14 | sink | a group"
                        + " of keys",
                "path: out/forecasts | path: load.csv | line 14 | sink.path | name a folder",
            })
    void saysWhatWouldBeRight(String right, String wrong, String line, String path, String words) {
        assertThat(problems(RIGHT.replace(right, wrong)))
                .anySatisfy(
                        problem ->
                                assertThat(problem.toString())
                                        .startsWith(line + ": " + path + ": ")
                                        .contains(words));
    }

    @Test
    void aRateMayBeGivenInsteadOfAnInterval() throws IOException {
        assertThat(rate("44100")).isEqualTo(SampleRate.ofHertz(44_100));
        assertThat(rate("1/3600")).isEqualTo(SampleRate.ofPeriod(Duration.ofHours(1)));
        assertThat(rate("30000 / 1001")).isEqualTo(new SampleRate(30_000, 1001));
    }

    private SampleRate rate(String text) throws IOException {
        PipelineSpec spec = load(RIGHT.replace("interval: 1h", "rate: " + text));
        return ((SourceSpec.CsvSource) spec.source()).options().rate();
    }

    @Test
    void withoutAModelThePreparedFramesAreTheResults() throws IOException {
        PipelineSpec spec = load(WITHOUT_MODEL);

        assertThat(spec.model()).isEmpty();
        assertThat(spec.window()).isEmpty();
        assertThat(spec.annotations())
                .contains(
                        new SinkSpec.FileSink(
                                SinkSpec.Format.CSV, folder.resolve("out/remarks").toString()));
        assertThat(load(RIGHT).annotations()).isEmpty();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "limit: 2} | 'limit: 2}\nwindow: {hop: 2}' | window | remove window, or add model",
                "'fill-missing, limit: 2' | 'standardise, statistics: bundle' |"
                        + " transforms[0].statistics | there is no model",
                "path: out/remarks | path: load.csv | annotations.path | name a folder",
                "type: csv, path: out/remarks | type: xml | annotations.type | unknown type 'xml'"
            })
    void saysWhatWouldBeRightWithoutAModel(String right, String wrong, String path, String words) {
        hasOneProblem(WITHOUT_MODEL.replace(right, wrong.replace("\\n", "\n")), path, words);
    }

    /** With a model that fills missing values. */
    private String filling() {
        ChannelMean.bundle(folder.resolve("filling"), 4, true);
        return RIGHT.replace("bundle: bundle", "bundle: filling");
    }

    @Test
    void aModelThatFillsMissingValuesMayBeLeftTheGaps() throws IOException {
        PipelineSpec spec =
                load(filling() + "order: {gap: fill, fill: {method: model, limit: 3}}\n");

        assertThat(spec.order().fill())
                .isEqualTo(new GapFill(GapFill.Method.MODEL, Span.ofSamples(3)));
        assertThat(spec.window().orElseThrow().padding()).isEqualTo(Padding.SHIFT);
        assertThat(load(filling().replace("hop: 2", "hop: 2, padding: drop")).window())
                .get()
                .extracting(Slicing::padding)
                .isEqualTo(Padding.DROP);
        assertThat(load(RIGHT).window().orElseThrow().padding()).isEqualTo(Padding.DROP);
    }

    @Test
    void gapsAreLeftToNoOtherModel() {
        String order = "order: {gap: fill, fill: {method: model, limit: 3}}\n";
        String words = "model wants a model that fills missing values; give its bundle, or";
        hasOneProblem(RIGHT + order, "order.fill.method", words);
        hasOneProblem(WITHOUT_MODEL + order, "order.fill.method", words);
    }

    @Test
    void errorsAreThoseOfForecasts() throws IOException {
        String errors = "errors: {type: csv, path: out/errors, over: 20}\n";
        PipelineSpec spec = load(RIGHT + errors);
        SinkSpec sink =
                new SinkSpec.FileSink(SinkSpec.Format.CSV, folder.resolve("out/errors").toString());
        assertThat(spec.errors()).contains(new PipelineSpec.ErrorsSpec(sink, 20));
        assertThat(spec.sinks()).contains(sink);
        assertThat(load(RIGHT).errors()).isEmpty();
        assertThat(load(RIGHT + errors.replace(", over: 20", "")).errors())
                .contains(new PipelineSpec.ErrorsSpec(sink, 100));
        hasOneProblem(filling() + errors, "errors", "no model that forecasts; remove errors");
        hasOneProblem(WITHOUT_MODEL + errors, "errors", "no model that forecasts; remove errors");
        hasOneProblem(RIGHT + errors.replace("20", "0"), "errors.over", "at least 1");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "hop: 2 | hop: 5 | window.hop | left out of it; give at most 4 samples",
                "hop: 2 | hop: 5h | window.hop | left out of it; give at most 4 samples",
                "'id: fill, type: fill-missing, limit: 2' | 'id: fill, type: standardise,"
                        + " statistics: bundle}\n  - {id: late, type: gain, factor: 2' |"
                        + " transforms[0].type | standardise comes last"
            })
    void saysWhatAFilledSignalWants(String right, String wrong, String path, String words) {
        hasOneProblem(filling().replace(right, wrong.replace("\\n", "\n")), path, words);
    }

    @Test
    void windowsOfAFilledSignalMayFollowOnOneAnother() throws IOException {
        assertThat(load(filling().replace("hop: 2", "hop: 4")).window())
                .contains(new Slicing(Span.ofSamples(4), Span.ofSamples(4), Padding.SHIFT));
    }

    @Test
    void aSignalMayBeTrimmedToItsSegment() throws IOException {
        ChannelMean.bundle(folder.resolve("negating"), 4, false);
        String trimmed = RIGHT.replace("hop: 2", "hop: 2, padding: trim");
        assertThat(load(trimmed.replace("bundle: bundle", "bundle: negating")).window())
                .contains(new Slicing(Span.ofSamples(4), Span.ofSamples(2), Padding.TRIM));
        String words = "trim wants a model that makes a new signal";
        hasOneProblem(trimmed, "window.padding", words);
        hasOneProblem(
                filling().replace("hop: 2", "hop: 2, padding: trim"), "window.padding", words);
    }

    /** With a model of scores, whose windows start where the channel t rises. */
    private String triggered() throws IOException {
        Files.writeString(
                folder.resolve("cued.csv"),
                "date,a,b,t\n2020-01-01 00:00:00,1,2,0\n2020-01-01 01:00:00,1,2,5\n");
        SquareScores.bundle(folder.resolve("scores"), 4);
        return RIGHT.replace("load.csv", "cued.csv")
                .replace("[a, b]", "[a, b, t]")
                .replace("hop: 2", "trigger: {channel: t, level: 2, offset: -1h}")
                .replace("bundle: bundle", "bundle: scores");
    }

    @Test
    void aTriggerStartsWindowsAndGoesPastTheTransforms() throws IOException {
        PipelineSpec spec = load(triggered());

        assertThat(spec.trigger()).contains(new Trigger("t", 2, Duration.ofHours(-1)));
        assertThat(spec.window()).contains(Slicing.ofSamples(4, 4));
        assertThat(spec.order().checks().switches()).containsExactly("t");
        assertThat(load(triggered().replace(", level: 2, offset: -1h", "")).trigger())
                .contains(new Trigger("t", 0.5, Duration.ZERO));
        assertThat(load(RIGHT).trigger()).isEmpty();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "channel: t | channel: x | window.trigger.channel | no trigger channel x; the"
                        + " channels are [a, b, t]",
                "length: 4 | 'length: 4, hop: 2' | window.hop | does not go with trigger",
                "length: 4 | 'length: 4, padding: edge' | window.padding | does not go with"
                        + " trigger",
                "offset: -1h | offset: -90min | window.trigger | no whole number of samples",
                "offset: -1h | offset: soon | window.trigger.offset | is no duration",
                "bundle: scores | bundle: bundle | window.trigger | gives a Forecast, which wants"
                        + " windows that follow one another",
            })
    void saysWhatATriggerWants(String right, String wrong, String path, String words)
            throws IOException {
        hasOneProblem(triggered().replace(right, wrong), path, words);
    }

    @Test
    void statisticsMayMoveOnWhereNothingIsBroughtBackToTheDatasUnits() throws IOException {
        String running = "type: standardise-running, time-constant: 10h";
        String bundled = "type: standardise, statistics: bundle";
        assertThat(load(triggered().replace(bundled, running)).transforms()).hasSize(2);
        hasOneProblem(
                RIGHT.replace(bundled, running), "transforms[1].type", "statistics that move on");
        hasOneProblem(
                filling().replace(bundled, running),
                "transforms[1].type",
                "statistics that move on");
    }

    @Test
    void codesAreThoseOfAModelThatGivesThem() throws IOException {
        String codes = "codes: {type: jsonl, path: out/codes}\n";
        hasOneProblem(triggered() + codes, "codes", "and scores does not; remove codes");
        hasOneProblem(WITHOUT_MODEL + codes, "codes", "and there is no model; remove codes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenize-seeg | duin-codes | model duin-codes gives codes itself; remove it",
                "decode-seeg | duin-words | duin-words gives no codes; name the bundle of a",
                "decode-seeg | timesnet-etth1-96-96 | timesnet-etth1-96-96 gives no codes; name",
                "decode-seeg | nothing | nothing is no bundle: a folder with config.json"
            })
    void saysWhatATokenizerBesideAModelIs(String pipeline, String bundle, String words) {
        String setting = "codes.bundle=../pipelines/bundles/" + bundle;
        assertThatThrownBy(() -> preset(pipeline, setting))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("codes.bundle")
                .hasMessageContaining(words);
    }

    @Test
    void aTokenizerTakesWhatComesOutOfTheTransforms() {
        assertThatThrownBy(() -> preset("decode-seeg", "transforms.rate.rate=50"))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("model duin-words takes 100 Hz, not 50 Hz")
                .hasMessageContaining("model duin-codes takes 100 Hz, not 50 Hz");
    }

    /** The last of five transforms goes by the bundle. */
    @Test
    void aTokenizerHasWhatGoesByTheBundleOfItsOwn() {
        PipelineSpec spec = preset("decode-seeg");
        assertThat(spec.tokenizer().orElseThrow().fitted())
                .map(TransformSpec::id)
                .containsExactly("scale");
        String figures =
                "transforms.scale={id: scale, type: standardise-running, time-constant: 9s}";
        assertThat(preset("decode-seeg", figures).tokenizer().orElseThrow().fitted()).isEmpty();
        assertThat(preset("tokenize-seeg").tokenizer()).isEmpty();
    }

    @Test
    void aPreparationIsWhatComesBeforeTheModel() {
        PipelineSpec spec =
                PipelineSpec.loadPreparation(
                        Path.of("../pipelines/decode-seeg.yaml"), List.of("model.bundle=none"));
        assertThat(spec.transforms())
                .map(TransformSpec::id)
                .containsExactly("montage", "mains", "firing", "rate");
        assertThat(spec.trigger()).isEqualTo(preset("decode-seeg").trigger()).isPresent();
        assertThat(spec.model()).isEmpty();
        assertThat(spec.codes()).isEmpty();
        assertThat(spec.window()).isEmpty();
    }

    /** Otherwise the network would learn from other signals than the pipeline gives it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{id: scale, type: gain, factor: 2}",
                "{id: scale, type: standardise-running, time-constant: 9s}"
            })
    void aPreparationIsStandardisedByTheTraining(String scale) {
        assertThatThrownBy(
                        () ->
                                PipelineSpec.loadPreparation(
                                        Path.of("../pipelines/decode-seeg.yaml"),
                                        List.of("transforms.scale=" + scale)))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("transforms: a network learns from signals that are")
                .hasMessageContaining(
                        "add {id: scale, type: standardise, statistics: bundle} as the last");
    }

    private static PipelineSpec preset(String name, String... settings) {
        return PipelineSpec.load(Path.of("../pipelines", name + ".yaml"), List.of(settings));
    }

    /** With the shipped echo canceller. */
    private static Slicing blocks(String... settings) {
        List<String> all = new ArrayList<>(List.of("window="));
        all.addAll(List.of(settings));
        return PipelineSpec.load(Path.of("../pipelines/echo.yaml"), all).window().orElseThrow();
    }

    private static Slicing block(int frames) {
        int hop = 256 * frames;
        return new Slicing(Span.ofSamples(hop + 256), Span.ofSamples(hop), Padding.TRIM);
    }

    @Test
    void theBlockOfAModelThatGoesThroughASegmentIsTheHop() {
        assertThat(blocks()).isEqualTo(block(1));
        assertThat(blocks("window.hop=256")).isEqualTo(block(1));
        assertThat(blocks("window.hop=128ms")).isEqualTo(block(8));
        assertThat(blocks("window.hop=8192")).isEqualTo(block(32));
        assertThat(blocks("window.hop=16ms", "window.padding=trim")).isEqualTo(block(1));
        String kafka = "source={type: kafka, bootstrap: 'b:9092', topic: t, group: g}";
        assertThat(blocks("window.hop=32ms", kafka)).isEqualTo(block(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "window.hop=100 | window.hop | works on blocks of 256 samples; give a multiple",
                "window.hop=10ms | window.hop | give a multiple of that, not 160",
                "window.length=512 | window.length | looks 256 samples ahead; remove it",
                "window.padding=zeros | window.padding | up to its end; remove it"
            })
    void saysWhatABlockIs(String setting, String path, String words) {
        assertThatThrownBy(() -> blocks(setting))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining(path)
                .hasMessageContaining(words);
    }

    @Test
    void aRangeOfTimeThatEndsWhereItBeginsIsEmpty() {
        String from = "from: 2020-01-01 00:00:00";
        hasOneProblem(
                RIGHT.replace(from, from + "\n  to: 2020-01-01 00:00:00"),
                "source.to",
                "must be later than 'from'");
    }

    private void hasOneProblem(String yaml, String path, String words) {
        assertThat(problems(yaml))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.path()).isEqualTo(path);
                            assertThat(problem.message()).contains(words);
                        });
    }

    @Test
    void aWindowMayBeGivenInTime() throws IOException {
        Slicing window =
                load(RIGHT.replace(
                                "length: 4, hop: 2", "length: 4h, hop: 120min, padding: reflect"))
                        .window()
                        .orElseThrow();

        assertThat(window)
                .isEqualTo(
                        new Slicing(
                                Span.of(Duration.ofHours(4)),
                                Span.of(Duration.ofHours(2)),
                                Padding.REFLECT));
        assertThat(window.at(SampleRate.ofPeriod(Duration.ofHours(1))))
                .isEqualTo(new FrameSlicer(4, 2, Padding.REFLECT));
    }

    @Test
    void readsTheFormatsOfTopics() throws IOException {
        assertThat(format("")).isEqualTo(new AvroFrames());
        assertThat(format(", format: pcm, stream: {rate: 8000, channels: [l, r], encoding: s16le}"))
                .isEqualTo(
                        new PcmFrames(
                                new StreamHeader(null, SampleRate.ofHertz(8000), List.of("l", "r")),
                                PcmEncoding.S16LE,
                                true));
        assertThat(
                        format(
                                ", format: json, stream: {id: s, rate: 1, channels: [a/b],"
                                        + " time: /t, time-format: epoch-millis, sequence: /n}"))
                .isEqualTo(
                        new JsonFrames(
                                new StreamHeader("s", SampleRate.ofHertz(1), List.of("a/b")),
                                List.of("/a~1b"),
                                "/t",
                                new TimeFormat(TimeFormat.EPOCH_MILLIS, ZoneOffset.UTC),
                                "/n"));
        assertThat(format(", format: confluent, registry: {url: 'http://r:1/x'}"))
                .isEqualTo(
                        new ConfluentFrames(
                                new RegistryAccess(URI.create("http://r:1/x"), Map.of())));
    }

    private FrameFormat format(String more) throws IOException {
        return ((SourceSpec.KafkaSource) load(fromTopic(more)).source()).format();
    }

    private static String fromTopic(String more) {
        return """
               name: t
               source: {type: kafka, bootstrap: 'b:1', topic: in, group: g%s}
               sink: {type: jsonl, path: out/frames}
               """
                .formatted(more);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "', format: pcm' | source.stream | is missing",
                "', format: xml' | source.format | there is: avro",
                "', format: confluent' | source.registry | is missing",
                "', registry: {url: ''http://r''}' | source.registry | goes with the format"
                        + " confluent",
                "', stream: {rate: 1}' | source.stream | goes with the formats pcm and json",
                "', format: confluent, registry: {url: r}' | source.registry.url | an address",
                "', format: confluent, registry: {url: ''http://r'', properties: {token: x}}' |"
                        + " source.registry.properties | no property token",
                "', format: pcm, stream: {rate: 1, channels: [a, a], encoding: f32le}' |"
                        + " source.stream.channels | no two of one name",
                "', format: pcm, stream: {rate: 1, channels: [a], encoding: s8}' |"
                        + " source.stream.encoding | did you mean 'u8'",
                "', format: pcm, stream: {rate: 1, channels: [a], encoding: f32le, time: /t}' |"
                        + " source.stream.time | unknown key",
                "', format: json, stream: {rate: 1, channels: [a], values: [t]}' | source.stream |"
                        + " JSON pointer"
            })
    void saysWhatIsWrongWithAFormat(String more, String path, String words) {
        hasOneProblem(fromTopic(more), path, words);
    }

    @Test
    void theChannelsOfARawTopicAreKnownBeforeTheyCome() {
        assertThat(
                        problems(
                                fromTopic(
                                                ", format: pcm, stream: {rate: 8000, channels: [l],"
                                                        + " encoding: s16le}")
                                        + "transforms: [{id: low, type: butterworth, kind:"
                                        + " low-pass, cutoffs: [4000], order: 2}]\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).startsWith("transforms[0]"));
    }

    @Test
    void deadLettersOfATopicGoBesideIt() throws IOException {
        String properties =
                ", properties: {security.protocol: SSL, interceptor.classes: of.Consumers,"
                        + " client.id: c, max.poll.records: 10}";
        assertThat(load(fromTopic(properties)).deadLetters())
                .isEqualTo(
                        new SinkSpec.KafkaSink(
                                "b:1",
                                "in.dlq",
                                false,
                                null,
                                Optional.empty(),
                                new Settings(
                                        Map.of("security.protocol", "SSL", "client.id", "c"))));
        assertThat(problems(RIGHT.replaceAll("(?m)^dead-letters.*\n", "")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).isEqualTo("dead-letters"));
    }

    @Test
    void exactlyOnceNeedsAPrefix() {
        assertThat(
                        problems(
                                RIGHT.replace(
                                        "sink: {type: jsonl, path: out/forecasts}",
                                        "sink: {type: kafka, bootstrap: 'b:9092', topic: t}")))
                .singleElement()
                .satisfies(
                        problem ->
                                assertThat(problem.path())
                                        .isEqualTo("sink.transactional-id-prefix"));
    }

    @Test
    void neverPrintsSettingsOfAClient() throws IOException {
        String secret = "p4ssw0rd";
        String withSecret =
                RIGHT.replace(
                        "sink: {type: jsonl, path: out/forecasts}",
                        """
                        sink:
                          type: kafka
                          bootstrap: b:9092
                          topic: t
                          guarantee: at-least-once
                          properties:
                            sasl.jaas.config: %s
                        """
                                .formatted(secret));

        SinkSpec.KafkaSink sink = (SinkSpec.KafkaSink) load(withSecret).sink();

        assertThat(sink.properties().values()).containsEntry("sasl.jaas.config", secret);
        assertThat(sink.toString()).contains("sasl.jaas.config").doesNotContain(secret);
        assertThat(problems(withSecret.replace(secret, "[" + secret + "]")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).doesNotContain(secret));
    }

    @Test
    void overridesComeBeforeChecksAndStartAtTheWorkingDirectory() throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), RIGHT);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.copy(folder.resolve("load.csv"), elsewhere.resolve("other.csv"));

        PipelineSpec spec =
                PipelineReader.read(
                        file,
                        List.of(
                                "source.path=other.csv",
                                "transforms[0].limit=9",
                                "transforms.scale.statistics=",
                                "transforms.scale.mean=[1, 2]",
                                "transforms.scale.deviation=[3, 4]",
                                "window.hop=",
                                "order.reorder=5"),
                        elsewhere);

        assertThat(((SourceSpec.CsvSource) spec.source()).path())
                .isEqualTo(elsewhere.resolve("other.csv").toString());
        assertThat(spec.transforms().get(0).transform()).isEqualTo(new FillMissing(9));
        assertThat(applied(spec.transforms().get(1), 4, 10)).containsExactly(1, 2);
        assertThat(spec.window().orElseThrow().hop()).isEqualTo(Span.ofSamples(4));
        assertThat(spec.order().reorder()).isEqualTo(5);
    }

    @Test
    void saysWhichOverrideIsWrong() throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), RIGHT);

        InvalidPipelineException thrown =
                catchThrowableOfType(
                        InvalidPipelineException.class,
                        () ->
                                PipelineSpec.load(
                                        file,
                                        List.of(
                                                "window.hop=none",
                                                "transforms[7].limit=1",
                                                "name.first=x",
                                                "hop",
                                                "sorce.frame=1",
                                                "sink.path=[")));

        assertThat(thrown.problems())
                .extracting(Problem::toString)
                .satisfiesExactlyInAnyOrder(
                        p -> assertThat(p).startsWith("--set: window.hop: 'none' is no whole"),
                        p ->
                                assertThat(p)
                                        .startsWith("--set: transforms[7].limit: the list has no"),
                        p -> assertThat(p).startsWith("--set: name.first: first leads into 'tiny'"),
                        p -> assertThat(p).startsWith("--set: an override is written key=value"),
                        p -> assertThat(p).startsWith("--set: sorce: unknown key 'sorce'; did you"),
                        p -> assertThat(p).startsWith("--set: is no YAML"));
    }

    @Test
    void namesOfClientSettingsMayHoldDots() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("p.yaml"),
                        RIGHT.replace(
                                "sink: {type: jsonl, path: out/forecasts}",
                                "sink: {type: kafka, bootstrap: 'b:1', topic: t, guarantee:"
                                        + " at-least-once}"));

        PipelineSpec spec = PipelineSpec.load(file, List.of("sink.properties.linger.ms=5"));

        assertThat(((SinkSpec.KafkaSink) spec.sink()).properties().values())
                .containsExactly(java.util.Map.entry("linger.ms", "5"));
    }

    @Test
    void aFileThatIsNoYamlIsOneProblemWithItsLine() {
        assertThat(problems("name: x\nsource: {type: csv\nmodel: }{"))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.line()).isGreaterThan(1);
                            assertThat(problem.message()).contains("no YAML");
                        });
        assertThat(problems("")).hasSize(1);
        assertThat(problems("- a\n- b\n")).hasSize(1);
        assertThat(problems(RIGHT + "name: again\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("twice"));
    }

    @Test
    void aMissingFileIsAMistakeOfTheCall() {
        InvalidPipelineException thrown =
                catchThrowableOfType(
                        InvalidPipelineException.class,
                        () -> PipelineSpec.load(folder.resolve("none.yaml"), List.of()));

        assertThat(thrown).hasMessageContaining("there is no such file");
    }

    @Test
    void refusesARateThatTheModelDoesNotTake() throws IOException {
        Path config = folder.resolve("bundle/config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("\"channels\"", "\"hertz\": 50, \"channels\""));

        hasOneProblem(
                RIGHT,
                "model.bundle",
                "model bundle takes 50 Hz, not 1/3600 Hz; add a transform of the type resample");
    }

    @Test
    void aDamagedBundleIsNoMistakeOfThePipeline() throws IOException {
        Files.writeString(folder.resolve("bundle/config.json"), "{\"architecture\": ");
        Path file = Files.writeString(folder.resolve("p.yaml"), RIGHT);

        InvalidInputException thrown =
                catchThrowableOfType(
                        InvalidInputException.class, () -> PipelineSpec.load(file, List.of()));

        assertThat(thrown).hasMessageContaining("config.json");
        assertThat(problems(RIGHT.replace("hop: 2", "hop: 0"))).hasSize(1);
    }

    @Test
    void findsDamagedWeightsBeforeAnythingRuns() throws IOException {
        Path weights = folder.resolve("bundle/weights.safetensors");
        Files.write(weights, new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', '}'});

        assertThat(catchThrowableOfType(InvalidInputException.class, () -> load(RIGHT)))
                .hasMessageContaining("weights.safetensors is damaged");

        Files.delete(weights);
        assertThat(catchThrowableOfType(InvalidInputException.class, () -> load(RIGHT)))
                .hasMessageContaining("weights.safetensors does not exist");
    }

    @Test
    void aGlobMayStandForFolders() throws IOException {
        Path day = Files.createDirectories(folder.resolve("days/monday"));
        Files.copy(folder.resolve("load.csv"), day.resolve("load.csv"));

        SourceSpec.CsvSource source =
                (SourceSpec.CsvSource)
                        load(RIGHT.replace("path: load.csv", "path: days/*/load.csv")).source();

        assertThat(source.recordings().describe()).hasSize(1);
        assertThat(
                        catchThrowableOfType(
                                InvalidInputException.class,
                                () -> load(RIGHT.replace("path: load.csv", "path: d?/*/x.csv"))))
                .hasMessageContaining("no recording was found");
    }

    @Test
    void aRecordingSaysItselfWhatItIs() throws IOException {
        Files.write(
                folder.resolve("a.edf"),
                EdfFile.edf("")
                        .signal("x", 4)
                        .signal("y", 4)
                        .record(new int[4], new int[4])
                        .bytes());

        PipelineSpec spec =
                load(recording("path: a.edf, channels: [y], start: 2024-01-01T12:00, frame: 8"));

        assertThat(spec.source())
                .isEqualTo(
                        new SourceSpec.RecordingSource(
                                folder.resolve("a.edf").toString(),
                                new RecordingOptions(
                                        8, Instant.parse("2024-01-01T12:00:00Z"), List.of("y")),
                                Pacing.MAX,
                                Looping.NONE));
        assertThat(spec.source().ends()).isTrue();
        assertThat(problems(recording("path: a.edf, start: noon")).get(0).toString())
                .endsWith("source.start: 'noon' is no time written as iso");
        assertThat(problems(recording("path: b.edf")).get(0).toString())
                .contains("source.path: there is no file");
        assertThat(problems(recording("path: a.edf, channels: [x, x]")).get(0).toString())
                .contains("source.channels: names a channel twice: [x, x]");
        assertThat(
                        catchThrowableOfType(
                                InvalidInputException.class,
                                () -> load(recording("path: a.edf, channels: [z]"))))
                .hasMessageContaining("has no channel 'z': its channels are [x, y]");
    }

    @Test
    void aRecordingThatIsLoopedWithoutEndHasNone() throws IOException {
        Files.write(
                folder.resolve("a.edf"), EdfFile.edf("").signal("x", 4).record(new int[4]).bytes());

        assertThat(load(recording("path: a.edf, loop: 3")).source().ends()).isTrue();
        assertThat(load(recording("path: a.edf, loop: false")).source().ends()).isTrue();
        SourceSpec.Recorded endless =
                (SourceSpec.Recorded) load(recording("path: a.edf, loop: true")).source();
        assertThat(endless.ends()).isFalse();
        assertThat(endless.recordings().getBoundedness())
                .isEqualTo(Boundedness.CONTINUOUS_UNBOUNDED);
        assertThat(problems(recording("path: a.edf, loop: 0")).get(0).toString())
                .contains("source.loop: a recording is played at least once, not 0 times");
    }

    @Test
    void whatFollowsARecordingIsCheckedAgainstItsChannelsIfAllStreamsHaveTheSame()
            throws IOException {
        String select = "\ntransforms: [{id: one, type: select-channels, channels: [q]}]";
        byte[] same = EdfFile.edf("").signal("x", 4).record(new int[4]).bytes();
        Files.write(folder.resolve("a.edf"), same);
        Files.write(folder.resolve("b.edf"), same);
        assertThat(problems(recording("path: '*.edf'") + select).get(0).toString())
                .contains("transforms[0]");

        Files.write(
                folder.resolve("b.edf"), EdfFile.edf("").signal("q", 4).record(new int[4]).bytes());
        assertThat(load(recording("path: '*.edf'") + select).transforms()).hasSize(1);
    }

    private static String recording(String keys) {
        return """
               name: night
               source: {type: recording, %s}
               sink: {type: jsonl, path: out}
               dead-letters: {type: jsonl, path: refused}"""
                .formatted(keys);
    }

    /** What a step without memory makes of one sample of the channels a and b. */
    private static double[] applied(TransformSpec step, double... sample) {
        double[][] out =
                SignalChain.whole(
                        new double[][] {{sample[0]}, {sample[1]}},
                        new StreamShape(List.of("a", "b"), SampleRate.ofHertz(1)),
                        List.of(step.transform()));
        return new double[] {out[0][0], out[1][0]};
    }

    private PipelineSpec load(String yaml) throws IOException {
        return PipelineSpec.load(
                Files.writeString(folder.resolve("pipeline.yaml"), yaml), List.of());
    }

    private List<Problem> problems(String yaml) {
        return catchThrowableOfType(InvalidPipelineException.class, () -> load(yaml)).problems();
    }
}
