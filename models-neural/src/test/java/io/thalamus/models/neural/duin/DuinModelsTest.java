/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of streams in, records out: the reference's cases as windows. */
class DuinModelsTest {
    private static final List<String> SUBJECTS = List.of("S01", "S02");

    @TempDir Path folder;

    /** The sample of a stored case as a window of a stream. */
    private static ModelInput window(ModelBundle bundle, String stored, int index, String stream) {
        var signals = bundle.cases().orElseThrow().values(stored);
        int length = signals.shape()[1];
        int channels = signals.shape()[2];
        int size = length * channels;
        float[] one = Arrays.copyOfRange(signals.floats(), index * size, (index + 1) * size);
        SignalFrame frame =
                new SignalFrame(
                        stream,
                        7000,
                        2,
                        3_000_000_000L,
                        SampleRate.ofHertz(1000),
                        IntStream.range(0, channels).mapToObj(c -> "c" + c).toList(),
                        CaseSignals.transposed(one, length),
                        0);
        return new ModelInput(frame, CarriedState.empty(), FastWeights.none());
    }

    private static List<WireRecord> records(ModelBundle bundle, List<ModelInput> batch) {
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model = new DuinFactory().open(bundle, engine)) {
            List<ModelInput> usable =
                    batch.stream()
                            .filter(in -> model.objectionToValues(in.window()).isEmpty())
                            .toList();
            var outputs = usable.isEmpty() ? List.<ModelOutput>of() : model.infer(usable);
            return IntStream.range(0, usable.size())
                    .mapToObj(i -> model.interpret(usable.get(i).window(), outputs.get(i)))
                    .flatMap(List::stream)
                    .toList();
        }
    }

    private List<ModelInput> ofBothSubjects(ModelBundle bundle) {
        return List.of(
                window(bundle, "b3.in.X", 0, "S01"),
                window(bundle, "b3.in.X", 1, "S02/evening"),
                window(bundle, "b3.in.X", 2, "S01/morning"));
    }

    private ModelBundle named(String name) {
        ModelBundle given = TestBundles.bundle(name);
        TestBundles.changed(
                folder,
                name,
                config -> {
                    SUBJECTS.forEach(config.putArray("subjects")::add);
                    List.of("ja", "nein", "da", "fort", "hin")
                            .forEach(config.withArray("classes")::add);
                });
        assertThat(given.cases()).isPresent();
        return ModelBundle.open(folder);
    }

    @Test
    void wordsHaveTheirSharesOfTheSum() {
        ModelBundle given = TestBundles.bundle(TestBundles.WORDS);
        Safetensors cases = given.cases().orElseThrow();
        List<WireRecord> records = records(named(TestBundles.WORDS), ofBothSubjects(given));
        float[] expected = cases.values("b3.y_pred").floats();

        for (int i = 0; i < 3; i++) {
            Classification word = (Classification) records.get(i);
            float[] own = Arrays.copyOfRange(expected, i * 5, (i + 1) * 5);
            double sum = 0;
            int best = 0;
            for (int k = 0; k < 5; k++) {
                sum += own[k];
                best = own[k] > own[best] ? k : best;
            }
            assertThat(word.classes()).containsExactly("ja", "nein", "da", "fort", "hin");
            assertThat(word.label()).isEqualTo(word.classes().get(best));
            for (int k = 0; k < 5; k++) {
                assertThat(word.probabilities()[k])
                        .isCloseTo((float) (own[k] / sum), within(2e-5f));
            }
        }
        assertThat(records.get(1).key()).isEqualTo("S02/evening");
    }

    @Test
    void ofNothingLikelyAllIsEquallyLikely() {
        assertThat(WordDecoder.shares(new float[] {0, 0, 0, 0})).containsOnly(0.25f);
        assertThat(WordDecoder.shares(new float[] {0.3f, 0.1f})).containsExactly(0.75f, 0.25f);
    }

    private static ModelInput with(ModelInput input, float value, int... channels) {
        float[] samples = input.window().samples().clone();
        for (int channel : channels) {
            Arrays.fill(samples, channel * 320, (channel + 1) * 320, value);
        }
        return new ModelInput(
                input.window().withSamples(samples, 0), CarriedState.empty(), FastWeights.none());
    }

    @Test
    void aChannelThatFailsCountsAsZeros() {
        ModelBundle given = TestBundles.bundle(TestBundles.WORDS);
        ModelInput whole = window(given, "b1.in.X", 0, "S01");
        ModelBundle bundle = named(TestBundles.WORDS);
        List<WireRecord> records =
                records(
                        bundle,
                        List.of(
                                with(whole, Float.NaN, 2, 7),
                                with(whole, 0, 2, 7),
                                with(whole, Float.POSITIVE_INFINITY, 2, 7)));

        assertThat(records).hasSize(3);
        assertThat(records.get(0)).isEqualTo(records.get(1)).isEqualTo(records.get(2));
        assertThat(records).isNotEqualTo(records(bundle, List.of(whole, whole, whole)));
        assertThat(new DuinFactory().signature(bundle).acceptsMissing()).isTrue();
    }

    @Test
    void whereEveryChannelFailsThereIsNothingToTell() {
        int[] all = IntStream.range(0, 10).toArray();
        ModelInput given = window(TestBundles.bundle(TestBundles.CODES), "b1.in.X", 0, "S01");
        ModelBundle errors = withErrors();
        assertThat(records(errors, List.of(with(given, Float.NaN, all)))).isEmpty();
        assertThat(records(errors, List.of(with(given, Float.POSITIVE_INFINITY, 3))))
                .singleElement()
                .isInstanceOf(TokenFrame.class);
        for (String name : List.of(TestBundles.WORDS, TestBundles.CODES)) {
            ModelInput whole = window(TestBundles.bundle(name), "b1.in.X", 0, "S01");
            Path own = folder.resolve(name);
            own.toFile().mkdir();
            ModelBundle bundle =
                    TestBundles.changed(
                            own,
                            name,
                            config -> SUBJECTS.forEach(config.putArray("subjects")::add));

            assertThat(records(bundle, List.of(with(whole, Float.NaN, all)))).isEmpty();
            assertThat(records(bundle, List.of(with(whole, Float.NaN, 0, 1, 2)))).hasSize(1);
        }
    }

    @Test
    void codesAreThoseOfEachPatch() {
        ModelBundle given = TestBundles.bundle(TestBundles.CODES);
        double[] expected = given.cases().orElseThrow().values("b3.codes").values();
        List<WireRecord> records = records(named(TestBundles.CODES), ofBothSubjects(given));

        for (int i = 0; i < 3; i++) {
            TokenFrame tokens = (TokenFrame) records.get(i);
            assertThat(Arrays.stream(tokens.codes()).asDoubleStream().toArray())
                    .isEqualTo(Arrays.copyOfRange(expected, i * 8, (i + 1) * 8));
            assertThat(tokens.codebookSize()).isEqualTo(64);
            assertThat(tokens.rate()).isEqualTo(SampleRate.ofHertz(25));
            assertThat(tokens.sequence()).isEqualTo(7000);
            assertThat(tokens.startNanos()).isEqualTo(3_000_000_000L);
        }
    }

    @Test
    void errorsAreSquaredDistancesFromWhatTheCodesTell() {
        ModelBundle given = TestBundles.bundle(TestBundles.CODES);
        Safetensors cases = given.cases().orElseThrow();
        ModelBundle errors = withErrors();
        List<WireRecord> records = records(errors, ofBothSubjects(given));
        float[] reconstructed = cases.values("b3.X_reconstr").floats();
        float[] signals = cases.values("b3.in.X").floats();

        ModelBundle alone = named(TestBundles.CODES);
        List<WireRecord> codes = records(alone, ofBothSubjects(given));
        assertThat(records).hasSize(6);
        for (int i = 0; i < 3; i++) {
            TokenFrame beside = (TokenFrame) records.get(2 * i + 1);
            assertThat(beside.codes()).isEqualTo(((TokenFrame) codes.get(i)).codes());
        }
        assertThat(new DuinFactory().givesCodesToo(errors)).isTrue();
        assertThat(new DuinFactory().givesCodesToo(alone)).isFalse();
        AnomalyScore score = (AnomalyScore) records.get(2);
        for (int t = 0; t < 320; t++) {
            double sum = 0;
            for (int c = 0; c < 10; c++) {
                int at = (320 + t) * 10 + c;
                double error = (double) signals[at] - reconstructed[at];
                sum += error * error / 10;
            }
            assertThat(score.joint()[t]).isCloseTo((float) sum, within(2e-3f));
        }
    }

    private ModelBundle withErrors() {
        Path own = folder.resolve("errors");
        own.toFile().mkdir();
        return TestBundles.changed(
                own,
                TestBundles.CODES,
                config -> {
                    SUBJECTS.forEach(config.putArray("subjects")::add);
                    config.put("gives", "errors");
                });
    }

    @Test
    void aStreamOfNoSubjectIsNoneOfItsBusiness() {
        ModelBundle given = TestBundles.bundle(TestBundles.WORDS);
        ModelInput stranger = window(given, "b1.in.X", 0, "S03");
        ModelBundle bundle = named(TestBundles.WORDS);

        assertThat(new DuinFactory().signature(bundle).objectionTo(stranger.window()))
                .hasValueSatisfying(
                        objection ->
                                assertThat(objection).contains("none of the subjects [S01, S02]"));
        assertThatThrownBy(() -> records(bundle, List.of(stranger)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("S03");
    }
}
