/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.quality;

import io.thalamus.schemas.SampleRate;

/**
 * How much quieter an echo canceller makes the microphone while the far end is to be heard: the
 * echo return loss enhancement (ERLE), {@code 10 log10(sum of microphone^2 / sum of output^2)} over
 * the frames of 20 ms in which the power of the far end is within 40 dB of that of its loudest
 * frame. It tells of the echo only where nobody speaks at the near end.
 */
public final class EchoReturnLoss {
    private static final double FRAME_SECONDS = 0.02;

    /** 40 dB. */
    private static final double QUIETEST = 1e-4;

    private EchoReturnLoss() {}

    /**
     * The enhancement over a recording. Its last frame is left out if it is not whole.
     *
     * @param microphone the signal with echo
     * @param farEnd what the loudspeaker is fed, as long
     * @param output what the canceller makes of the microphone, as long, aligned with it
     * @param rate of all three
     * @param from frames that begin before this sample are left out, once the loudest is known: 0
     *     for the whole, later to see how far a canceller comes after it has adapted
     * @return in dB; infinite if nothing is left, NaN if no frame is taken or the microphone is
     *     silent in all of them
     */
    public static double enhancement(
            double[] microphone, double[] farEnd, double[] output, SampleRate rate, int from) {
        SameLength.check(microphone, farEnd, output);
        int size = (int) Math.round(FRAME_SECONDS * rate.hertz());
        double loudest = 0;
        for (int start = 0; start + size <= farEnd.length; start += size) {
            loudest = Math.max(loudest, power(farEnd, start, size));
        }
        double before = 0;
        double after = 0;
        for (int start = 0; start + size <= farEnd.length; start += size) {
            if (start >= from && loudest > 0 && power(farEnd, start, size) >= QUIETEST * loudest) {
                before += power(microphone, start, size);
                after += power(output, start, size);
            }
        }
        return before == 0 ? Double.NaN : 10 * StrictMath.log10(before / after);
    }

    private static double power(double[] signal, int start, int size) {
        double sum = 0;
        for (int n = start; n < start + size; n++) {
            sum += signal[n] * signal[n];
        }
        return sum;
    }
}
