/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.FeedbackContract;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SeparatorContractTest {

    @Nested
    class OfMasks extends Contract {
        OfMasks() {
            super(TestBundles.OTHERS.get(0), 2);
        }

        /** Masks are put on the mixture itself, so it keeps its level, whatever was learned. */
        @Override
        @Test
        protected void learnsWhereItsSignalIs() {
            SplittableRandom random = new SplittableRandom(3);
            try (GraphEngine engine = openEngine()) {
                ModelSignature form = factory().signature(given());
                float[] samples = samples(form, random);
                SignalFrame window = window(form, samples);
                float[] louder = samples.clone();
                for (int i = 0; i < louder.length; i++) {
                    louder[i] *= 5;
                }
                ModelBundle bundle = calibrated(engine, "level", List.of(louder));
                try (StreamModel model = factory().open(bundle, engine);
                        Plasticity plasticity = factory().plasticity(bundle, engine, AT_ONCE)) {
                    float[] before = infer(model, window, FastWeights.none());
                    FastWeights learned =
                            plasticity.learn(FastWeights.none(), window, before, List.of()).after();
                    float[] after = infer(model, window, learned);
                    assertThat(after).isNotEqualTo(before);
                    assertThat(after).containsExactly(before, within(1e-3f));
                }
            }
        }
    }

    @Nested
    class OfVoicesThemselves extends Contract {
        OfVoicesThemselves() {
            super(TestBundles.OTHERS.get(1), 6);
        }
    }

    abstract static class Contract extends FeedbackContract {
        private final String bundle;
        private final int orders;

        /** Of a bundle whose speakers have so many orders. */
        Contract(String bundle, int orders) {
            this.bundle = bundle;
            this.orders = orders;
        }

        @Override
        protected ModelFactory factory() {
            return new SeparatorFactory();
        }

        @Override
        protected Set<String> firstLayer() {
            return Set.of(Encoder.WEIGHT);
        }

        @Override
        protected ModelBundle given() {
            return TestBundles.bundle(bundle);
        }

        /** The first two speakers on each other's track, as nearly always so far. */
        @Override
        protected CarriedState past(CarriedState ofTheSameWindow) {
            Map<String, float[]> arrays = new HashMap<>(ofTheSameWindow.arrays());
            float[] likelihoods = new float[orders];
            float[] counts = new float[orders];
            Arrays.fill(likelihoods, -20);
            likelihoods[orders / 2] = 0;
            counts[orders / 2] = 99;
            arrays.put("likelihoods", likelihoods);
            arrays.put("counts", counts);
            return new CarriedState(arrays);
        }

        /** The norm behind the encoder takes no notice of levels, but it does of an offset. */
        @Override
        protected float[] worn(float[] samples) {
            float[] shifted = samples.clone();
            for (int i = 0; i < shifted.length; i++) {
                shifted[i] += 12;
            }
            return shifted;
        }

        /** Silence, and nearly that. */
        @Override
        protected List<float[]> uninformative(float[] samples) {
            float[] faint = samples.clone();
            for (int i = 0; i < faint.length; i++) {
                faint[i] *= 1e-5f;
            }
            return List.of(new float[samples.length], faint);
        }
    }
}
