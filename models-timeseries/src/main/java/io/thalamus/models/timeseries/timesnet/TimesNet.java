/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.RunningLevels;
import io.thalamus.operators.adaptation.Softmax;
import io.thalamus.operators.adaptation.TrendCorrection;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * A network with what its output means. An output's values are, in the units of the window, {@code
 * channels x horizon} of a forecast, {@code channels x length} of a reconstruction of every point,
 * or one logit for each class. It carries no state. What a stream has learned is applied: a {@link
 * Modulator} inside the network, a {@link TrendCorrection} to a forecast that comes of it, a {@link
 * ResidualGain} to a reconstruction.
 */
final class TimesNet implements StreamModel {
    private final ModelSignature signature;
    private final TimesNetConfig config;
    private final Network network;
    private final TrendCorrection trend;
    private final ResidualGain gain;

    TimesNet(ModelSignature signature, TimesNetConfig config, Network network) {
        this.signature = signature;
        this.config = config;
        this.network = network;
        this.trend = new TrendCorrection(config.channels(), config.inputLength(), config.horizon());
        this.gain = new ResidualGain(config);
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        if (batch.isEmpty()) {
            return List.of();
        }
        float[][] windows = new float[batch.size()][];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = samples(batch.get(i));
        }
        List<SignalFrame> frames = batch.stream().map(ModelInput::window).toList();
        float[][] results =
                network.run(
                        windows,
                        config.timeFeatures(frames),
                        batch.stream().map(ModelInput::fastWeights).toList());
        List<ModelOutput> outputs = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            float[] values = corrected(batch.get(i), results[i]);
            outputs.add(new ModelOutput(values, CarriedState.empty()));
        }
        return outputs;
    }

    private float[] corrected(ModelInput input, float[] result) {
        FastWeights learned = input.fastWeights();
        float[] window = input.window().samples();
        if (ResidualGain.isIn(learned)) {
            return gain.applied(learned, window, result);
        }
        if (!DelayedErrorLearning.corrects(learned)) {
            return result;
        }
        float[] map = learned.deltas().get(DelayedErrorLearning.MAP);
        float[] levels = RunningLevels.until(learned.memory(), input.window());
        return trend.added(map, window, levels, result);
    }

    private float[] samples(ModelInput input) {
        SignalFrame window = input.window();
        signature
                .objectionTo(StreamShape.of(window), window.length())
                .ifPresent(
                        objection -> {
                            throw new IllegalArgumentException(objection);
                        });
        return window.samples();
    }

    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        float[] values = output.values();
        String model = signature.model();
        WireRecord record =
                switch (config.task()) {
                    case LONG_TERM_FORECAST, SHORT_TERM_FORECAST ->
                            Forecast.after(window, values, model);
                    case IMPUTATION -> window.filledFrom(values);
                    case ANOMALY_DETECTION ->
                            AnomalyScore.of(window, window.squaredErrors(values), model);
                    case CLASSIFICATION ->
                            Classification.of(
                                    window,
                                    config.classes(),
                                    Softmax.of(values, values.length),
                                    model);
                };
        return List.of(record);
    }

    @Override
    public void close() {
        network.close();
    }
}
