/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.LearningModel;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Forecasts of ETTh1 by the shipped network, a window every hour, frozen and with the preset {@code
 * delayed-error}: mean squared errors over four months and over each quarter of them. The arguments
 * are the file, {@code validation} or {@code test}, and what is done to the standardised series:
 * {@code nothing}; {@code drift}, a slow gain and a wandering level for each variable; or {@code
 * fault}, after a third of the time the first variable three deviations higher and the last one
 * stuck. A fourth argument is {@code hebbian-rate}.
 */
public final class AdaptedForecasts {
    private static final int TRAINING = 8640;
    private static final int PERIOD = 2880;
    private static final int LENGTH = 96;
    private static final int VARIABLES = 7;
    private static final double[] GAIN_PHASES = {
        0.870249, 0.286817, 0.603148, 0.777534, 0.716075, 0.91538, 0.860394
    };
    private static final double[] LEVEL_PHASES = {
        0.918238, 0.026588, 0.437248, 0.484944, 0.065154, 0.005626, 0.830621
    };

    private final int first;
    private final float[][] series;

    private AdaptedForecasts(Path file, int first, String change) throws IOException {
        this.first = first;
        this.series = standardised(file);
        float[] stuck = series[first + PERIOD / 3 - 1].clone();
        for (int i = first - LENGTH; i < first + PERIOD; i++) {
            double s = (i - first) / (double) PERIOD;
            switch (change) {
                case "nothing" -> {}
                case "drift" -> drift(series[i], s);
                case "fault" -> {
                    if (i >= first + PERIOD / 3) {
                        series[i][0] += 3;
                        series[i][VARIABLES - 1] = stuck[VARIABLES - 1];
                    }
                }
                default -> throw new IllegalArgumentException("no such change: " + change);
            }
        }
    }

    private static void drift(float[] values, double s) {
        for (int j = 0; j < VARIABLES; j++) {
            double gain = 1 + 0.6 * Math.sin(2 * Math.PI * (2 * s + GAIN_PHASES[j]));
            double level = 0.5 * Math.sin(2 * Math.PI * (12 * s + LEVEL_PHASES[j]));
            values[j] = (float) (gain * values[j] + level);
        }
    }

    private static float[][] standardised(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        float[][] values = new float[TRAINING + 2 * PERIOD][VARIABLES];
        for (int j = 0; j < VARIABLES; j++) {
            double[] column = new double[values.length];
            double mean = 0;
            for (int i = 0; i < column.length; i++) {
                column[i] = Double.parseDouble(lines.get(i + 1).split(",")[j + 1]);
                mean += i < TRAINING ? column[i] / TRAINING : 0;
            }
            double variance = 0;
            for (int i = 0; i < TRAINING; i++) {
                variance += (column[i] - mean) * (column[i] - mean) / TRAINING;
            }
            for (int i = 0; i < column.length; i++) {
                values[i][j] = (float) ((column[i] - mean) / Math.sqrt(variance));
            }
        }
        return values;
    }

    private SignalFrame window(int at, List<String> names) {
        long start =
                Instant.parse("2016-07-01T00:00:00Z")
                        .plus(Duration.ofHours(first - LENGTH + at))
                        .getEpochSecond();
        SampleRate hourly = SampleRate.ofPeriod(Duration.ofHours(1));
        float[] samples = values(first - LENGTH + at);
        return new SignalFrame("ETTh1", at, 0, start * 1_000_000_000, hourly, names, samples, 0);
    }

    private float[] values(int from) {
        float[] values = new float[VARIABLES * LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = series[from + i % LENGTH][i / LENGTH];
        }
        return values;
    }

    private double[] frozen(StreamModel model, List<String> names) {
        double[] errors = new double[PERIOD - LENGTH + 1];
        for (int at = 0; at < errors.length; at++) {
            ModelInput input =
                    new ModelInput(window(at, names), CarriedState.empty(), FastWeights.none());
            errors[at] = error(at, model.infer(List.of(input)).get(0).values());
        }
        return errors;
    }

    private double[] adapted(LearningModel model, List<String> names) {
        double[] errors = new double[PERIOD - LENGTH + 1];
        FastWeights learned = FastWeights.none();
        for (int at = 0; at < errors.length; at++) {
            ModelInput input = new ModelInput(window(at, names), CarriedState.empty(), learned);
            LearningModel.Result result = model.infer(List.of(input)).get(0);
            errors[at] = error(at, result.output().values());
            learned = result.lesson().after();
            result.lesson().incidents().forEach(System.out::println);
        }
        return errors;
    }

    private double error(int at, float[] forecast) {
        float[] truth = values(first + at);
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            double error = (double) forecast[i] - truth[i];
            sum += error * error / truth.length;
        }
        return sum;
    }

    private static double mean(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum / (to - from);
    }

    private static void print(String part, double[] frozen, double[] adapted, int from, int to) {
        double before = mean(frozen, from, to);
        double after = mean(adapted, from, to);
        System.out.printf(
                Locale.ROOT,
                "%-10s frozen %.4f  adapted %.4f  %+.2f %%%n",
                part,
                before,
                after,
                100 * (after / before - 1));
    }

    public static void main(String[] args) throws IOException {
        double hebbianRate = args.length > 3 ? Double.parseDouble(args[3]) : 0;
        int first = args[1].equals("test") ? TRAINING + PERIOD : TRAINING;
        AdaptedForecasts data = new AdaptedForecasts(Path.of(args[0]), first, args[2]);
        ModelBundle bundle = ModelBundle.open(Path.of("pipelines/bundles/timesnet-etth1-96-96"));
        var factory = ModelFactories.forBundle(bundle, AdaptedForecasts.class.getClassLoader());
        try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                StreamModel model = factory.open(bundle, engine);
                LearningModel learning =
                        LearningModel.open(
                                factory,
                                bundle,
                                engine,
                                model,
                                AdaptationSettings.delayedError().withHebbianRate(hebbianRate))) {
            List<String> names = bundle.channelNames();
            double[] frozen = data.frozen(model, names);
            double[] adapted = data.adapted(learning, names);
            print("whole", frozen, adapted, 0, frozen.length);
            for (int quarter = 0; quarter < 4; quarter++) {
                int from = frozen.length * quarter / 4;
                int to = frozen.length * (quarter + 1) / 4;
                print("quarter " + (quarter + 1), frozen, adapted, from, to);
            }
        }
    }
}
