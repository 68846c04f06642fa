/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Windows of one hourly stream, for a model without memory. */
final class Windows {
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    private Windows() {}

    static ModelInput hourly(int start, List<String> channels, float[] samples) {
        return hourly("s", start, channels, samples);
    }

    private static ModelInput hourly(
            String stream, int start, List<String> channels, float[] samples) {
        SignalFrame window =
                new SignalFrame(
                        stream, start, 0, HOURLY.nanosOf(start), HOURLY, channels, samples, 0);
        return new ModelInput(window, CarriedState.empty(), FastWeights.none());
    }

    /** Daily rhythms with noise, a window every hour, of the first subject if there are any. */
    static List<ModelInput> rhythmic(ModelSignature signature, int count) {
        SplittableRandom random = new SplittableRandom(1);
        List<String> channels =
                signature.channelNames().isEmpty()
                        ? IntStream.range(0, signature.channels()).mapToObj(i -> "c" + i).toList()
                        : signature.channelNames();
        String stream = signature.subjects().names().stream().findFirst().orElse("s");
        int length = signature.windowLength();
        List<ModelInput> windows = new ArrayList<>();
        for (int start = 0; start < count; start++) {
            float[] samples = new float[channels.size() * length];
            for (int i = 0; i < samples.length; i++) {
                double day = 2 * Math.PI * (start + i % length) / 24;
                samples[i] = (float) (Math.sin(day + i / length) + random.nextDouble());
            }
            windows.add(hourly(stream, start, channels, samples));
        }
        return windows;
    }
}
