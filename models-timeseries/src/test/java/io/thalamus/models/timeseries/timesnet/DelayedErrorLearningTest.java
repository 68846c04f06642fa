/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Incident;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Moments;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.SurpriseGate;
import io.thalamus.operators.adaptation.TrendCorrection;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.Budgets;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.LearningModel;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelayedErrorLearningTest {
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));
    private static final TimesNetFactory FACTORY = new TimesNetFactory();
    private static final ModelBundle BUNDLE = TestBundles.bundle("/bundles/wide");
    private static final TimesNetConfig CONFIG = TimesNetConfig.of(BUNDLE.config());
    private static final int LENGTH = CONFIG.inputLength();
    private static final int HORIZON = CONFIG.horizon();
    private static final int HOP = 2;
    private static final float[] TOKEN = TimesNetWeights.load(BUNDLE, CONFIG).token(CONFIG);

    private static GraphEngine engine;
    private static StreamModel model;

    private final List<float[]> forecasts = new ArrayList<>();
    private final List<Incident> incidents = new ArrayList<>();
    private FastWeights learned = FastWeights.none();

    @BeforeAll
    static void open() {
        engine = TestEngines.open("mxnet");
        model = FACTORY.open(BUNDLE, engine);
    }

    @AfterAll
    static void close() {
        model.close();
        engine.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.001, 0", "0, 0.01", "0.001, 0.01"})
    void aRunThatGoesOnFromACheckpointGivesTheSameBits(double rate, double hebbianRate) {
        float[][] signal = waves(180);
        follow(signal, 0, 50, rate, hebbianRate);
        List<float[]> expected = List.copyOf(forecasts);
        FastWeights atTheEnd = learned;
        for (int stop : new int[] {3, 11, 29}) {
            forecasts.clear();
            learned = FastWeights.none();
            follow(signal, 0, stop, rate, hebbianRate);
            learned = LearningStream.readAgain(learned);
            follow(signal, stop, 50, rate, hebbianRate);
            assertThat(learned).isEqualTo(atTheEnd);
            assertThat(forecasts).usingRecursiveComparison().isEqualTo(expected);
        }
    }

    /** What is still to come has no say in what is known or told now. */
    @ParameterizedTest
    @CsvSource({"0, 0", "0.001, 0", "0, 0.01", "0.001, 0.01"})
    void nothingIsKnownOfAValueBeforeAWindowHasBroughtIt(double rate, double hebbianRate) {
        float[][] signal = waves(180);
        int windows = 30;
        int seen = (windows - 1) * HOP + LENGTH;
        follow(signal, 0, windows, rate, hebbianRate);
        FastWeights before = learned;
        List<float[]> told = List.copyOf(forecasts);
        for (float[] channel : signal) {
            channel[seen] += 3;
        }
        learned = FastWeights.none();
        forecasts.clear();
        follow(signal, 0, windows, rate, hebbianRate);
        assertThat(learned).isEqualTo(before);
        assertThat(forecasts).usingRecursiveComparison().isEqualTo(told);
        for (float[] channel : signal) {
            channel[seen - 1] += 3;
        }
        learned = FastWeights.none();
        follow(signal, 0, windows, rate, hebbianRate);
        assertThat(learned.deltas().get(DelayedErrorLearning.MAP))
                .isNotEqualTo(before.deltas().get(DelayedErrorLearning.MAP));
    }

    @Test
    void learnsWhatTheNetworkDoesNotKnowOfAStream() {
        float[][] signal = waves(700);
        follow(signal, 0, 300, 0, 0);
        double adapted = 0;
        double plain = 0;
        for (int k = 200; k < 300; k++) {
            adapted += error(forecasts.get(k), signal, k);
            plain += error(forecast(window(signal, k, 0), FastWeights.none()), signal, k);
        }
        assertThat(adapted).isLessThan(0.7 * plain);
        assertThat(incidents).isEmpty();
    }

    @Test
    void theModulatorFollowsTheGradientIfItHasARate() {
        float[][] signal = waves(180);
        follow(signal, 0, 50, 0, 0);
        assertThat(learned.deltas()).containsOnlyKeys(DelayedErrorLearning.MAP);
        learned = FastWeights.none();
        follow(signal, 0, HORIZON / HOP + 1, 1e-3, 0);
        assertThat(learned.updates()).isEqualTo(1);
        assertThat(learned.deltas())
                .containsOnlyKeys(DelayedErrorLearning.MAP, Modulator.GAIN, Modulator.OFFSET);
        // the first step of Adam is of the size of the rate, whatever the gradient
        for (float value : learned.deltas().get(Modulator.OFFSET)) {
            assertThat(Math.abs(value)).isCloseTo(1e-3f, within(1e-5f));
        }
    }

    /** The first error surprises nobody; the second is larger, and its window teaches. */
    @Test
    void theTokenWeightsFollowTheHebbianRuleWhereAnErrorSurprises() {
        float[][] signal = waves(180);
        int due = HORIZON / HOP;
        // all that the first forecast is about has come, but not all of the second
        signal[0][LENGTH + HORIZON] += 8;
        follow(signal, 0, due + 1, 0, 0.1);
        assertThat(learned.deltas()).containsOnlyKeys(DelayedErrorLearning.MAP);
        SurpriseGate.Level level = level();
        follow(signal, due + 1, due + 2, 0, 0.1);
        double error = level.mean() + (level().mean() - level.mean()) / 0.1;
        double surprise = Math.min(2, (error - level.mean()) / 0.05);
        assertThat(surprise).isPositive();
        float[] none = new float[TOKEN.length];
        float[] expected =
                HebbianEmbeddingTest.updated(
                        CONFIG, TOKEN, none, window(signal, 1, 0), surprise * 0.1);
        float[] delta = learned.deltas().get(TimesNetWeights.TOKEN);
        assertThat(delta).containsExactly(expected, within(1e-6f)).isNotEqualTo(none);
        // the next forecast is by the stream's own weights
        SignalFrame next = window(signal, due + 2, 0);
        var deltas = new HashMap<>(learned.deltas());
        deltas.remove(TimesNetWeights.TOKEN);
        assertThat(forecast(next, learned))
                .isNotEqualTo(forecast(next, new FastWeights(2, deltas)));
    }

    private SurpriseGate.Level level() {
        float[] level = learned.memory().get("hebbian.level");
        return new SurpriseGate.Level(level[0], level[1]);
    }

    /** Whatever a stream learns inside the network, it is compared with that of the bundle. */
    @ParameterizedTest
    @CsvSource({"0, 0.1", "0.01, 0", "0.01, 0.1"})
    void errorsAreComparedWithThoseOfTheBundlesNetwork(double rate, double hebbianRate) {
        float[][] signal = waves(180);
        follow(signal, 0, 40, 0, 0);
        float[] outside = learned.memory().get("delayed.errors");
        learned = FastWeights.none();
        follow(signal, 0, 40, rate, hebbianRate);
        float[] inside = learned.memory().get("delayed.errors");
        assertThat(inside[1]).isCloseTo(outside[1], within(1e-4f * outside[1]));
        assertThat(Math.abs(inside[0] - outside[0])).isGreaterThan(1e-3f * outside[0]);
    }

    /** Its steps are by the gradient where the stream is, behind token weights just learned. */
    @Test
    void theModulatorFollowsTheGradientOfTheStreamsOwnNetwork() {
        float[][] signal = waves(180);
        signal[0][LENGTH + HORIZON] += 8;
        int due = HORIZON / HOP;
        follow(signal, 0, due + 1, 1e-3, 0.1);
        FastWeights before = learned;
        follow(signal, due + 1, due + 2, 1e-3, 0.1);
        var deltas = new HashMap<>(before.deltas());
        deltas.put(TimesNetWeights.TOKEN, learned.deltas().get(TimesNetWeights.TOKEN));
        TimesNetWeights weights = TimesNetWeights.load(BUNDLE, CONFIG);
        SignalFrame window = window(signal, 1, 0);
        float[] truth = new float[CONFIG.channels() * HORIZON];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = signal[i / HORIZON][HOP + LENGTH + i % HORIZON];
        }
        double[] slope;
        try (var gradient = new ModulatorGradient(CONFIG, weights, engine)) {
            slope = gradient.of(window, new FastWeights(1, deltas), truth).gradient();
        }
        double[] first = Moments.in(before.memory()).first();
        double[] second = Moments.in(learned.memory()).first();
        // Adam's running mean, of a gradient over the variance of the window
        double scale = (second[0] - 0.9 * first[0]) / (0.1 * slope[0]);
        for (int i = 0; i < slope.length; i++) {
            assertThat(second[i] - 0.9 * first[i])
                    .isCloseTo(0.1 * scale * slope[i], within(1e-5 * Math.abs(second[i]) + 1e-7));
        }
    }

    @Test
    void theTokenWeightsAreOnALeashToTheBundles() {
        float[][] signal = waves(700);
        AdaptationSettings settings = settings(0, 1);
        GuardedPlasticity guarded =
                new GuardedPlasticity(
                        FACTORY.plasticity(BUNDLE, engine, settings), settings.guards());
        try (LearningModel learning = new LearningModel(model, guarded)) {
            double most = 0;
            for (int k = 0; k < 300; k++) {
                var input = new ModelInput(window(signal, k, 0), CarriedState.empty(), learned);
                learned = learning.infer(List.of(input)).get(0).lesson().after();
                most = Math.max(most, guarded.drift(learned));
            }
            assertThat(most).isCloseTo(0.5, within(1e-6));
        }
    }

    /** Where there is no room for the token weights, the modulator learns alone. */
    @Test
    void theTokenWeightsCountAgainstTheBudget() {
        float[][] signal = waves(300);
        AdaptationSettings some = settings(1e-3, 1);
        FastWeights most = DelayedErrorLearning.most(CONFIG, some);
        assertThat(most.deltas()).containsKey(TimesNetWeights.TOKEN);
        follow(signal, 0, 100, 1e-3, 1);
        assertThat(learned.withoutPending().bytes()).isEqualTo(most.bytes());
        int fits = stated(some, most);
        AdaptationSettings tight = Budgets.weights(some, fits - 1);
        assertThat(DelayedErrorLearning.most(CONFIG, Budgets.weights(some, fits))).isEqualTo(most);
        FastWeights less = DelayedErrorLearning.most(CONFIG, tight);
        assertThat(less.deltas())
                .containsOnlyKeys(DelayedErrorLearning.MAP, Modulator.GAIN, Modulator.OFFSET);
        try (Plasticity plasticity = FACTORY.plasticity(BUNDLE, engine, tight)) {
            assertThat(plasticity.source()).isEmpty();
        }
        AdaptationSettings none = Budgets.weights(some, stated(some, less) - 1);
        assertThatThrownBy(() -> FACTORY.checkAdaptation(BUNDLE, none))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("adaptation.weight-budget");
    }

    private static int stated(AdaptationSettings settings, FastWeights ofTheRule) {
        int named = settings.rule().preset().length() + Integer.BYTES;
        return (int) settings.guards().bytes(ofTheRule, /* classes= */ 0) + named;
    }

    /** What it has learned is turned round, as if the stream had. */
    @Test
    void aStreamThatDoesWorseByWhatItHasLearnedForgetsIt() {
        float[][] signal = waves(700);
        follow(signal, 0, 150, 0, 0);
        assertThat(incidents).isEmpty();
        float[] map = learned.deltas().get(DelayedErrorLearning.MAP).clone();
        for (int i = 0; i < map.length; i++) {
            map[i] = -8 * map[i];
        }
        var deltas = new HashMap<>(learned.deltas());
        deltas.put(DelayedErrorLearning.MAP, map);
        var memory = new HashMap<>(learned.memory());
        memory.computeIfPresent("trend.products", (name, sums) -> turnedRound(sums));
        learned = new FastWeights(learned.updates(), deltas, memory);
        int at = 150;
        while (incidents.isEmpty() && at < 200) {
            follow(signal, at, at + 1, 0, 0);
            at++;
        }
        assertThat(incidents).extracting(Incident::kind).containsExactly(Incident.Kind.RESET);
        assertThat(incidents.get(0).value()).isGreaterThan(1.05);
        assertThat(learned).isEqualTo(FastWeights.none());
        follow(signal, at, at + 1, 0, 0);
        assertThat(forecasts.get(forecasts.size() - 1))
                .isEqualTo(forecast(window(signal, at, 0), FastWeights.none()));

        // What was forecast with the forgotten map is not held against what is learned anew.
        follow(signal, at + 1, at + 100, 0, 0);
        assertThat(incidents).hasSize(1);
        assertThat(learned.updates()).isPositive();
    }

    @Test
    void whatIsPendingStaysBehindAtABreakAndWhatIsLearnedDoesNot() {
        float[][] signal = waves(300);
        follow(signal, 0, 50, 0, 0);
        float[] map = learned.deltas().get(DelayedErrorLearning.MAP);
        try (Plasticity plasticity = FACTORY.plasticity(BUNDLE, engine, settings(0, 0))) {
            for (int k = 50; k < 50 + HORIZON / HOP; k++) {
                learn(plasticity, window(signal, k, 1));
                assertThat(learned.deltas().get(DelayedErrorLearning.MAP)).isEqualTo(map);
            }
            learn(plasticity, window(signal, 50 + HORIZON / HOP, 1));
            assertThat(learned.deltas().get(DelayedErrorLearning.MAP)).isNotEqualTo(map);
        }
    }

    /** As of a release whose map took the shape of a window alone. */
    @Test
    void aStreamWhoseMapIsOfAnotherSizeBeginsAnew() {
        float[][] signal = waves(300);
        follow(signal, 0, 50, 0, 0);
        var deltas = new HashMap<>(learned.deltas());
        deltas.replaceAll((name, map) -> Arrays.copyOf(map, 12));
        var memory = new HashMap<>(learned.memory());
        memory.replaceAll(
                (name, values) ->
                        switch (name) {
                            case "trend.squares" -> new float[16];
                            case "trend.products" -> new float[12];
                            default ->
                                    name.startsWith("pending/forecast.")
                                            ? Arrays.copyOf(values, values.length - 6)
                                            : values;
                        });
        memory.remove("trend.levels");
        learned = new FastWeights(learned.updates(), deltas, memory);
        SignalFrame next = window(signal, 50, 0);
        assertThat(forecast(next, learned)).isEqualTo(forecast(next, FastWeights.none()));
        long updates = learned.updates();
        follow(signal, 50, 50 + HORIZON / HOP, 0, 0);
        assertThat(learned.updates()).isEqualTo(updates);
        follow(signal, 50 + HORIZON / HOP, 52 + HORIZON / HOP, 0, 0);
        assertThat(learned.updates()).isEqualTo(updates + 2);
        assertThat(learned.deltas().get(DelayedErrorLearning.MAP))
                .hasSize(TrendCorrection.values());
    }

    /** What is added to a forecast depends on where the levels have been before its window. */
    @Test
    void forecastsAreCorrectedByWhereLevelsHaveBeen() {
        float[][] signal = waves(300);
        follow(signal, 0, 50, 0, 0);
        SignalFrame next = window(signal, 50, 0);
        var memory = new HashMap<>(learned.memory());
        float[] levels = memory.get("trend.levels").clone();
        levels[0] += 1;
        memory.put("trend.levels", levels);
        float[] moved =
                forecast(next, new FastWeights(learned.updates(), learned.deltas(), memory));
        float[] found = forecast(next, learned);
        assertThat(Arrays.copyOf(moved, HORIZON)).isNotEqualTo(Arrays.copyOf(found, HORIZON));
        assertThat(Arrays.copyOfRange(moved, HORIZON, moved.length))
                .isEqualTo(Arrays.copyOfRange(found, HORIZON, found.length));
    }

    @Test
    void otherRulesTasksAndTooSmallBudgetsAreRefused() {
        assertThatThrownBy(() -> FACTORY.checkAdaptation(BUNDLE, AdaptationSettings.homeostat()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("learn by delayed-error alone");
        ModelBundle detect = TestBundles.bundle("/bundles/detect");
        assertThatThrownBy(() -> FACTORY.checkAdaptation(detect, AdaptationSettings.delayedError()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("for anomaly_detection learn by error-levels alone");
        ModelBundle classify = TestBundles.bundle("/bundles/classify");
        assertThatThrownBy(
                        () -> FACTORY.checkAdaptation(classify, AdaptationSettings.delayedError()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("classifies");
        AdaptationSettings some = AdaptationSettings.delayedError();
        AdaptationSettings tight =
                new AdaptationSettings(
                        some.rule(), some.alpha(), 0, 0, 4, some.guards(), 1 << 18, 1000);
        assertThatThrownBy(() -> FACTORY.checkAdaptation(BUNDLE, tight))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a forecast that is pending takes")
                .hasMessageContaining("the budget is 1000");
        FACTORY.checkAdaptation(BUNDLE, some);
    }

    private void follow(float[][] signal, int from, int to, double rate, double hebbianRate) {
        AdaptationSettings settings = settings(rate, hebbianRate);
        try (Plasticity plasticity = FACTORY.plasticity(BUNDLE, engine, settings)) {
            for (int k = from; k < to; k++) {
                learn(plasticity, window(signal, k, 0));
            }
        }
    }

    private void learn(Plasticity plasticity, SignalFrame window) {
        float[] forecast = forecast(window, learned);
        forecasts.add(forecast.clone());
        Lesson lesson = plasticity.learn(learned, window, forecast, List.of());
        learned = lesson.after();
        incidents.addAll(lesson.incidents());
    }

    private static float[] forecast(SignalFrame window, FastWeights known) {
        return model.infer(List.of(new ModelInput(window, CarriedState.empty(), known)))
                .get(0)
                .values();
    }

    private static AdaptationSettings settings(double rate, double hebbianRate) {
        AdaptationSettings some = AdaptationSettings.delayedError();
        return new AdaptationSettings(
                some.rule(),
                some.alpha(),
                rate,
                hebbianRate,
                1,
                some.guards(),
                some.weightBudget(),
                some.pendingBudget());
    }

    /** Slow waves of three periods, which a network of random weights knows nothing of. */
    private static float[][] waves(int length) {
        float[][] signal = new float[CONFIG.channels()][length];
        for (int channel = 0; channel < signal.length; channel++) {
            for (int t = 0; t < length; t++) {
                signal[channel][t] =
                        (float) (Math.sin(2 * Math.PI * t / (90 + 11 * channel) + channel));
            }
        }
        return signal;
    }

    private static SignalFrame window(float[][] signal, int number, int segment) {
        float[] samples = new float[signal.length * LENGTH];
        for (int channel = 0; channel < signal.length; channel++) {
            System.arraycopy(signal[channel], number * HOP, samples, channel * LENGTH, LENGTH);
        }
        long start = 1_700_000_000_000_000_000L + HOURLY.nanosOf((long) number * HOP);
        return new SignalFrame(
                "s",
                (long) number * HOP,
                segment,
                start,
                HOURLY,
                BUNDLE.channelNames().isEmpty() ? List.of("a", "b", "c") : BUNDLE.channelNames(),
                samples,
                0);
    }

    private static double error(float[] forecast, float[][] signal, int number) {
        double sum = 0;
        for (int i = 0; i < forecast.length; i++) {
            double error = forecast[i] - signal[i / HORIZON][number * HOP + LENGTH + i % HORIZON];
            sum += error * error;
        }
        return sum / forecast.length;
    }

    private static float[] turnedRound(float[] values) {
        float[] negative = Arrays.copyOf(values, values.length);
        for (int i = 0; i < negative.length; i++) {
            negative[i] *= -8;
        }
        return negative;
    }
}
