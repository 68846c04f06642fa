/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.detection.DetectionState;
import io.thalamus.operators.signal.detection.FixedThreshold;
import io.thalamus.operators.signal.detection.PercentileThreshold;
import io.thalamus.operators.signal.detection.ThresholdRule;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ErrorLevelLearningTest {
    private static final ModelBundle BUNDLE = TestBundles.bundle("/bundles/detect");
    private static final TimesNetConfig CONFIG = TimesNetConfig.of(BUNDLE.config());
    private static final int LENGTH = CONFIG.inputLength();
    private static final int WINDOWS = 60;
    private static final AdaptationSettings SETTINGS = AdaptationSettings.errorLevels();

    private static GraphEngine engine;
    private static StreamModel model;

    @BeforeAll
    static void open() {
        engine = TestEngines.open("mxnet");
        model = new TimesNetFactory().open(BUNDLE, engine);
    }

    @AfterAll
    static void close() {
        model.close();
        engine.close();
    }

    @Test
    void aRunThatGoesOnFromACheckpointGivesTheSameBits() {
        AdaptationSettings alarmed =
                SETTINGS.withAlarm(new PercentileThreshold(5, Span.ofSamples(40)));
        LearningStream whole = stream(noise());
        whole.follow(0, WINDOWS, alarmed);
        for (int stop : new int[] {1, 7, 31}) {
            LearningStream broken = stream(noise());
            broken.follow(0, stop, alarmed);
            broken.learned = LearningStream.readAgain(broken.learned);
            broken.follow(stop, WINDOWS, alarmed);
            assertThat(broken.learned).isEqualTo(whole.learned);
            assertThat(broken.results).usingRecursiveComparison().isEqualTo(whole.results);
        }
    }

    @Test
    void theUsualErrorsOfAllChannelsBecomeOneAsFarAsTheLimitGoes() {
        LearningStream stream = stream(noise());
        stream.follow(0, WINDOWS, SETTINGS);
        double[] plain = meanErrors(stream, FastWeights.none());
        double[] weighted = meanErrors(stream, stream.learned);
        // deviations of 1, 2, 0.5 and 100: errors of 1, 4, 1/4 and 10^4
        assertThat(plain[1] / plain[2]).isGreaterThan(5);
        assertThat(weighted[1] / weighted[2]).isBetween(0.7, 1.4);
        assertThat(weighted[3]).isCloseTo(plain[3] / 16, within(1e-4 * plain[3]));
    }

    @Test
    void scoresAboveTheAlarmTeachNothing() {
        AdaptationSettings alarmed = SETTINGS.withAlarm(new FixedThreshold(1e5));
        float[][] signal = noise();
        LearningStream stream = stream(signal);
        stream.follow(0, 5, alarmed);
        assertThat(stream.learned.updates()).isEqualTo(5);
        signal[0][5 * LearningStream.HOP + LENGTH - 1] += 1000;
        Map<String, float[]> known = stream.learned.deltas();
        stream.follow(5, 6, alarmed);
        assertThat(stream.learned.updates()).isEqualTo(5);
        assertThat(stream.learned.deltas()).isEqualTo(known);
        stream.follow(6, 7, SETTINGS);
        assertThat(stream.learned.updates()).isEqualTo(6);
    }

    @Test
    void theAlarmSoundsWhereAnomaliesAreFound() {
        ThresholdRule rule = new PercentileThreshold(10, Span.ofSamples(50));
        Detection detection = new Detection(rule, Span.ofSamples(3), Span.ofSamples(1));
        LearningStream stream = stream(noise());
        Alarm alarm = new Alarm(rule);
        Map<String, float[]> memory = new HashMap<>();
        DetectionState state = null;
        int sounded = 0;
        for (int number = 0; number < WINDOWS; number++) {
            SignalFrame window = stream.window(number);
            float[] output = stream.result(window, FastWeights.none());
            AnomalyScore score = AnomalyScore.of(window, window.squaredErrors(output), "m");
            state = state == null ? detection.before(score) : state;
            int[] above = new int[1];
            state = detection.take(score, state, new Above(above));
            boolean sounds = alarm.sounds(memory, window, output);
            assertThat(sounds).isEqualTo(above[0] > 0);
            sounded += sounds ? 1 : 0;
        }
        assertThat(sounded).isBetween(1, WINDOWS - 20);
    }

    @Test
    void theAlarmSoundsWhereAnomaliesAreFoundAtAnotherRateToo() {
        ThresholdRule rule = new PercentileThreshold(10, Span.of(Duration.ofHours(50)));
        LearningStream stream = stream(noise());
        for (Duration period : List.of(Duration.ofMinutes(15), Duration.ofHours(2))) {
            Detection detection = new Detection(rule, Span.ofSamples(3), Span.ofSamples(1));
            Alarm alarm = new Alarm(rule);
            Map<String, float[]> memory = new HashMap<>();
            DetectionState state = null;
            int sounded = 0;
            for (int number = 0; number < WINDOWS; number++) {
                SignalFrame window = stream.window(number);
                window = number < WINDOWS / 2 ? window : sampled(window, period);
                float[] output = stream.result(window, FastWeights.none());
                AnomalyScore score = AnomalyScore.of(window, window.squaredErrors(output), "m");
                state = state == null ? detection.before(score) : state;
                int[] above = new int[1];
                state = detection.take(score, state, new Above(above));
                boolean sounds = alarm.sounds(memory, window, output);
                assertThat(sounds).isEqualTo(above[0] > 0);
                sounded += sounds && number >= WINDOWS / 2 ? 1 : 0;
            }
            assertThat(sounded).isPositive();
        }
    }

    private static SignalFrame sampled(SignalFrame window, Duration period) {
        return new SignalFrame(
                window.streamId(),
                window.sequence(),
                window.segment() + 1,
                window.startNanos(),
                SampleRate.ofPeriod(period),
                window.channels(),
                window.samples(),
                window.quality());
    }

    /** As detection does, whose threshold would otherwise be another one when learning goes on. */
    @Test
    void theAlarmHearsPaddedWindowsAndFrozenStreams() {
        AdaptationSettings alarmed =
                SETTINGS.withAlarm(new PercentileThreshold(5, Span.ofSamples(40)));
        LearningStream stream = stream(noise());
        SignalFrame window = stream.window(0);
        float[] output = stream.result(window, FastWeights.none());
        SignalFrame padded = window.withSamples(window.samples(), Quality.PADDED.bit());
        Map<String, float[]> memory = new HashMap<>();
        new Alarm(alarmed.alarm()).sounds(memory, window, output);
        FastWeights heard = new FastWeights(0, Map.of(), memory);
        GuardedPlasticity guarded =
                new GuardedPlasticity(new ErrorLevelLearning(CONFIG, alarmed), alarmed.guards());
        assertThat(guarded.learn(FastWeights.none(), padded, output, List.of()).after())
                .isEqualTo(heard);
        FastWeights frozen = guarded.freeze(FastWeights.none(), true).after();
        assertThat(guarded.learn(frozen, window, output, List.of()).after())
                .isEqualTo(guarded.freeze(heard, true).after());
    }

    /** Counts what is too high. */
    private record Above(int[] count) implements Detection.Output {
        @Override
        public void scored(AnomalyScore score) {
            assertThat(score.joint()).isNotEmpty();
        }

        @Override
        public void found(AnomalyEvent event) {
            assertThat(event.threshold()).isFinite();
        }

        @Override
        public void measured(int above, double threshold) {
            count[0] = above;
        }
    }

    private static double[] meanErrors(LearningStream stream, FastWeights learned) {
        double[] errors = new double[CONFIG.channels()];
        for (int number = 0; number < WINDOWS; number++) {
            SignalFrame window = stream.window(number);
            float[] squares = window.squaredErrors(stream.result(window, learned));
            for (int i = 0; i < squares.length; i++) {
                errors[i / LENGTH] += squares[i] / LENGTH / WINDOWS;
            }
        }
        return errors;
    }

    private static LearningStream stream(float[][] signal) {
        return new LearningStream(BUNDLE, engine, model, signal);
    }

    private static float[][] noise() {
        List<Double> deviations = List.of(1.0, 2.0, 0.5, 100.0);
        Random chance = new Random(1);
        float[][] signal = new float[CONFIG.channels()][WINDOWS * LearningStream.HOP + LENGTH];
        for (int channel = 0; channel < signal.length; channel++) {
            for (int t = 0; t < signal[channel].length; t++) {
                signal[channel][t] = (float) (deviations.get(channel) * chance.nextGaussian());
            }
        }
        return signal;
    }
}
