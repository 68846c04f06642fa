/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.Slicing;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.time.Duration;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * The model step: windows in, results out. Goes on a stream that is keyed by stream id and whose
 * windows are in order.
 *
 * <pre>{@code
 * windows.transform("forecast", TypeInformation.of(Forecast.class),
 *         new ModelOperatorFactory<>("model", handle, Forecast.class, slicing,
 *                 32, Duration.ofMillis(50)))
 *     .uid("model");
 * }</pre>
 *
 * @param <R> the record that comes of a window
 */
public final class ModelOperatorFactory<R extends WireRecord>
        extends AbstractStreamOperatorFactory<R>
        implements OneInputStreamOperatorFactory<SignalFrame, R> {
    private final String step;
    private final ModelHandle handle;
    private final Class<R> result;
    private final Slicing slicing;
    private final int batchSize;
    private final Duration batchDelay;

    /**
     * @param step the step's id, which dead letters name
     * @param result the result of the model's signature
     * @param slicing how the windows are cut
     * @param batchSize the most windows in one call of the network
     * @param batchDelay the longest that a window waits for others
     */
    public ModelOperatorFactory(
            String step,
            ModelHandle handle,
            Class<R> result,
            Slicing slicing,
            int batchSize,
            Duration batchDelay) {
        if (batchSize < 1) {
            throw new InvalidInputException(
                    "model: batch size is %d; give at least 1 window".formatted(batchSize));
        }
        if (batchDelay.isNegative()) {
            throw new InvalidInputException(
                    "model: batch delay is %s; give a time, or 0".formatted(batchDelay));
        }
        this.step = step;
        this.handle = handle;
        this.result = result;
        this.slicing = slicing;
        this.batchSize = batchSize;
        this.batchDelay = batchDelay;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<R>> T createStreamOperator(
            StreamOperatorParameters<R> parameters) {
        return (T)
                new ModelOperator<>(
                        parameters, step, handle, result, slicing, batchSize, batchDelay);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return ModelOperator.class;
    }
}
