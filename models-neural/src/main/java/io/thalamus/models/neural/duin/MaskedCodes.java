/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a mask model thinks of each patch while it is hidden: the logits of all codes. What is
 * hidden first is drawn for each window and is always the same.
 */
final class MaskedCodes implements TrainableDuin.Network {
    private final DuinConfig config;
    private final FrontEnd front;
    private final Segment masked;

    MaskedCodes(
            ModelSignature signature, DuinConfig config, DuinWeights weights, GraphEngine engine) {
        this.config = config;
        this.front = new FrontEnd(signature, config, weights, engine, StreamModulator.none());
        this.masked =
                new Segment(
                        new DuinGraphs(config, weights, /* tapped= */ false)
                                .masked(config.patches()),
                        engine);
    }

    @Override
    public List<float[]> run(List<ModelInput> batch) {
        Tensor patches = front.patches(batch);
        int count = config.patches();
        float[] masks = new float[patches.dimension(0) * count];
        for (int i = 0; i < batch.size(); i++) {
            SignalFrame window = batch.get(i).window();
            SplittableRandom random =
                    new SplittableRandom(window.streamId().hashCode() ^ window.sequence());
            float[] mask = drawn(random, config, 1);
            System.arraycopy(mask, 0, masks, i * count, count);
        }
        masked.run(patches, Tensor.of(masks, patches.dimension(0), count, 1));
        Tensor scores = masked.output(DuinGraphs.PREDICTED_CODES);
        int size = count * config.outputs();
        List<float[]> results = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            results.add(Arrays.copyOfRange(scores.data(), i * size, (i + 1) * size));
        }
        return results;
    }

    /** What is hidden of so many signals. */
    static float[] drawn(SplittableRandom random, DuinConfig config, int signals) {
        float[] noise = new float[signals * config.patches()];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextDouble();
        }
        return DuinCases.mask(noise, config.patches(), config.maskRatio());
    }

    @Override
    public void close() {
        masked.close();
        front.close();
    }
}
