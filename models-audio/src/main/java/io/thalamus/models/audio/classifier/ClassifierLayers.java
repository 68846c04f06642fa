/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.operators.inference.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The layers of a classifier with their weights, read from a bundle and checked. */
final class ClassifierLayers {
    private final ModelBundle bundle;
    private final Safetensors stored;
    private final Standardisation standardisation;
    private final FirstLayer first;
    private final List<Layer> between = new ArrayList<>();
    private final Head head;
    private int channels;
    private int length;

    /**
     * Reads them.
     *
     * @throws io.thalamus.schemas.InvalidInputException if a layer or a weight is not usable
     */
    ClassifierLayers(ClassifierConfig config, ModelBundle bundle) {
        this.bundle = bundle;
        stored = bundle.weights();
        channels = config.channels();
        length = config.length();
        standardisation = standardisation(config.standardise());
        first = first(config.first());
        for (BundleConfig layer : config.between()) {
            between.add(layer(layer));
        }
        head = new Head(config, bundle, channels);
    }

    Standardisation standardisation() {
        return standardisation;
    }

    FirstLayer first() {
        return first;
    }

    /** Those between the first convolution and the mean over time. */
    List<Layer> between() {
        return List.copyOf(between);
    }

    Head head() {
        return head;
    }

    private Layer layer(BundleConfig layer) {
        return switch (layer.text("type")) {
            case "conv1d" -> convolution(layer);
            case "batch_norm" -> batchNorm(layer);
            case "group_norm" -> groupNorm(layer);
            case "relu" -> new Rectifier();
            case "max_pool" -> maxPool(layer);
            default ->
                    throw layer.wrong(
                            "type",
                            "one of conv1d, batch_norm, group_norm, relu, max_pool between the"
                                    + " first convolution and the mean over time");
        };
    }

    private Standardisation standardisation(BundleConfig layer) {
        float[] deviation = weight(layer.text("std"), channels);
        for (float value : deviation) {
            if (!(value > 0)) {
                throw layer.wrong("std", "a tensor of values above 0");
            }
        }
        return Standardisation.of(weight(layer.text("mean"), channels), deviation);
    }

    private FirstLayer first(BundleConfig layer) {
        int window = length;
        Kernel kernel = kernel(layer);
        return new FirstLayer(
                new Parameter(kernel.name + ".weight", kernel.weight),
                kernel.bias,
                new Columns(kernel.in, window, kernel.taps, kernel.padding));
    }

    private Layer convolution(BundleConfig layer) {
        Kernel kernel = kernel(layer);
        return new Convolution(
                kernel.name,
                Tensor.of(kernel.weight, channels, kernel.in, 1, kernel.taps),
                kernel.bias == null ? null : Tensor.of(kernel.bias, channels),
                kernel.padding);
    }

    /** What a convolution is made of; the bias is null if there is none. */
    private record Kernel(
            String name, float[] weight, float[] bias, int in, int taps, int padding) {}

    /** Reads a kernel, and goes on with the channels and the length behind it. */
    private Kernel kernel(BundleConfig layer) {
        String name = layer.text("name");
        int in = channels;
        int out = layer.integer("out", 1);
        int taps = layer.integer("kernel", 1);
        int padding = layer.integer("padding", 0);
        if (layer.integer("in", 1) != in) {
            throw layer.wrong("in", "%d, the channels that it is given".formatted(in));
        }
        if (length + 2 * padding < taps) {
            throw layer.wrong("kernel", "at most %d".formatted(length + 2 * padding));
        }
        if (padding >= taps) {
            throw layer.wrong("padding", "less than its kernel of %d".formatted(taps));
        }
        channels = out;
        length = length + 2 * padding - taps + 1;
        return new Kernel(
                name,
                weight(name + ".weight", out, in, taps),
                layer.flag("bias") ? weight(name + ".bias", out) : null,
                in,
                taps,
                padding);
    }

    private Layer batchNorm(BundleConfig layer) {
        String name = layer.text("name");
        return new BatchNorm(
                name,
                weight(name + ".weight", channels),
                weight(name + ".bias", channels),
                new ChannelStatistics(
                        weight(name + ".running_mean", channels),
                        weight(name + ".running_var", channels)),
                layer.number("eps"));
    }

    private Layer groupNorm(BundleConfig layer) {
        String name = layer.text("name");
        int groups = layer.integer("groups", 1);
        if (channels % groups != 0) {
            throw layer.wrong("groups", "a divisor of its %d channels".formatted(channels));
        }
        return new GroupNorm(
                name,
                weight(name + ".weight", channels),
                weight(name + ".bias", channels),
                groups,
                layer.number("eps"));
    }

    private Layer maxPool(BundleConfig layer) {
        int size = layer.integer("size", 1);
        if (layer.integer("stride", 1) != size || size > length) {
            throw layer.wrong("stride", "its size, and that at most its length of " + length);
        }
        length /= size;
        return new MaxPool(size);
    }

    private float[] weight(String name, int... shape) {
        return bundle.weight(stored, name, shape).data();
    }
}
