/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FastWeightsFormat;
import io.thalamus.operators.adaptation.Incident;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One stream of windows that overlap, with what it learns of them. */
final class LearningStream {
    static final int HOP = 5;
    private static final SampleRate HOURLY = SampleRate.ofPeriod(Duration.ofHours(1));

    final List<float[]> results = new ArrayList<>();
    final List<Incident> incidents = new ArrayList<>();
    FastWeights learned = FastWeights.none();

    private final ModelBundle bundle;
    private final TimesNetConfig config;
    private final GraphEngine engine;
    private final StreamModel model;
    private final float[][] signal;

    /**
     * A stream that has learned nothing.
     *
     * @param signal the samples of each channel
     */
    LearningStream(ModelBundle bundle, GraphEngine engine, StreamModel model, float[][] signal) {
        this.bundle = bundle;
        this.config = TimesNetConfig.of(bundle.config());
        this.engine = engine;
        this.model = model;
        this.signal = signal;
    }

    /** Infers windows, from one to another, and learns from each. */
    void follow(int from, int to, AdaptationSettings settings) {
        try (Plasticity rule = new TimesNetFactory().plasticity(bundle, engine, settings)) {
            for (int number = from; number < to; number++) {
                SignalFrame window = window(number);
                float[] result = result(window, learned);
                results.add(result.clone());
                Lesson lesson = rule.learn(learned, window, result, List.of());
                learned = lesson.after();
                incidents.addAll(lesson.incidents());
            }
        }
    }

    float[] result(SignalFrame window, FastWeights known) {
        ModelInput input = new ModelInput(window, CarriedState.empty(), known);
        return model.infer(List.of(input)).get(0).values();
    }

    SignalFrame window(int number) {
        int length = config.inputLength();
        float[] samples = new float[signal.length * length];
        for (int channel = 0; channel < signal.length; channel++) {
            System.arraycopy(signal[channel], number * HOP, samples, channel * length, length);
        }
        List<String> names = IntStream.range(0, signal.length).mapToObj(c -> "c" + c).toList();
        long sequence = (long) number * HOP;
        long start = 1_700_000_000_000_000_000L + HOURLY.nanosOf(sequence);
        int quality = Quality.of(samples, 0);
        return new SignalFrame("s", sequence, 0, start, HOURLY, names, samples, quality);
    }

    /** What a checkpoint makes of it. */
    static FastWeights readAgain(FastWeights weights) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            FastWeightsFormat.write(new BoundWeights(weights, ""), new DataOutputStream(bytes));
            return FastWeightsFormat.read(
                            new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())))
                    .weights();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
