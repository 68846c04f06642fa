/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Incident;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconstructionErrorLearningTest {
    private static final ModelBundle BUNDLE = TestBundles.bundle("/bundles/fill-line");
    private static final TimesNetConfig CONFIG = TimesNetConfig.of(BUNDLE.config());
    private static final int LENGTH = CONFIG.inputLength();
    private static final int WINDOWS = 40;

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

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01})
    void aRunThatGoesOnFromACheckpointGivesTheSameBits(double rate) {
        AdaptationSettings settings = settings(rate, 2);
        LearningStream whole = stream(waves(0.2));
        whole.follow(0, WINDOWS, settings);
        assertThat(whole.learned.updates()).isPositive();
        for (int stop : new int[] {1, 8, 21}) {
            LearningStream broken = stream(waves(0.2));
            broken.follow(0, stop, settings);
            broken.learned = LearningStream.readAgain(broken.learned);
            broken.follow(stop, WINDOWS, settings);
            assertThat(broken.learned).isEqualTo(whole.learned);
            assertThat(broken.results).usingRecursiveComparison().isEqualTo(whole.results);
        }
    }

    /** A network of random weights: the line is right, and the network is not. */
    @Test
    void aNetworkThatKnowsNothingOfAStreamIsTrustedLess() {
        LearningStream stream = stream(waves(0.2));
        stream.follow(0, WINDOWS, settings(0, 1));
        double plain = 0;
        double adapted = 0;
        float[][] complete = waves(0);
        LearningStream truth = stream(complete);
        for (int number = WINDOWS / 2; number < WINDOWS; number++) {
            SignalFrame window = stream.window(number);
            float[] known = truth.window(number).samples();
            plain += error(window, stream.result(window, FastWeights.none()), known);
            adapted += error(window, stream.result(window, stream.learned), known);
        }
        assertThat(adapted).isLessThan(0.5 * plain);
        assertThat(stream.incidents).isEmpty();
    }

    @Test
    void theModulatorFollowsTheGradientIfItHasARate() {
        LearningStream stream = stream(waves(0.2));
        stream.follow(0, 1, settings(0, 1));
        assertThat(stream.learned.deltas()).containsOnlyKeys(ResidualGain.GAIN);
        stream = stream(waves(0.2));
        stream.follow(0, 1, settings(0.01, 1));
        // the first step of Adam is of the size of the rate, whatever the gradient
        for (float value : stream.learned.deltas().get(Modulator.OFFSET)) {
            assertThat(Math.abs(value)).isCloseTo(0.01f, within(1e-4f));
        }
    }

    @Test
    void aWindowWithoutHolesTeachesNothing() {
        LearningStream stream = stream(waves(0));
        stream.follow(0, WINDOWS, settings(0.01, 1));
        assertThat(stream.learned).isSameAs(FastWeights.none());
    }

    @Test
    void ofWindowsWithHolesOnlySomeTeachIfAskedTo() {
        LearningStream stream = stream(waves(0.2));
        stream.follow(0, 9, settings(0, 4));
        assertThat(stream.learned.updates()).isEqualTo(3);
    }

    @Test
    void whatFillsWorseThanTheNetworkOfTheBundleIsForgotten() {
        float[] gains = new float[CONFIG.channels()];
        Arrays.fill(gains, 9);
        LearningStream stream = stream(waves(0.2));
        stream.learned =
                new FastWeights(
                        1,
                        Map.of(ResidualGain.GAIN, gains),
                        Map.of("residual.sums", new float[] {1e7f, 1e6f}));
        stream.follow(0, WINDOWS, settings(0, 1));
        assertThat(stream.incidents).hasSize(1);
        assertThat(stream.incidents.get(0).kind()).isEqualTo(Incident.Kind.RESET);
        assertThat(stream.incidents.get(0).value()).isGreaterThan(10);
        assertThat(stream.learned.deltas().get(ResidualGain.GAIN)[0]).isNegative();
    }

    @Test
    void tooSmallABudgetIsRefused() {
        AdaptationSettings some = AdaptationSettings.reconstructionError();
        AdaptationSettings tight =
                new AdaptationSettings(
                        some.rule(), some.alpha(), 0, 0, 1, some.guards(), 100, 1 << 18);
        assertThatThrownBy(() -> new TimesNetFactory().checkAdaptation(BUNDLE, tight))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("weight-budget");
    }

    private static double error(SignalFrame window, float[] filled, float[] truth) {
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            if (Float.isNaN(window.samples()[i])) {
                sum += Math.pow(filled[i] - truth[i], 2);
            }
        }
        return sum;
    }

    private static AdaptationSettings settings(double rate, int batch) {
        AdaptationSettings some = AdaptationSettings.reconstructionError();
        return new AdaptationSettings(
                some.rule(),
                some.alpha(),
                rate,
                0,
                batch,
                some.guards(),
                some.weightBudget(),
                some.pendingBudget());
    }

    private static LearningStream stream(float[][] signal) {
        return new LearningStream(BUNDLE, engine, model, signal);
    }

    /** Slow waves, with holes. */
    private static float[][] waves(double holes) {
        Random chance = new Random(1);
        float[][] signal = new float[CONFIG.channels()][WINDOWS * LearningStream.HOP + LENGTH];
        for (int channel = 0; channel < signal.length; channel++) {
            for (int t = 0; t < signal[channel].length; t++) {
                signal[channel][t] =
                        chance.nextDouble() < holes
                                ? Float.NaN
                                : (float) Math.sin(2 * Math.PI * t / (40 + 7 * channel));
            }
        }
        return signal;
    }
}
