/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimesNetTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final long START = 1_700_000_000_000_000_000L;

    @ParameterizedTest
    @MethodSource("io.thalamus.models.timeseries.timesnet.TestBundles#bundles")
    void aResultIsTheSameInAnyBatch(String path) {
        ModelBundle bundle = TestBundles.bundle(path);
        try (GraphEngine engine = TestEngines.open("mxnet");
                StreamModel model = new TimesNetFactory().open(bundle, engine)) {
            List<ModelInput> windows = windows(model.signature(), 33);
            List<float[]> alone = new ArrayList<>();
            windows.forEach(window -> alone.add(infer(model, List.of(window)).get(0)));
            for (int size : new int[] {2, 3, 8, 33}) {
                Random random = new Random(size);
                List<Integer> order = new ArrayList<>(IntStream.range(0, 33).boxed().toList());
                Collections.shuffle(order, random);
                List<Integer> chosen = order.subList(0, size);
                List<float[]> together = infer(model, chosen.stream().map(windows::get).toList());
                for (int i = 0; i < size; i++) {
                    assertThat(together.get(i))
                            .as("window %d in a batch of %d", chosen.get(i), size)
                            .isEqualTo(alone.get(chosen.get(i)));
                }
            }
        }
    }

    /**
     * Of windows without variation, equally strong periods are taken from the longest on; see
     * {@link PeriodSearchTest}.
     */
    @ParameterizedTest
    @MethodSource("io.thalamus.models.timeseries.timesnet.TestBundles#bundles")
    void windowsWithoutVariationOrValuesHaveFiniteResults(String path) {
        with(
                path,
                model -> {
                    ModelSignature signature = model.signature();
                    ModelInput ordinary = windows(signature, 1).get(0);
                    List<ModelInput> batch =
                            List.of(
                                    constant(signature, 0),
                                    constant(signature, Float.NaN),
                                    constant(signature, 1e30f),
                                    constant(signature, -Float.MAX_VALUE),
                                    constant(signature, Float.POSITIVE_INFINITY),
                                    alternating(signature, Float.MAX_VALUE),
                                    withMissing(ordinary, 0, signature.windowLength()),
                                    withMissing(ordinary, 1, ordinary.window().samples().length),
                                    ordinary);
                    List<ModelOutput> outputs = model.infer(batch);
                    for (int i = 0; i < outputs.size(); i++) {
                        for (float value : outputs.get(i).values()) {
                            assertThat(value).as("window %d", i).isFinite();
                        }
                        model.interpret(batch.get(i).window(), outputs.get(i));
                    }
                    assertThat(outputs.get(8).values())
                            .isEqualTo(infer(model, List.of(ordinary)).get(0));
                    // what is missing altogether is taken for zeros
                    assertThat(outputs.get(1).values()).isEqualTo(outputs.get(0).values());
                    assertThat(outputs.get(4).values()).isEqualTo(outputs.get(0).values());
                });
    }

    @Test
    void imputationFillsWhatIsMissingAndNothingElse() {
        with(
                TestBundles.IMPUTATION,
                model -> {
                    float[] samples =
                            windows(model.signature(), 1).get(0).window().samples().clone();
                    samples[0] = -0f;
                    samples[1] = Float.POSITIVE_INFINITY;
                    samples[70] = Float.NaN;
                    samples[100] = Float.NaN;
                    int flags = Quality.MISSING.bit() | Quality.DRIFTING.bit();
                    SignalFrame window = frame(model.signature(), samples);
                    window = window.withSamples(samples, flags);
                    ModelOutput output = model.infer(List.of(input(window))).get(0);
                    float[] expected = samples.clone();
                    expected[70] = output.values()[70];
                    expected[100] = output.values()[100];
                    assertThat(model.interpret(window, output).get(0))
                            .isEqualTo(
                                    window.withSamples(
                                            expected,
                                            Quality.FILLED.bit() | Quality.DRIFTING.bit()));
                    assertThat(output.values()).hasSize(5 * 72);
                    SignalFrame whole = windows(model.signature(), 1).get(0).window();
                    assertThat(model.interpret(whole, output)).isEqualTo(List.of(whole));
                    assertThat(model.signature().acceptsMissing()).isTrue();
                });
    }

    @Test
    void anAnomalyScoreIsTheSquaredErrorOfTheReconstruction() {
        with(
                TestBundles.ANOMALY,
                model -> {
                    SignalFrame window = windows(model.signature(), 1).get(0).window();
                    ModelOutput output = model.infer(List.of(input(window))).get(0);
                    AnomalyScore score = (AnomalyScore) model.interpret(window, output).get(0);
                    float[] byChannel = new float[4 * 50];
                    float[] joint = new float[50];
                    for (int i = 0; i < byChannel.length; i++) {
                        double error = (double) window.samples()[i] - output.values()[i];
                        byChannel[i] = (float) (error * error);
                        joint[i % 50] += byChannel[i] / 4;
                    }
                    assertThat(score.byChannel()).isEqualTo(byChannel);
                    assertThat(score.joint()).containsExactly(joint, within(1e-4f));
                    assertThat(score)
                            .isEqualTo(
                                    new AnomalyScore(
                                            "stream",
                                            1000,
                                            4,
                                            START,
                                            HOURLY,
                                            window.channels(),
                                            score.joint(),
                                            byChannel,
                                            "anomaly_detection"));
                    assertThat(model.signature().acceptsMissing()).isFalse();
                });
    }

    @Test
    void aClassificationHasTheSoftmaxOfTheLogits() {
        with(
                "/bundles/classify-short",
                model -> {
                    SignalFrame window = windows(model.signature(), 1).get(0).window();
                    assertThat(model.infer(List.of(input(window))).get(0).values()).hasSize(2);
                    float[] logits = {1000, 1000 + (float) Math.log(3)};
                    ModelOutput output = new ModelOutput(logits, CarriedState.empty());
                    Classification found = (Classification) model.interpret(window, output).get(0);
                    assertThat(found.probabilities())
                            .containsExactly(new float[] {0.25f, 0.75f}, within(1e-4f));
                    assertThat(found)
                            .isEqualTo(
                                    new Classification(
                                            "stream",
                                            1000,
                                            4,
                                            START,
                                            START + Duration.ofHours(3).toNanos(),
                                            "busy",
                                            List.of("idle", "busy"),
                                            found.probabilities(),
                                            "classify-short"));
                    ModelOutput tie = new ModelOutput(new float[2], CarriedState.empty());
                    assertThat(((Classification) model.interpret(window, tie).get(0)).label())
                            .isEqualTo("idle");
                });
    }

    @Test
    void theTimeOfAWindowMatters() {
        withLongTermModel(
                model -> {
                    ModelInput window = windows(model.signature(), 1).get(0);
                    SignalFrame frame = window.window();
                    SignalFrame sixHoursLater =
                            new SignalFrame(
                                    frame.streamId(),
                                    frame.sequence(),
                                    frame.segment(),
                                    frame.startNanos() + HOURLY.nanosOf(6),
                                    frame.rate(),
                                    frame.channels(),
                                    frame.samples(),
                                    frame.quality());
                    List<float[]> forecasts = infer(model, List.of(window, input(sixHoursLater)));
                    assertThat(forecasts.get(1)).isNotEqualTo(forecasts.get(0));
                });
    }

    @Test
    void aForecastFollowsItsWindow() {
        withLongTermModel(
                model -> {
                    SignalFrame window = windows(model.signature(), 1).get(0).window();
                    ModelOutput output = model.infer(List.of(input(window))).get(0);
                    Forecast forecast = (Forecast) model.interpret(window, output).get(0);
                    assertThat(forecast)
                            .isEqualTo(
                                    new Forecast(
                                            "stream",
                                            1000 + 96,
                                            4,
                                            START + Duration.ofHours(96).toNanos(),
                                            HOURLY,
                                            window.channels(),
                                            output.values(),
                                            "long_term_forecast"));
                    assertThat(forecast.horizon()).isEqualTo(96);
                    assertThat(output.state()).isEqualTo(CarriedState.empty());
                });
    }

    @Test
    void refusesWindowsOfAnotherForm() {
        withLongTermModel(
                model -> {
                    ModelSignature signature = model.signature();
                    ModelSignature fewer =
                            new ModelSignature(
                                    "m", 6, List.of(), 96, 96, false, false, Forecast.class);
                    ModelSignature shorter =
                            new ModelSignature(
                                    "m", 7, List.of(), 95, 96, false, false, Forecast.class);
                    assertThat(model.infer(List.of())).isEmpty();
                    assertThat(signature.channels()).isEqualTo(7);
                    assertThatThrownBy(() -> model.infer(windows(fewer, 1)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("model long_term_forecast takes 7 channels, not 6");
                    assertThatThrownBy(() -> model.infer(windows(shorter, 1)))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage(
                                    "model long_term_forecast takes windows of 96 samples, not 95");
                });
    }

    @Test
    void isFoundByItsArchitecture() {
        ModelBundle bundle = TestBundles.bundle(TestBundles.LONG_TERM);
        assertThat(ModelFactories.forBundle(bundle, getClass().getClassLoader()).signature(bundle))
                .isEqualTo(
                        new ModelSignature(
                                "long_term_forecast",
                                7,
                                List.of(),
                                96,
                                96,
                                false,
                                false,
                                Forecast.class));
    }

    private interface Check {
        void on(StreamModel model);
    }

    private static void withLongTermModel(Check check) {
        with(TestBundles.LONG_TERM, check);
    }

    private static void with(String path, Check check) {
        ModelBundle bundle = TestBundles.bundle(path);
        try (GraphEngine engine = TestEngines.open("mxnet");
                StreamModel model = new TimesNetFactory().open(bundle, engine)) {
            check.on(model);
        }
    }

    private static List<float[]> infer(StreamModel model, List<ModelInput> batch) {
        return model.infer(batch).stream().map(ModelOutput::values).toList();
    }

    /** Windows with one or two periods of their own each, noise, and an offset. */
    private static List<ModelInput> windows(ModelSignature signature, int count) {
        Random random = new Random(7);
        return Stream.generate(() -> input(frame(signature, random))).limit(count).toList();
    }

    private static SignalFrame frame(ModelSignature signature, Random random) {
        int length = signature.windowLength();
        double slow = 3 + random.nextInt(length);
        double fast = 2 + random.nextInt(12);
        float[] samples = new float[signature.channels() * length];
        for (int i = 0; i < samples.length; i++) {
            int t = i % length;
            samples[i] =
                    (float)
                            (10 * (i / length)
                                    + 3 * Math.sin(2 * Math.PI * t / slow)
                                    + 2 * Math.sin(2 * Math.PI * t / fast)
                                    + 0.5 * random.nextGaussian());
        }
        return frame(signature, samples);
    }

    private static SignalFrame frame(ModelSignature signature, float[] samples) {
        List<String> channels =
                IntStream.range(0, signature.channels()).mapToObj(c -> "c" + c).toList();
        return new SignalFrame("stream", 1000, 4, START, HOURLY, channels, samples, 0);
    }

    private static ModelInput constant(ModelSignature signature, float value) {
        float[] samples = new float[signature.channels() * signature.windowLength()];
        Arrays.fill(samples, value);
        return input(frame(signature, samples));
    }

    private static ModelInput alternating(ModelSignature signature, float value) {
        float[] samples = constant(signature, value).window().samples();
        for (int i = 0; i < samples.length; i += 2) {
            samples[i] = -value;
        }
        return input(frame(signature, samples));
    }

    private static ModelInput withMissing(ModelInput input, int begin, int end) {
        float[] samples = input.window().samples().clone();
        Arrays.fill(samples, begin, end, Float.NaN);
        return input(input.window().withSamples(samples, Quality.MISSING.bit()));
    }

    private static ModelInput input(SignalFrame window) {
        return new ModelInput(window, CarriedState.empty(), FastWeights.none());
    }
}
