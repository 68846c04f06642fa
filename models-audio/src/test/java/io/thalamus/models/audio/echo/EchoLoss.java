/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

/**
 * The loss of the training recipe: compressed spectra and magnitudes of voice and echo against the
 * true ones, and its gradient by the network's output.
 */
final class EchoLoss {
    private static final double TINY = 1e-8;
    private static final double POWER = 0.3;
    private static final double COMPLEX = 0.3;
    private static final double MAGNITUDE = 0.7;
    private static final double ECHO = 0.3;
    private static final double MASK_TINY = 1e-12;

    /** Voice complex, voice magnitude, echo complex, echo magnitude, total. */
    final double[] parts = new double[5];

    private final double count;

    /**
     * @param count values of a mask in the whole batch
     */
    EchoLoss(int count) {
        this.count = count;
    }

    /**
     * Adds one signal of the batch.
     *
     * @param masks the network's output for it, {@code [4, frames, bins]}, from a place on
     * @param byMasks takes the gradient by it
     */
    void add(
            Cancellation made,
            Spectra trueVoice,
            Spectra trueEcho,
            float[] masks,
            float[] byMasks,
            int from) {
        int size = trueVoice.re().length;
        for (int i = 0; i < size; i++) {
            double[] byVoice = pair(1, 0, made.voice(), trueVoice, i);
            double[] byEcho = pair(ECHO, 2, made.echo(), trueEcho, i);
            double[] rest = {
                made.microphone().re()[i] - made.echo().re()[i],
                made.microphone().im()[i] - made.echo().im()[i]
            };
            double[] bySpeech = timesConjugate(byVoice, rest);
            double[] byRest = timesConjugate(byVoice, at(made.voiceMask(), i));
            double[] byEstimate = {byEcho[0] - byRest[0], byEcho[1] - byRest[1]};
            double[] byEchoMask = timesConjugate(byEstimate, at(made.farEnd(), i));
            double[] byBounded =
                    throughBound(masks[from + 2 * size + i], masks[from + 3 * size + i], bySpeech);
            byMasks[from + i] = (float) byEchoMask[0];
            byMasks[from + size + i] = (float) byEchoMask[1];
            byMasks[from + 2 * size + i] = (float) byBounded[0];
            byMasks[from + 3 * size + i] = (float) byBounded[1];
        }
    }

    /** Adds the two losses of a bin, and gives the gradient by what was made. */
    private double[] pair(double factor, int first, Spectra made, Spectra wanted, int i) {
        double re = made.re()[i];
        double im = made.im()[i];
        double power = re * re + im * im + TINY;
        double wantedRe = wanted.re()[i];
        double wantedIm = wanted.im()[i];
        double wantedPower = wantedRe * wantedRe + wantedIm * wantedIm + TINY;
        double exponent = (POWER - 1) / 2;
        double compression = Math.pow(power, exponent);
        double wantedCompression = Math.pow(wantedPower, exponent);
        double errorRe = re * compression - wantedRe * wantedCompression;
        double errorIm = im * compression - wantedIm * wantedCompression;
        double magnitude = Math.pow(power, POWER / 2);
        double error = magnitude - Math.pow(wantedPower, POWER / 2);
        parts[first] += (errorRe * errorRe + errorIm * errorIm) / count;
        parts[first + 1] += error * error / count;
        parts[4] +=
                factor
                        * (COMPLEX * (errorRe * errorRe + errorIm * errorIm)
                                + MAGNITUDE * error * error)
                        / count;
        double radial = 2 * exponent * compression / power * (re * errorRe + im * errorIm);
        double byMagnitude = MAGNITUDE * error * POWER * magnitude / power;
        double scale = 2 * factor / count;
        return new double[] {
            scale * (COMPLEX * (compression * errorRe + radial * re) + byMagnitude * re),
            scale * (COMPLEX * (compression * errorIm + radial * im) + byMagnitude * im)
        };
    }

    /** Back through {@code m tanh(|m|) / |m|}. */
    private static double[] throughBound(double re, double im, double[] gradient) {
        double a = Math.sqrt(re * re + im * im + MASK_TINY);
        double tanh = Math.tanh(a);
        double slope = ((1 - tanh * tanh) - tanh / a) / a;
        double radial = slope / a * (re * gradient[0] + im * gradient[1]);
        return new double[] {
            tanh / a * gradient[0] + radial * re, tanh / a * gradient[1] + radial * im
        };
    }

    private static double[] timesConjugate(double[] a, double[] b) {
        return new double[] {a[0] * b[0] + a[1] * b[1], a[1] * b[0] - a[0] * b[1]};
    }

    private static double[] at(Spectra spectra, int i) {
        return new double[] {spectra.re()[i], spectra.im()[i]};
    }
}
