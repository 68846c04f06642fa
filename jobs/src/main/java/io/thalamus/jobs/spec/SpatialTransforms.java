/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.spatial.AverageReference;
import io.thalamus.operators.signal.spatial.Bipolar;
import io.thalamus.operators.signal.spatial.Laplacian;
import io.thalamus.operators.signal.spatial.MedianReference;
import io.thalamus.operators.signal.spatial.RenameChannels;
import io.thalamus.operators.signal.spatial.SelectChannels;
import java.util.List;

/** The transforms of {@code operators.signal.spatial}, as steps of a pipeline. */
final class SpatialTransforms {
    private static final Key<Bipolar.Neighbours> NEIGHBOURS =
            Key.optional(
                    "neighbours",
                    KeyTypes.constant(Bipolar.Neighbours.class),
                    Bipolar.Neighbours.ON_SHAFTS,
                    "on-shafts",
                    "on-shafts takes contacts of one electrode whose numbers follow on one another,"
                            + " such as LA1 and LA2; in-order each channel and the next");
    private static final Key<List<String>> CHANNELS =
            Key.required(
                    "channels",
                    KeyTypes.TEXTS,
                    "names, or patterns with * and ?, in the order that they come out in");
    private static final Key<Settings> NAMES =
            Key.required("names", KeyTypes.SETTINGS, "the new name for each old one");

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "average-reference",
                            "Takes the mean of all channels away from each.",
                            List.of(),
                            (section, context) -> new AverageReference()),
                    new TransformType(
                            "median-reference",
                            "Takes the median of all channels away from each.",
                            List.of(),
                            (section, context) -> new MedianReference()),
                    new TransformType(
                            "bipolar",
                            "Differences of neighbouring channels, named A-B.",
                            List.of(NEIGHBOURS),
                            (section, context) -> new Bipolar(section.get(NEIGHBOURS))),
                    new TransformType(
                            "laplacian",
                            "Takes the mean of its neighbours on the electrode away from each"
                                    + " contact.",
                            List.of(),
                            (section, context) -> new Laplacian()),
                    new TransformType(
                            "select-channels",
                            "Picks channels.",
                            List.of(CHANNELS),
                            (section, context) -> new SelectChannels(section.get(CHANNELS))),
                    new TransformType(
                            "rename-channels",
                            "Gives channels other names.",
                            List.of(NAMES),
                            (section, context) -> new RenameChannels(section.get(NAMES).values())));

    private SpatialTransforms() {}
}
