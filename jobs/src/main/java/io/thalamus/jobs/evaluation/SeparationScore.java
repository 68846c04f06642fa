/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.operators.signal.quality.SignalToDistortion;
import java.util.List;

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

    static SeparationScore of(
            String name,
            MonoRecording sum,
            List<MonoRecording> sources,
            List<PlayedStream.Outcome> outcomes) {
        double[][] said = sources.stream().map(MonoRecording::values).toArray(double[][]::new);
        double[][] heard =
                outcomes.stream().map(PlayedStream.Outcome::samples).toArray(double[][]::new);
        Assignments assignments = new Assignments(said, heard);
        Assignments.Followed followed = assignments.followed(sum.rate());
        return new SeparationScore(
                name,
                sum.length() / sum.rate().hertz(),
                sources.size(),
                outcomes.stream().mapToInt(PlayedStream.Outcome::missing).sum(),
                ratio(assignments.fixed(), said, sum.values()),
                ratio(followed.outputs(), said, sum.values()),
                followed.swaps());
    }

    private static Ratio ratio(double[][] outputs, double[][] sources, double[] mixture) {
        double ratio = 0;
        double improvement = 0;
        for (int speaker = 0; speaker < sources.length; speaker++) {
            ratio += SignalToDistortion.scaleInvariant(outputs[speaker], sources[speaker]);
            improvement +=
                    SignalToDistortion.improvement(outputs[speaker], mixture, sources[speaker]);
        }
        return new Ratio(ratio / sources.length, improvement / sources.length);
    }
}
