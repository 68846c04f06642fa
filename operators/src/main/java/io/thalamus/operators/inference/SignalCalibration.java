/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statistics of a {@link ModulatedSignal}, over those windows that could be learned from. */
public final class SignalCalibration implements Calibration {
    private final ModulatedSignal signal;
    private final StreamModel model;
    private final double[] means;
    private final double[] squares;
    private long windows;
    private CarriedState state = CarriedState.empty();
    private SignalFrame last;

    /**
     * Of nothing so far.
     *
     * @param model closed with this
     */
    public SignalCalibration(ModulatedSignal signal, StreamModel model) {
        this.signal = signal;
        this.model = model;
        this.means = new double[signal.channels()];
        this.squares = new double[signal.channels()];
    }

    @Override
    public void add(SignalFrame window) {
        take(window);
    }

    /**
     * Takes one more window.
     *
     * @return what the model made of it; nothing if it could not be learned from
     */
    public Optional<ModelOutput> take(SignalFrame window) {
        if (last == null || !follows(window)) {
            state = CarriedState.empty();
        }
        ModelInput input = new ModelInput(window, state, FastWeights.none());
        ModelOutput output = StreamModel.inferred(model, List.of(input)).get(0);
        state = output.state();
        last = window;
        if (!signal.judge().teaches(window)) {
            return Optional.empty();
        }
        ChannelStatistics found = ChannelStatistics.endOf(output.values(), means.length);
        for (int k = 0; k < means.length; k++) {
            double mean = found.mean()[k];
            means[k] += mean;
            squares[k] += found.variance()[k] + mean * mean;
        }
        windows++;
        return Optional.of(output);
    }

    @Override
    public void skip() {
        last = null;
    }

    private boolean follows(SignalFrame window) {
        return window.streamId().equals(last.streamId()) && window.segment() == last.segment();
    }

    @Override
    public Map<String, Tensor> statistics() {
        if (windows == 0) {
            throw new InvalidInputException(
                    "none of the windows is one that %s could learn from; give other recordings"
                            .formatted(model.signature().model()));
        }
        float[] mean = new float[means.length];
        float[] variance = new float[means.length];
        for (int k = 0; k < mean.length; k++) {
            double centre = means[k] / windows;
            mean[k] = (float) centre;
            variance[k] = (float) Math.max(0, squares[k] / windows - centre * centre);
        }
        return Map.of(
                signal.meanName(), Tensor.of(mean, mean.length),
                signal.varianceName(), Tensor.of(variance, variance.length));
    }

    @Override
    public void close() {
        model.close();
    }
}
