/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.signal.Slicing;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.time.Duration;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/**
 * The model step of a pipeline whose streams learn and take commands: as {@link
 * ModelOperatorFactory}, connected with a broadcast stream of commands whose watermark is the last
 * one, {@code Long.MAX_VALUE}, once those have been read that there are at the start.
 *
 * @param <R> the record that comes of a window
 */
public final class ControlledModelOperatorFactory<R extends WireRecord>
        extends AbstractStreamOperatorFactory<R>
        implements TwoInputStreamOperatorFactory<SignalFrame, ControlCommand, R> {
    private final String step;
    private final ModelHandle handle;
    private final Class<R> result;
    private final Slicing slicing;
    private final int batchSize;
    private final Duration batchDelay;

    /**
     * @param step the step's id, which dead letters name
     * @param handle of a model whose streams learn
     * @param result the result of the model's signature
     * @param slicing how the windows are cut
     * @param batchSize the most windows in one call of the network
     * @param batchDelay the longest that a window waits for others
     */
    public ControlledModelOperatorFactory(
            String step,
            ModelHandle handle,
            Class<R> result,
            Slicing slicing,
            int batchSize,
            Duration batchDelay) {
        ModelOperatorFactory.requireBatch(batchSize, batchDelay);
        if (!handle.adaptation().adapts()) {
            throw new InvalidInputException(
                    "control: commands are for streams that learn; add adaptation");
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
                new ControlledModelOperator<>(
                        parameters, step, handle, result, slicing, batchSize, batchDelay);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return ControlledModelOperator.class;
    }
}
