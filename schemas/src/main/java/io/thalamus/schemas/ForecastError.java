/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/**
 * How far a forecast was from what came, told once its whole horizon has come: means over the
 * values of all channels, in the model's own units, in which channels count alike.
 *
 * @param streamId the stream
 * @param sequence the index, in the stream, of the first forecast sample
 * @param segment the segment of the forecast
 * @param startNanos the time of the first forecast sample, in nanoseconds since the epoch
 * @param mse mean squared error of the forecast
 * @param mae mean absolute error of the forecast
 * @param forecasts of how many of the stream's forecasts, this one included, the rolling errors are
 * @param rollingMse mean squared error of the newest forecasts
 * @param rollingMae mean absolute error of the newest forecasts
 * @param model the bundle that made the forecast
 */
public record ForecastError(
        String streamId,
        long sequence,
        int segment,
        long startNanos,
        double mse,
        double mae,
        int forecasts,
        double rollingMse,
        double rollingMae,
        String model)
        implements WireRecord {

    @Override
    public String key() {
        return streamId;
    }

    @Override
    public long eventNanos() {
        return startNanos;
    }
}
