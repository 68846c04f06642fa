/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/**
 * The model step of a pipeline whose streams learn and take commands: as {@link
 * ModelOperatorFactory}, connected with a broadcast stream of commands, from {@link CommandCheck},
 * whose watermark is the last one, {@code Long.MAX_VALUE}, once those have been read that there are
 * at the start.
 *
 * @param <R> the record that comes of a window
 */
public final class ControlledModelOperatorFactory<R extends WireRecord>
        extends AbstractStreamOperatorFactory<R>
        implements TwoInputStreamOperatorFactory<SignalFrame, CheckedCommand, R> {
    private final ModelStep<R> step;

    /**
     * For a step.
     *
     * @throws InvalidInputException if its streams do not learn
     */
    public ControlledModelOperatorFactory(ModelStep<R> step) {
        if (!step.handle().adaptation().adapts()) {
            throw new InvalidInputException(
                    "control: commands are for streams that learn; add adaptation");
        }
        this.step = step;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<R>> T createStreamOperator(
            StreamOperatorParameters<R> parameters) {
        return (T) new ControlledModelOperator<>(parameters, step);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return ControlledModelOperator.class;
    }
}
