/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.operators.signal.quality.SignalToDistortion;
import io.thalamus.schemas.SampleRate;

/**
 * How well the speakers of a mixture were told apart.
 *
 * @param mixture its name
 * @param seconds how long it is
 * @param speakers how many there are
 * @param missing samples that did not come out, over all outputs, for which the mixture stands in
 * @param fixed with the outputs in the one order that is best for the whole mixture
 * @param followed with the outputs in the order that is best at each time, as if none had been
 *     swapped
 * @param swaps how often that order changed
 */
public record SeparationScore(
        String mixture,
        double seconds,
        int speakers,
        int missing,
        Ratio fixed,
        Ratio followed,
        int swaps) {

    /**
     * The mean over the speakers.
     *
     * @param siSdr scale-invariant signal-to-distortion ratio, in dB
     * @param siSdri by how much it is better than that of the mixture, in dB
     */
    public record Ratio(double siSdr, double siSdri) {}

    /**
     * Compares what came of a mixture with what was said.
     *
     * @param name the mixture's
     * @param rate of all signals
     * @param mixture what was separated
     * @param sources what each speaker said, as long as the mixture
     * @param outputs as many, in any order, and as long
     * @param missing samples of the outputs for which the mixture stands in
     */
    public static SeparationScore of(
            String name,
            SampleRate rate,
            float[] mixture,
            float[][] sources,
            float[][] outputs,
            int missing) {
        Assignments assignments = new Assignments(sources, outputs);
        Assignments.Followed followed = assignments.followed(rate);
        return new SeparationScore(
                name,
                mixture.length / rate.hertz(),
                sources.length,
                missing,
                ratio(assignments.fixed(), sources, mixture),
                ratio(followed.outputs(), sources, mixture),
                followed.swaps());
    }

    private static Ratio ratio(float[][] outputs, float[][] sources, float[] mixture) {
        double ratio = 0;
        double before = 0;
        for (int speaker = 0; speaker < sources.length; speaker++) {
            ratio += whole(outputs[speaker], sources[speaker]);
            before += whole(mixture, sources[speaker]);
        }
        return new Ratio(ratio / sources.length, (ratio - before) / sources.length);
    }

    private static double whole(float[] estimate, float[] source) {
        return SignalToDistortion.scaleInvariant(estimate, source, 0, source.length);
    }
}
