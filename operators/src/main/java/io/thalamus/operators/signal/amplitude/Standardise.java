/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.amplitude;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.Locale;

/**
 * Brings each channel to mean 0 and deviation 1 with figures that are given, not measured: {@code
 * (x - mean) / deviation}, computed in double. A missing value stays missing. Without memory or
 * latency.
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
    public PreparedTransform prepare(StreamShape input) {
        check(input.channels().size());
        return new Scaling(input, mean, deviation);
    }

    private record Scaling(StreamShape outputShape, double[] mean, double[] deviation)
            implements PreparedTransform {

        @Override
        public TransformState start() {
            return TransformState.none();
        }

        @Override
        public void apply(SampleBlock in, TransformState state, SampleBlock out) {
            int channels = in.channels();
            int from = 0;
            int to = out.extend(in.length());
            for (int n = 0; n < in.length(); n++) {
                for (int channel = 0; channel < channels; channel++) {
                    out.values()[to + channel] =
                            (in.values()[from + channel] - mean[channel]) / deviation[channel];
                }
                from += channels;
                to += channels;
            }
        }
    }

    /** A forecast of standardised values in the data's units: {@code x * deviation + mean}. */
    public Forecast restore(Forecast forecast) {
        return forecast.withValues(restored(forecast.values(), forecast.channels().size()));
    }

    /** A frame of standardised values in the data's units: {@code x * deviation + mean}. */
    public SignalFrame restore(SignalFrame frame) {
        return frame.withSamples(
                restored(frame.samples(), frame.channels().size()), frame.quality());
    }

    private float[] restored(float[] standardised, int channels) {
        check(channels);
        float[] values = standardised.clone();
        int length = values.length / channels;
        for (int i = 0; i < values.length; i++) {
            int channel = i / length;
            values[i] = (float) (values[i] * deviation[channel] + mean[channel]);
        }
        return values;
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
