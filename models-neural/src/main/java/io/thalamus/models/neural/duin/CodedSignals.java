/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Signals as codes tell them, and these codes, each without the other. */
final class CodedSignals implements TrainableDuin.Network {
    private final Reconstruction model;
    private int[] codes = new int[0];

    CodedSignals(Reconstruction model) {
        this.model = model;
    }

    @Override
    public List<float[]> run(List<ModelInput> batch) {
        List<ModelOutput> outputs = model.infer(batch);
        codes = outputs.stream().map(ModelOutput::values).flatMapToInt(model::codes).toArray();
        List<float[]> signals = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            int size = batch.get(i).window().samples().length;
            signals.add(Arrays.copyOf(outputs.get(i).values(), size));
        }
        return signals;
    }

    @Override
    public int[] codes() {
        return codes;
    }

    @Override
    public void close() {
        model.close();
    }
}
