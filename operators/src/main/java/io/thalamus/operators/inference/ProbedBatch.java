/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Windows of different streams and, behind all of them, the same with other weights. */
public final class ProbedBatch {
    private final List<ModelInput> inputs;
    private final int[] ends;

    /**
     * Asks what weights there are to be tried.
     *
     * @param batch the windows, with what their streams know
     * @param probes what more to infer a window with, of what its stream knows and the window
     */
    public ProbedBatch(
            List<ModelInput> batch,
            BiFunction<FastWeights, SignalFrame, List<FastWeights>> probes) {
        inputs = new ArrayList<>(batch);
        ends = new int[batch.size()];
        for (int i = 0; i < ends.length; i++) {
            ModelInput own = batch.get(i);
            for (FastWeights probe : probes.apply(own.fastWeights(), own.window())) {
                inputs.add(new ModelInput(own.window(), own.state(), probe));
            }
            ends[i] = inputs.size();
        }
    }

    /** All of it, as one call of a model takes it. */
    public List<ModelInput> inputs() {
        return inputs;
    }

    /**
     * What the model has made of a window with each of its probes.
     *
     * @param outputs for all inputs
     */
    public List<float[]> probed(List<ModelOutput> outputs, int window) {
        int from = window == 0 ? ends.length : ends[window - 1];
        return outputs.subList(from, ends[window]).stream().map(ModelOutput::values).toList();
    }
}
