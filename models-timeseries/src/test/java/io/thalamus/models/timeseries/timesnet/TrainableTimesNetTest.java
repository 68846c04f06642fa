/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingExample;
import io.thalamus.operators.inference.TrainingState;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against {@code training/make_gradients.py}, an independent implementation in float64; and what a
 * training promises beside.
 */
class TrainableTimesNetTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final Instant FIRST = Instant.parse("2021-03-05T07:00:00Z");
    private static final double RATE = 1e-3;

    private static GraphEngine engine;

    @BeforeAll
    static void open() {
        engine = TestEngines.open("mxnet");
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static Stream<String> networks() {
        return Stream.of("forecast", "forecast-wide", "fill", "fill-line", "detect", "classify")
                .map(name -> "/training/" + name);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void gradientsAreThoseOfTheIndependentImplementation(String path) {
        Safetensors steps = steps(path);
        try (TrainableTimesNet model = stored(path)) {
            model.learn(batch(path), RATE);
            Map<String, Tensor> gradients = model.gradients();
            assertThat(steps.names())
                    .containsAll(gradients.keySet().stream().map(n -> "gradient." + n).toList());
            gradients.forEach(
                    (name, gradient) -> {
                        Tensor expected = steps.tensor("gradient." + name);
                        assertThat(gradient.shape()).isEqualTo(expected.shape());
                        assertThat(distance(gradient, expected)).as(name).isLessThan(1e-4);
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void lossesFallAsThoseOfTheIndependentImplementation(String path) {
        double[] expected = steps(path).values("losses").values();
        List<TrainingExample> batch = batch(path);
        try (TrainableTimesNet model = stored(path)) {
            assertThat(model.loss(batch)).isCloseTo(expected[0], within(1e-4 * expected[0]));
            for (int step = 0; step < expected.length - 1; step++) {
                assertThat(model.learn(batch, RATE))
                        .as("step %d", step)
                        .isCloseTo(expected[step], within(1e-4 * expected[step]));
            }
            double last = expected[expected.length - 1];
            assertThat(model.loss(batch)).isCloseTo(last, within(1e-4 * last));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theSameSeedAndBatchesGiveTheSameBits(String path) {
        List<TrainingExample> batch = batch(path);
        List<TrainingExample> some = batch.subList(1, 3);
        List<Map<String, List<Float>>> weights = new ArrayList<>();
        for (long seed : new long[] {5, 5, 6}) {
            try (TrainableModel model = fresh(path, 0.1, seed)) {
                model.learn(batch, RATE);
                model.loss(some);
                model.learn(some, RATE / 2);
                weights.add(bits(model.weights()));
            }
        }
        assertThat(weights.get(1)).isEqualTo(weights.get(0));
        assertThat(weights.get(2)).isNotEqualTo(weights.get(0));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aTrainingThatIsTakenUpAgainGoesOnToTheBit(String path) {
        List<TrainingExample> batch = batch(path);
        TrainingState between;
        Map<String, List<Float>> expected;
        try (TrainableModel model = fresh(path, 0.3, 11)) {
            model.learn(batch, RATE);
            model.learn(batch.subList(0, 2), RATE);
            between = model.state();
            model.learn(batch, RATE);
            model.learn(batch.subList(0, 3), RATE);
            expected = bits(model.weights());
        }
        assertThat(between.steps()).isEqualTo(2);
        try (TrainableModel model = fresh(path, 0.3, 11)) {
            model.restore(between);
            model.learn(batch, RATE);
            model.learn(batch.subList(0, 3), RATE);
            assertThat(bits(model.weights())).isEqualTo(expected);
        }
    }

    @Test
    void dropoutChangesFromStepToStep() {
        String path = "/training/forecast";
        List<TrainingExample> batch = batch(path);
        try (TrainableModel whole = fresh(path, 0, 3);
                TrainableModel model = fresh(path, 0.5, 3)) {
            double exact = whole.learn(batch, 0);
            double first = model.learn(batch, 0);
            double second = model.learn(batch, 0);
            assertThat(first).isNotEqualTo(second).isNotEqualTo(exact);
            assertThat(model.loss(batch)).isEqualTo(whole.loss(batch));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void whatIsPredictedAreTheValuesThatTheLossCompares(String path) {
        List<TrainingExample> batch = batch(path);
        try (TrainableTimesNet model = stored(path)) {
            float[][] predicted = model.predict(batch).toArray(float[][]::new);
            TimesNetConfig config = TimesNetConfig.of(TestBundles.bundle(path).config());
            assertThat(Loss.of(config.task()).of(batch, predicted).mean())
                    .isEqualTo(model.loss(batch));
        }
    }

    /** What a network learns from a window does not depend on the others of the batch. */
    @ParameterizedTest
    @MethodSource("networks")
    void theGradientOfABatchIsTheMeanOfThatOfItsHalves(String path) {
        List<TrainingExample> batch = batch(path);
        // each window has as many values to compare
        List<TrainingExample> halves = List.of(batch.get(0), batch.get(0));
        try (TrainableTimesNet model = stored(path)) {
            model.learn(List.of(batch.get(0)), 0);
            Map<String, Tensor> alone = copies(model.gradients());
            model.learn(halves, 0);
            model.gradients()
                    .forEach(
                            (name, gradient) ->
                                    assertThat(distance(gradient, alone.get(name)))
                                            .as(name)
                                            .isLessThan(1e-5));
        }
    }

    @Test
    void windowsWithoutVariationOrValuesLeaveTheWeightsFinite() {
        String path = "/training/forecast";
        List<TrainingExample> batch = new ArrayList<>(batch(path));
        for (float value : new float[] {0, Float.NaN, 1e30f}) {
            TrainingExample example = batch.get(0);
            float[] samples = new float[example.window().samples().length];
            Arrays.fill(samples, value);
            batch.add(new TrainingExample(frame(0, 2, samples), example.target()));
        }
        try (TrainableModel model = stored(path)) {
            assertThat(model.learn(batch.subList(0, 6), RATE)).isFinite();
            model.weights()
                    .forEach(
                            (name, weight) -> {
                                for (float value : weight.data()) {
                                    assertThat(value).as(name).isFinite();
                                }
                            });
        }
    }

    @Test
    void nothingToCompareIsNothingToLearn() {
        String path = "/training/fill";
        TrainingExample example = batch(path).get(0);
        float[] whole = new float[example.target().length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = i % 7;
        }
        List<TrainingExample> batch = List.of(new TrainingExample(frame(0, 2, whole), whole));
        try (TrainableModel model = stored(path)) {
            Map<String, List<Float>> before = bits(model.weights());
            assertThat(model.learn(batch, RATE)).isZero();
            assertThat(bits(model.weights())).isEqualTo(before);
        }
    }

    @Test
    void allIsLearnedButTablesThatAreFixed() {
        float[] target = new float[20];
        float[] samples = new float[20];
        for (int i = 0; i < 20; i++) {
            target[i] = (float) Math.sin(i) + i;
            samples[i] = i % 4 == 0 ? Float.NaN : target[i];
        }
        try (TrainableModel model = fresh("/bundles/fill-fixed-days", 0, 1)) {
            Map<String, List<Float>> before = bits(model.weights());
            model.learn(List.of(new TrainingExample(frame(0, 1, samples), target)), RATE);
            Map<String, List<Float>> after = bits(model.weights());
            assertThat(after.keySet()).isEqualTo(before.keySet());
            before.forEach(
                    (name, weight) -> {
                        boolean fixed = name.endsWith("_embed.emb.weight");
                        assertThat(after.get(name).equals(weight)).as(name).isEqualTo(fixed);
                    });
            assertThat(after.keySet().stream().filter(n -> n.contains("_embed.emb"))).hasSize(4);
        }
    }

    @Test
    void firstWeightsAreSpreadAsTheReferencesAre() {
        TimesNetConfig config =
                TimesNetConfig.of(TestBundles.bundle(TestBundles.LONG_TERM).config());
        InitialWeights initial = new InitialWeights(1);
        TimesNetWeights.of(initial, config);
        int width = config.width();
        assertSpread(
                initial.weight("enc_embedding.value_embedding.tokenConv.weight"),
                Math.sqrt(2.0 / (3 * config.channels())));
        assertSpread(
                initial.weight("model.0.conv.0.kernels.2.weight"),
                Math.sqrt(2.0 / (25 * config.hiddenWidth())));
        assertSpread(
                initial.weight("model.1.conv.2.kernels.2.weight"), Math.sqrt(2.0 / (25 * width)));
        assertSpread(
                initial.weight("predict_linear.weight"), Math.sqrt(1.0 / 3 / config.inputLength()));
        assertSpread(
                initial.weight("predict_linear.bias"), Math.sqrt(1.0 / 3 / config.inputLength()));
        assertSpread(initial.weight("projection.weight"), Math.sqrt(1.0 / 3 / width));
        assertThat(initial.weight("model.0.conv.0.kernels.2.bias").data()).containsOnly(0);
        assertThat(initial.weight("layer_norm.weight").data()).containsOnly(1);
        assertThat(initial.weight("layer_norm.bias").data()).containsOnly(0);
        for (float value : initial.weight("predict_linear.weight").data()) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo((float) Math.sqrt(1.0 / 96));
        }
        assertThat(initial.weight("model.0.conv.0.kernels.2.weight").data())
                .isNotEqualTo(initial.weight("model.1.conv.0.kernels.2.weight").data());
    }

    private static void assertSpread(Tensor weight, double deviation) {
        double squares = 0;
        double sum = 0;
        for (float value : weight.data()) {
            squares += (double) value * value;
            sum += value;
        }
        double found = Math.sqrt(squares / weight.size());
        double doubt = 4 * deviation / Math.sqrt(weight.size());
        assertThat(found).as("%s", weight).isCloseTo(deviation, within(doubt));
        assertThat(sum / weight.size()).isCloseTo(0, within(doubt));
    }

    @Test
    void saysWhatItCannotLearnFrom() {
        try (TrainableModel model = stored("/training/classify")) {
            TrainingExample good = batch("/training/classify").get(0);
            assertThatThrownBy(() -> model.learn(List.of(), RATE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a batch has at least one example");
            assertThatThrownBy(
                            () ->
                                    model.learn(
                                            List.of(
                                                    new TrainingExample(
                                                            frame(0, 2, new float[8]),
                                                            good.target())),
                                            RATE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("windows of 2 channels and 18 samples are wanted, not of 2 and 4");
            for (float label : new float[] {-1, 3, 0.5f, Float.NaN}) {
                TrainingExample wrong = new TrainingExample(good.window(), new float[] {label});
                assertThatThrownBy(() -> model.loss(List.of(good, wrong)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("there is no class %s among 3".formatted(label));
            }
        }
        try (TrainableModel model = stored("/training/forecast")) {
            TrainingExample wrong =
                    new TrainingExample(batch("/training/forecast").get(0).window(), new float[3]);
            assertThatThrownBy(() -> model.learn(List.of(wrong), RATE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a target of 26 values is wanted, not of 3");
        }
    }

    @Test
    void goesOnAfterABatchThatItCouldNotLearnFrom() {
        String path = "/training/forecast";
        List<TrainingExample> batch = batch(path);
        TrainingExample wrong = new TrainingExample(batch.get(0).window(), new float[3]);
        try (TrainableModel model = stored(path);
                TrainableModel other = stored(path)) {
            assertThatThrownBy(() -> model.learn(List.of(batch.get(1), wrong), RATE))
                    .isInstanceOf(IllegalArgumentException.class);
            model.learn(batch, RATE);
            other.learn(batch, RATE);
            assertThat(bits(model.weights())).isEqualTo(bits(other.weights()));
        }
    }

    @Test
    void refusesTheStateOfAnotherNetwork() {
        try (TrainableModel model = fresh("/training/forecast", 0, 1);
                TrainableModel other = fresh("/training/detect", 0, 1)) {
            Map<String, List<Float>> before = bits(model.weights());
            assertThatThrownBy(() -> model.restore(other.state()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("the state is of another network: ");
            assertThat(bits(model.weights())).isEqualTo(before);
        }
    }

    @Test
    void theFactoryReadsTheShareThatIsDropped() {
        ModelBundle bundle = TestBundles.bundle("/training/forecast");
        try (TrainableModel model =
                new TimesNetFactory().train(bundle, Optional.empty(), engine, 4)) {
            assertThat(bits(model.weights()))
                    .isEqualTo(bits(fresh("/training/forecast", 0, 4).weights()));
        }
    }

    private static TrainableTimesNet fresh(String path, double dropout, long seed) {
        TimesNetConfig config = TimesNetConfig.of(TestBundles.bundle(path).config());
        return new TrainableTimesNet(config, dropout, engine, seed);
    }

    /** With the stored weights, and no dropout. */
    private static TrainableTimesNet stored(String path) {
        Safetensors weights = TestBundles.bundle(path).weights();
        TrainableTimesNet model = fresh(path, 0, 1);
        Map<String, Tensor> tensors = new HashMap<>();
        model.state()
                .tensors()
                .forEach(
                        (name, tensor) -> {
                            String stored = name.replaceFirst("^weight\\.", "");
                            tensors.put(
                                    name,
                                    name.equals(stored)
                                            ? Tensor.of(new float[tensor.size()], tensor.shape())
                                            : weights.tensor(stored));
                        });
        model.restore(new TrainingState(0, tensors));
        return model;
    }

    private static Safetensors steps(String path) {
        return Safetensors.open(TestBundles.bundle(path).folder().resolve("steps.safetensors"));
    }

    private static List<TrainingExample> batch(String path) {
        Safetensors steps = steps(path);
        Tensor x = withMissing(steps, "x_enc", "x_present");
        Tensor target = withMissing(steps, "target", "target_present");
        int count = x.dimension(0);
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                new TrainingExample(
                                        frame(31 * i, x.dimension(2), channelsFirst(x, i)),
                                        target.rank() == 1
                                                ? new float[] {target.data()[i]}
                                                : channelsFirst(target, i)))
                .toList();
    }

    private static Tensor withMissing(Safetensors steps, String name, String presentName) {
        Tensor values = steps.tensor(name);
        Tensor present = steps.tensor(presentName);
        for (int i = 0; i < values.size(); i++) {
            if (present.data()[i] == 0) {
                values.data()[i] = Float.NaN;
            }
        }
        return values;
    }

    private static SignalFrame frame(int hours, int channels, float[] samples) {
        return new SignalFrame(
                "stream",
                0,
                0,
                FIRST.plus(Duration.ofHours(hours)).toEpochMilli() * 1_000_000,
                HOURLY,
                IntStream.range(0, channels).mapToObj(c -> "c" + c).toList(),
                samples,
                0);
    }

    private static float[] channelsFirst(Tensor windows, int window) {
        int samples = windows.dimension(1);
        int channels = windows.dimension(2);
        float[] values = new float[samples * channels];
        for (int t = 0; t < samples; t++) {
            for (int channel = 0; channel < channels; channel++) {
                values[channel * samples + t] =
                        windows.data()[(window * samples + t) * channels + channel];
            }
        }
        return values;
    }

    /** The largest difference, against the largest value. */
    private static double distance(Tensor found, Tensor expected) {
        double largest = 0;
        double scale = 0;
        for (int i = 0; i < expected.size(); i++) {
            scale = Math.max(scale, Math.abs(expected.data()[i]));
            largest = Math.max(largest, Math.abs(found.data()[i] - expected.data()[i]));
        }
        return scale == 0 ? largest : largest / scale;
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
        Map<String, Tensor> copies = new HashMap<>();
        tensors.forEach(
                (name, tensor) ->
                        copies.put(name, Tensor.of(tensor.data().clone(), tensor.shape())));
        return copies;
    }

    private static Map<String, List<Float>> bits(Map<String, Tensor> tensors) {
        Map<String, List<Float>> bits = new TreeMap<>();
        tensors.forEach(
                (name, tensor) -> {
                    List<Float> values = new ArrayList<>();
                    for (int i = 0; i < tensor.size(); i++) {
                        values.add(tensor.data()[i]);
                    }
                    bits.put(name, values);
                });
        return bits;
    }
}
