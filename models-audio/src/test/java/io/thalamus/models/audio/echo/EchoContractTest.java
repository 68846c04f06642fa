/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.FeedbackContract;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

class EchoContractTest extends FeedbackContract {

    @Override
    protected ModelFactory factory() {
        return new EchoFactory();
    }

    @Override
    protected Set<String> firstLayer() {
        return Set.of("stem.w_re", "stem.w_im");
    }

    /** An offset would change the phase. */
    @Override
    protected Set<String> modulator() {
        return Set.of("modulator.gain");
    }

    @Override
    protected ModelBundle given() {
        return TestBundles.bundle(TestBundles.SMALL);
    }

    /** A far end, and of it a faint echo; of more frames than the first layer reaches over. */
    @Override
    protected float[] samples(ModelSignature form, SplittableRandom chance) {
        float[] samples = samples(form, 4 * form.windowStep() + form.windowLength(), chance);
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= i < samples.length / 2 ? 0.01f : 0.1f;
        }
        return samples;
    }

    /**
     * A voice at the near end, as loud as the far end, alone and not, an idle call, silence, no
     * microphone.
     */
    @Override
    protected List<float[]> uninformative(float[] samples) {
        int length = samples.length / 2;
        float[] both = samples.clone();
        for (int i = 0; i < length; i++) {
            both[i] += (float) Math.sin(0.3 * i);
        }
        float[] near = both.clone();
        Arrays.fill(near, length, 2 * length, 0);
        float[] disconnected = samples.clone();
        Arrays.fill(disconnected, 0, length, 0);
        float[] faint = samples.clone();
        for (int i = 0; i < faint.length; i++) {
            faint[i] *= 1e-3f;
        }
        return List.of(both, near, faint, new float[2 * length], disconnected);
    }
}
