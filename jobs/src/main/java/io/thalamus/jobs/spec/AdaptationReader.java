/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.adaptation.Homeostat;
import io.thalamus.operators.inference.AdaptationSettings;
import java.util.List;

/** The section {@code adaptation}: how each stream learns while it runs. */
final class AdaptationReader {
    private static final Key<String> PRESET =
            Key.required(
                    "preset",
                    KeyTypes.oneOf("homeostat"),
                    "homeostat keeps mean and variance of the first layer where they were in"
                            + " training, by running statistics of each stream; the bundle needs"
                            + " source_statistics.safetensors");
    private static final Key<Double> ALPHA =
            Key.optional(
                    "alpha",
                    KeyTypes.NUMBER,
                    Homeostat.ALPHA,
                    "how far the running statistics move in a window, above 0 and at most 1");

    static final List<Key<?>> KEYS = List.of(PRESET, ALPHA);

    private AdaptationReader() {}

    /** Reads it, if it is there, and notes what is wrong with it. */
    static AdaptationSettings read(Section root, boolean hasModel) {
        if (!root.has(PipelineKeys.ADAPTATION)) {
            return AdaptationSettings.FROZEN;
        }
        if (!hasModel) {
            root.wrong(
                    PipelineKeys.ADAPTATION,
                    "there is no model that could learn; remove adaptation, or add model");
            return AdaptationSettings.FROZEN;
        }
        Section section = root.group(PipelineKeys.ADAPTATION).allow(KEYS);
        String preset = section.get(PRESET);
        double alpha = section.get(ALPHA);
        if (!(alpha > 0 && alpha <= 1)) {
            section.wrong(ALPHA, "%s is not above 0 and at most 1".formatted(alpha));
            return AdaptationSettings.FROZEN;
        }
        return preset == null
                ? AdaptationSettings.FROZEN
                : AdaptationSettings.homeostat().withAlpha(alpha);
    }
}
