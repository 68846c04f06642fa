/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.TestEngines;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpeechSeparatorTest {

    /** What was carried has given the speakers in the other order nearly always, but last. */
    private static CarriedState otherwise(CarriedState state) {
        Map<String, float[]> arrays = new HashMap<>(state.arrays());
        arrays.put("likelihoods", new float[] {0, -20});
        arrays.put("counts", new float[] {0, 99});
        arrays.put("heard", new float[2]);
        return new CarriedState(arrays);
    }

    @Test
    void remarksThatVoicesWereExchanged() {
        try (GraphEngine engine = TestEngines.open("reference");
                StreamModel model =
                        new SeparatorFactory()
                                .open(TestBundles.bundle(TestBundles.OTHERS.get(0)), engine)) {
            ModelOutput first = infer(model, 0, CarriedState.empty());
            ModelOutput kept = infer(model, 1, first.state());
            ModelOutput exchanged = infer(model, 1, otherwise(first.state()));
            ModelOutput after = infer(model, 2, exchanged.state());

            assertThat(first.remarks()).isEmpty();
            assertThat(kept.remarks()).isEmpty();
            assertThat(exchanged.remarks())
                    .containsExactly(
                            "voices exchanged: from here on /1 is the network's output 2, /2 is"
                                    + " the network's output 1");
            assertThat(after.remarks()).isEmpty();
        }
    }

    /** A window that shares no samples with the one before. */
    private static ModelOutput infer(StreamModel model, int index, CarriedState before) {
        ModelSignature signature = model.signature();
        int length = signature.windowLength();
        float[] samples = new float[length];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < length; i++) {
            samples[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        SignalFrame window =
                new SignalFrame(
                        "s",
                        (long) index * length,
                        0,
                        0,
                        SampleRate.ofHertz(8000),
                        List.of("x"),
                        samples,
                        0);
        return model.infer(List.of(new ModelInput(window, before, FastWeights.none()))).get(0);
    }
}
