/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
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
 *         new ModelOperatorFactory<>(new ModelStep<>(
 *                 "model", handle, Forecast.class, slicing, 32, Duration.ofMillis(50))))
 *     .uid("model");
 * }</pre>
 *
 * @param <R> the record that comes of a window
 */
public final class ModelOperatorFactory<R extends WireRecord>
        extends AbstractStreamOperatorFactory<R>
        implements OneInputStreamOperatorFactory<SignalFrame, R> {
    private final ModelStep<R> step;

    public ModelOperatorFactory(ModelStep<R> step) {
        this.step = step;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<R>> T createStreamOperator(
            StreamOperatorParameters<R> parameters) {
        return (T) new ModelOperator<>(parameters, step);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return ModelOperator.class;
    }
}
