/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The smallest model with a memory and something to learn: it forecasts each channel's leaky mean,
 * times a gain that the stream learns. Needs no engine and no weights.
 *
 * <p>Carried state {@code mean} and fast weights {@code gain}: one value a channel. A model that is
 * configured without memory starts each window's mean at 0.
 */
public final class LeakyMean implements StreamModel {
    public static final String MEAN = "mean";
    public static final String GAIN = "gain";

    /** What it remarks, with a memory, on a window before which there is none. */
    public static final String STARTS = "the mean starts";

    private final ModelSignature signature;
    private final int records;
    private final float kept;

    /**
     * @param records that come of a window, all the same
     * @param kept the share of the mean that a sample leaves
     */
    LeakyMean(ModelSignature signature, int records, float kept) {
        this.signature = signature;
        this.records = records;
        this.kept = kept;
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        if (signature.carriesState()) {
            // A stream is there once, and once more where it is compared with the bundle's weights.
            long streams =
                    batch.stream()
                            .map(
                                    input ->
                                            input.window().streamId()
                                                    + input.fastWeights().deltas().isEmpty())
                            .distinct()
                            .count();
            if (streams != batch.size()) {
                throw new IllegalArgumentException("a stream is in the batch twice");
            }
        }
        List<ModelOutput> outputs = new ArrayList<>();
        for (ModelInput input : batch) {
            outputs.add(infer(input));
        }
        return outputs;
    }

    private ModelOutput infer(ModelInput input) {
        SignalFrame window = input.window();
        int channels = signature.channels();
        float[] mean = input.state().arrays().getOrDefault(MEAN, new float[channels]).clone();
        float[] gain = input.fastWeights().deltas().getOrDefault(GAIN, new float[channels]);
        float[] values = new float[channels * signature.horizon()];
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < window.length(); i++) {
                mean[channel] = kept * mean[channel] + (1 - kept) * window.sample(channel, i);
            }
            Arrays.fill(
                    values,
                    channel * signature.horizon(),
                    (channel + 1) * signature.horizon(),
                    mean[channel] * (1 + gain[channel]));
        }
        return new ModelOutput(
                values,
                signature.carriesState()
                        ? new CarriedState(Map.of(MEAN, mean))
                        : CarriedState.empty(),
                signature.carriesState() && input.state().arrays().isEmpty()
                        ? List.of(STARTS)
                        : List.of());
    }

    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        return Collections.nCopies(
                records, Forecast.after(window, output.values(), signature.model()));
    }

    @Override
    public void close() {
        // nothing is held outside the heap
    }
}
