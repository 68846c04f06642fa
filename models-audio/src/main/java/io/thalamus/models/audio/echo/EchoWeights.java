/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.echo;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;

/**
 * The weights of complex layers as those of real ones. A map of complex channels is one of twice as
 * many real channels, the imaginary part of each behind its real part, so that channels are cut and
 * joined as they are; a product by {@code a + bi} is one by the matrix {@code (a -b; b a)}.
 */
final class EchoWeights {
    private final ModelBundle bundle;
    private final Safetensors stored;
    private final double epsilon;

    EchoWeights(ModelBundle bundle, double epsilon) {
        this.bundle = bundle;
        this.stored = bundle.weights();
        this.epsilon = epsilon;
    }

    /** A real convolution: kernel {@code [2 out, 2 in, size, size]}, bias {@code [2 out]}. */
    record Convolution(Tensor kernel, Tensor bias) {}

    /**
     * A normalisation as a factor and a summand for each real channel, {@code [2 channels, 1, 1]}.
     */
    record Normalisation(Tensor factor, Tensor summand) {}

    Convolution convolution(String name, int in, int out, int size) {
        return new Convolution(
                Tensor.of(
                        blocks(
                                values(real(name), out, in, size, size),
                                values(imaginary(name), out, in, size, size),
                                out,
                                in),
                        2 * out,
                        2 * in,
                        size,
                        size),
                Tensor.of(
                        interleaved(values(name + ".b_re", out), values(name + ".b_im", out)),
                        2 * out));
    }

    /** What the real parts of a convolution's weights are called. */
    static String real(String name) {
        return name + ".w_re";
    }

    /** What the imaginary parts are called. */
    static String imaginary(String name) {
        return name + ".w_im";
    }

    /** A kernel of matrices, of real and imaginary parts {@code [out, in, taps]}. */
    static float[] blocks(float[] re, float[] im, int out, int in) {
        int taps = re.length / (out * in);
        float[] kernel = new float[4 * re.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int tap = 0; tap < taps; tap++) {
                    int from = (o * in + i) * taps + tap;
                    int first = ((2 * o) * 2 * in + 2 * i) * taps + tap;
                    int second = ((2 * o + 1) * 2 * in + 2 * i) * taps + tap;
                    kernel[first] = re[from];
                    kernel[first + taps] = -im[from];
                    kernel[second] = im[from];
                    kernel[second + taps] = re[from];
                }
            }
        }
        return kernel;
    }

    Normalisation normalisation(String name, int channels) {
        float[][] factors = new float[2][channels];
        float[][] summands = new float[2][channels];
        String[] parts = {".re", ".im"};
        for (int part = 0; part < parts.length; part++) {
            float[] gamma = values(name + parts[part] + ".gamma", channels);
            float[] beta = values(name + parts[part] + ".beta", channels);
            float[] mean = values(name + parts[part] + ".mean", channels);
            float[] variance = values(name + parts[part] + ".var", channels);
            for (int c = 0; c < channels; c++) {
                if (variance[c] < 0) {
                    throw new InvalidInputException(
                            "%s: %s%s.var holds %s, which no variance is"
                                    .formatted(
                                            bundle.folder().resolve(ModelBundle.WEIGHTS),
                                            name,
                                            parts[part],
                                            variance[c]));
                }
                double factor = gamma[c] / Math.sqrt(variance[c] + epsilon);
                factors[part][c] = (float) factor;
                summands[part][c] = (float) (beta[c] - mean[c] * factor);
            }
        }
        return new Normalisation(
                Tensor.of(interleaved(factors[0], factors[1]), 2 * channels, 1, 1),
                Tensor.of(interleaved(summands[0], summands[1]), 2 * channels, 1, 1));
    }

    float[] values(String name, int... shape) {
        return bundle.weight(stored, name, shape).data();
    }

    private static float[] interleaved(float[] re, float[] im) {
        float[] both = new float[2 * re.length];
        for (int i = 0; i < re.length; i++) {
            both[2 * i] = re[i];
            both[2 * i + 1] = im[i];
        }
        return both;
    }
}
