/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.thalamus.operators.signal.quality.EchoReturnLoss;
import io.thalamus.operators.signal.quality.Intelligibility;
import io.thalamus.operators.signal.quality.SignalToDistortion;
import java.io.IOException;
import java.util.Arrays;

/**
 * How well the echo was taken out of a call; a figure that does not apply is NaN.
 *
 * @param name the case
 * @param scenario what happens in it
 * @param missing samples that did not come out, for which the microphone stands in
 * @param erle echo return loss enhancement where nothing but echo is heard, in dB
 * @param erleTail the same from when on a canceller has to have adapted
 * @param output the near end's speech as it came out
 * @param microphone the near end's speech as it went in
 */
public record EchoScore(
        @JsonProperty("case") String name,
        String scenario,
        int missing,
        double erle,
        double erleTail,
        Speech output,
        Speech microphone) {

    /**
     * How good speech is, while the near end speaks.
     *
     * @param siSdr scale-invariant signal-to-distortion ratio, in dB
     * @param stoi short-time objective intelligibility
     * @param estoi the extended one
     */
    public record Speech(double siSdr, double stoi, double estoi) {
        static final Speech UNKNOWN = new Speech(Double.NaN, Double.NaN, Double.NaN);
    }

    static EchoScore of(
            EchoCase one,
            MonoRecording microphone,
            MonoRecording farEnd,
            PlayedStream.Outcome outcome)
            throws IOException {
        double erle = Double.NaN;
        double erleTail = Double.NaN;
        if (one.isEchoAlone()) {
            erle = loss(microphone, farEnd, outcome, 0);
            erleTail = loss(microphone, farEnd, outcome, one.adapted());
        }
        Speech after = Speech.UNKNOWN;
        Speech before = Speech.UNKNOWN;
        if (one.nearStart().isPresent()) {
            MonoRecording near = MonoRecording.read(one.folder().resolve("near.wav"));
            microphone.requireLike(near);
            after = speech(one, near, outcome.values());
            before = speech(one, near, microphone.values());
        }
        return new EchoScore(
                one.name(), one.scenario(), outcome.missing(), erle, erleTail, after, before);
    }

    private static double loss(
            MonoRecording microphone,
            MonoRecording farEnd,
            PlayedStream.Outcome outcome,
            double fromSeconds) {
        return EchoReturnLoss.enhancement(
                microphone.values(),
                farEnd.values(),
                outcome.values(),
                microphone.rate(),
                sample(fromSeconds, microphone));
    }

    private static Speech speech(EchoCase one, MonoRecording near, double[] heard) {
        int from = sample(one.nearStart().orElseThrow(), near);
        int to = sample(one.nearEnd().orElseThrow(), near);
        double[] clean = near.values(from, to);
        double[] part = Arrays.copyOfRange(heard, from, to);
        Intelligibility intelligibility = Intelligibility.of(part, clean, near.rate());
        return new Speech(
                SignalToDistortion.scaleInvariant(part, clean),
                intelligibility.stoi(),
                intelligibility.estoi());
    }

    private static int sample(double seconds, MonoRecording recording) {
        return (int) Math.min(recording.length(), Math.round(seconds * recording.rate().hertz()));
    }
}
