/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.List;

/**
 * Forecasts windows. An output's values are {@code channels x horizon}, in the units of the window.
 * It carries no state and does not learn.
 */
final class TimesNet implements StreamModel {
    private static final float[][] NO_MARKS = {};

    private final ModelSignature signature;
    private final TimesNetConfig config;
    private final ForecastNetwork network;

    TimesNet(ModelSignature signature, TimesNetConfig config, ForecastNetwork network) {
        this.signature = signature;
        this.config = config;
        this.network = network;
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
        float[][] forecasts = network.run(windows, marks(batch), /* sharePeriods= */ false);
        return Arrays.stream(forecasts)
                .map(values -> new ModelOutput(values, CarriedState.empty()))
                .toList();
    }

    private float[] samples(ModelInput input) {
        SignalFrame window = input.window();
        signature
                .objectionTo(window.channels(), window.length())
                .ifPresent(
                        objection -> {
                            throw new IllegalArgumentException(objection);
                        });
        return window.samples();
    }

    private float[][] marks(List<ModelInput> batch) {
        if (!config.task().takesTimeMarks()) {
            return NO_MARKS;
        }
        float[][] marks = new float[batch.size()][];
        for (int i = 0; i < marks.length; i++) {
            SignalFrame window = batch.get(i).window();
            marks[i] = config.marks().of(window.startNanos(), window.rate(), window.length());
        }
        return marks;
    }

    @Override
    public Forecast interpret(SignalFrame window, ModelOutput output) {
        return Forecast.after(window, output.values(), signature.model());
    }

    @Override
    public void close() {
        network.close();
    }
}
