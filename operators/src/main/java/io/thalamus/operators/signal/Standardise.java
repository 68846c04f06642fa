/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Brings each channel to mean 0 and deviation 1 with figures that are given, not measured: {@code
 * (x - mean) / deviation}, computed in double and rounded once to float. A missing value stays
 * missing. Without memory.
 */
public final class Standardise implements SignalTransform {
    private final double[] mean;
    private final double[] deviation;

    /**
     * @param mean one figure a channel, in the data's unit
     * @param deviation one figure a channel, in the data's unit; positive
     * @throws InvalidInputException if the figures are not usable
     */
    public Standardise(double[] mean, double[] deviation) {
        if (mean.length == 0 || mean.length != deviation.length) {
            throw new InvalidInputException(
                    "standardise has %d means and %d deviations; give one of each for every channel"
                            .formatted(mean.length, deviation.length));
        }
        for (int channel = 0; channel < mean.length; channel++) {
            if (!Double.isFinite(mean[channel])) {
                throw new InvalidInputException(
                        "standardise: the mean of channel %d is %s; give a number"
                                .formatted(channel + 1, mean[channel]));
            }
            if (!Double.isFinite(deviation[channel]) || deviation[channel] <= 0) {
                throw new InvalidInputException(
                        "standardise: the deviation of channel %d is %s; give a positive number"
                                .formatted(channel + 1, deviation[channel]));
            }
        }
        this.mean = mean.clone();
        this.deviation = deviation.clone();
    }

    /** For each channel, what one unit of the output is in the data's unit. */
    public double[] deviation() {
        return deviation.clone();
    }

    @Override
    public StreamShape outputShape(StreamShape input) {
        check(input.channels().size());
        return input;
    }

    @Override
    public TransformState start(StreamShape input) {
        return TransformState.none();
    }

    @Override
    public void apply(SignalFrame frame, TransformState state, Consumer<SignalFrame> out) {
        float[] samples = frame.samples().clone();
        int length = frame.length();
        for (int i = 0; i < samples.length; i++) {
            int channel = i / length;
            samples[i] = (float) ((samples[i] - mean[channel]) / deviation[channel]);
        }
        out.accept(frame.withSamples(samples, frame.quality()));
    }

    /** A forecast of standardised values in the data's units: {@code x * deviation + mean}. */
    public Forecast restore(Forecast forecast) {
        check(forecast.channels().size());
        float[] values = forecast.values().clone();
        int horizon = forecast.horizon();
        for (int i = 0; i < values.length; i++) {
            int channel = i / horizon;
            values[i] = (float) (values[i] * deviation[channel] + mean[channel]);
        }
        return forecast.withValues(values);
    }

    private void check(int channels) {
        if (channels != mean.length) {
            throw new InvalidInputException(
                    String.format(
                            Locale.ROOT,
                            "standardise has figures for %d channels, the stream has %d",
                            mean.length,
                            channels));
        }
    }
}
