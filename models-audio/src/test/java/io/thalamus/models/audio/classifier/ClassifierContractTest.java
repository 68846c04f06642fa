/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;

/** Windows of streams that have learned different things share a call, bit for bit. */
class ClassifierContractTest {

    @Nested
    class OfGroups extends Contract {
        OfGroups() {
            super(TestClassifiers.GROUP_NORM);
        }
    }

    @Nested
    class OfBatches extends Contract {
        OfBatches() {
            super(TestClassifiers.BATCH_NORM);
        }
    }

    abstract static class Contract extends ModelContract {
        private final String bundle;

        Contract(String bundle) {
            this.bundle = bundle;
        }

        @Override
        protected StreamModel open(GraphEngine on) {
            return new ClassifierFactory().open(TestClassifiers.bundle(bundle), on);
        }

        /** After a window, by one of the rules. */
        @Override
        protected FastWeights fastWeights(
                GraphEngine on, SignalFrame window, SplittableRandom chance) {
            float[] output = new float[3 + 2 * 8];
            for (int i = 0; i < output.length; i++) {
                output[i] = (float) chance.nextDouble(0.1, 3);
            }
            List<AdaptationSettings> rules =
                    List.of(
                            AdaptationSettings.homeostat().withAlpha(0.5),
                            TestClassifiers.settings(AdaptationSettings.tent(), 1),
                            TestClassifiers.settings(AdaptationSettings.nhl(), 1),
                            TestClassifiers.settings(AdaptationSettings.nhlFirst(), 1));
            try (Plasticity plasticity =
                    new ClassifierFactory()
                            .plasticity(
                                    TestClassifiers.bundle(bundle),
                                    on,
                                    rules.get(chance.nextInt(rules.size())))) {
                return plasticity.learn(FastWeights.none(), window, output, List.of()).after();
            }
        }
    }
}
