/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.classifier;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.schemas.SampleRate;
import java.util.List;

/**
 * What {@code config.json} says of a classifier, checked: {@code layers} are, in this order, {@code
 * standardise}, a {@code conv1d}, the layers in between, {@code mean_over_time} and {@code dense}.
 *
 * @param channels of a window, {@code input[1]}
 * @param length of a window, {@code input[2]}
 * @param rate of its samples, of {@code frontend}: {@code sample_rate / hop}; null if it does not
 *     say
 * @param classes their names
 * @param layers all of them
 */
record ClassifierConfig(
        int channels,
        int length,
        SampleRate rate,
        List<String> classes,
        List<BundleConfig> layers) {
    private static final int INPUT_AXES = 3;

    /** The layers that are not between the first convolution and the mean. */
    private static final List<String> START = List.of("standardise", "conv1d");

    private static final List<String> END = List.of("mean_over_time", "dense");

    static ClassifierConfig of(BundleConfig config) {
        var input = config.root().path("input");
        if (input.size() != INPUT_AXES || input.path(1).asInt() < 1 || input.path(2).asInt() < 1) {
            throw config.wrong("input", "[null, channels, length]");
        }
        List<BundleConfig> layers = config.sections("layers");
        List<String> types = layers.stream().map(layer -> layer.text("type")).toList();
        if (types.size() < START.size() + END.size()
                || !types.subList(0, START.size()).equals(START)
                || !types.subList(types.size() - END.size(), types.size()).equals(END)) {
            throw config.wrong("layers", "a list from %s to %s".formatted(START, END));
        }
        List<String> classes = config.texts("classes");
        if (classes.isEmpty()) {
            throw config.wrong("classes", "a list of at least one name");
        }
        return new ClassifierConfig(
                input.path(1).asInt(),
                input.path(2).asInt(),
                rate(config),
                classes,
                List.copyOf(layers));
    }

    private static SampleRate rate(BundleConfig config) {
        if (!config.has("frontend")) {
            return null;
        }
        BundleConfig frontend = config.section("frontend");
        return new SampleRate(frontend.integer("sample_rate", 1), frontend.integer("hop", 1));
    }

    BundleConfig standardise() {
        return layers.get(0);
    }

    BundleConfig first() {
        return layers.get(1);
    }

    /** Those between the first convolution and the mean over time. */
    List<BundleConfig> between() {
        return layers.subList(START.size(), layers.size() - END.size());
    }

    BundleConfig dense() {
        return layers.get(layers.size() - 1);
    }
}
