/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.InvalidInputException;

/** The weights of a bundle, by the reference's names, and what graphs make of them. */
final class DuinWeights {
    static final String CODEBOOK = "vq_block.codex.embeddings";

    /** The first layer of the front end, with its normalisation. */
    static final String FIRST_BLOCK = "tokenizer.conv_blocks.0";

    /** Its weights. */
    static final String FIRST = FIRST_BLOCK + ".0.1.weight";

    private static final double EPSILON = 1e-5;

    private final NamedWeights source;
    private final String place;

    DuinWeights(ModelBundle bundle) {
        this(NamedWeights.of(bundle), bundle.folder().resolve(ModelBundle.WEIGHTS).toString());
    }

    /**
     * Weights from elsewhere.
     *
     * @param place what people call it
     */
    DuinWeights(NamedWeights source, String place) {
        this.source = source;
        this.place = place;
    }

    /** The same but for the values of one. */
    DuinWeights with(String name, float[] values) {
        NamedWeights others = source;
        return new DuinWeights(
                new NamedWeights() {
                    @Override
                    public boolean has(String other) {
                        return others.has(other);
                    }

                    @Override
                    public Tensor weight(String other, int... shape) {
                        return other.equals(name)
                                ? Tensor.of(values, shape)
                                : others.weight(other, shape);
                    }
                },
                place);
    }

    /** A convolution over time with its bias. */
    record Convolution(TimeKernel kernel, Tensor bias) {}

    /**
     * A weight that must be there, and have the shape that the configuration calls for.
     *
     * @throws InvalidInputException if it is missing or of another shape
     */
    Tensor weight(String name, int... shape) {
        return source.weight(name, shape);
    }

    /** A convolution of the front end, without its normalisation. */
    Convolution plain(String name, Layer layer, int in) {
        return new Convolution(
                TimeKernel.of(layer, kernel(name, layer, in)),
                weight(name + ".0.1.bias", layer.filters()));
    }

    /** A convolution of the front end, with its normalisation, if it has one, and its average. */
    Convolution folded(String name, Layer layer, int in) {
        if (!layer.normalised()) {
            return plain(name, layer, in);
        }
        String norm = name + ".1.1.";
        int filters = layer.filters();
        float[] gamma = weight(norm + "weight", filters).data();
        float[] beta = weight(norm + "bias", filters).data();
        float[] mean = weight(norm + "running_mean", filters).data();
        float[] variance = weight(norm + "running_var", filters).data();
        float[] bias = weight(name + ".0.1.bias", filters).data();
        float[] kernel = kernel(name, layer, in).data();
        int row = in * layer.kernel();
        float[] folded = new float[kernel.length];
        float[] shifted = new float[filters];
        for (int f = 0; f < filters; f++) {
            if (variance[f] < 0) {
                throw new InvalidInputException(
                        "%s: %srunning_var holds %s, which no variance is"
                                .formatted(place, norm, variance[f]));
            }
            double factor = gamma[f] / Math.sqrt(variance[f] + EPSILON);
            for (int i = f * row; i < (f + 1) * row; i++) {
                folded[i] = (float) (kernel[i] * factor);
            }
            shifted[f] = (float) (beta[f] + (bias[f] - mean[f]) * factor);
        }
        return new Convolution(
                TimeKernel.of(layer, Tensor.of(folded, filters, in, layer.kernel())),
                Tensor.of(shifted, filters));
    }

    private Tensor kernel(String name, Layer layer, int in) {
        return weight(name + ".0.1.weight", layer.filters(), in, layer.kernel());
    }

    /** A transposed convolution; its bias is that of each of the samples of a step. */
    Convolution transposed(String name, Layer layer, int in) {
        Tensor weight = weight(name + ".0.1.weight", in, layer.filters(), layer.kernel());
        float[] bias = weight(name + ".0.1.bias", layer.filters()).data();
        float[] each = new float[layer.filters() * layer.stride()];
        for (int i = 0; i < each.length; i++) {
            each[i] = bias[i / layer.stride()];
        }
        return new Convolution(TimeKernel.transposed(layer, weight), Tensor.of(each, each.length));
    }

    /** A weight times a number. */
    Tensor scaled(double factor, String name, int... shape) {
        float[] values = weight(name, shape).data().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * factor);
        }
        return Tensor.of(values, shape);
    }

    /** Weights of equal shapes one after the other along their first axis. */
    Tensor joined(int[] shape, String... names) {
        int size = Tensor.size(shape);
        float[] all = new float[size * names.length];
        for (int i = 0; i < names.length; i++) {
            System.arraycopy(weight(names[i], shape).data(), 0, all, i * size, size);
        }
        int[] joined = shape.clone();
        joined[0] *= names.length;
        return Tensor.of(all, joined);
    }

    /** A dense layer as the kernel of a convolution of images of one pixel. */
    Tensor pointwise(String name, int out, int in) {
        return Tensor.of(weight(name, out, in).data(), out, in, 1, 1);
    }

    /** The code vectors, {@code [codes, width]}. */
    Tensor codebook(DuinConfig config) {
        return weight(CODEBOOK, config.quantizer().size(), config.quantizer().width());
    }
}
