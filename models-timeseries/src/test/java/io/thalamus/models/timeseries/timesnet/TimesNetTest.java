/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.ReferenceEngine;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.Forecast;
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
        try (GraphEngine engine = TestBundles.engine("mxnet");
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

    @Test
    void windowsWithoutVariationOrValuesHaveFiniteForecasts() {
        withLongTermModel(
                model -> {
                    ModelInput ordinary = windows(model.signature(), 1).get(0);
                    int size = ordinary.window().samples().length;
                    List<ModelInput> batch =
                            List.of(
                                    constant(model.signature(), 0),
                                    constant(model.signature(), 1e30f),
                                    constant(model.signature(), Float.NaN),
                                    constant(model.signature(), Float.POSITIVE_INFINITY),
                                    withMissing(ordinary),
                                    ordinary);
                    List<float[]> forecasts = infer(model, batch);
                    for (float[] forecast : forecasts) {
                        for (float value : forecast) {
                            assertThat(value).isFinite();
                        }
                    }
                    assertThat(size).isEqualTo(7 * 96);
                    assertThat(forecasts.get(5)).isEqualTo(infer(model, List.of(ordinary)).get(0));
                    // what is missing altogether is taken for zeros
                    assertThat(forecasts.get(2)).isEqualTo(forecasts.get(0));
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
                    Forecast forecast = (Forecast) model.interpret(window, output);
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
        ModelBundle bundle = TestBundles.bundle(TestBundles.LONG_TERM);
        try (GraphEngine engine = new ReferenceEngine();
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

    private static ModelInput withMissing(ModelInput input) {
        float[] samples = input.window().samples().clone();
        Arrays.fill(samples, 10, 30, Float.NaN);
        return input(input.window().withSamples(samples, 1));
    }

    private static ModelInput input(SignalFrame window) {
        return new ModelInput(window, CarriedState.empty(), FastWeights.none());
    }
}
