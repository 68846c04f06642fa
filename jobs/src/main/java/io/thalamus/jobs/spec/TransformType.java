/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A type of step. The transform itself checks its figures and says what is wrong with them; what a
 * maker looks at is only what concerns several keys, the bundle or the channels.
 *
 * @param name what {@code type} says
 * @param description one sentence
 * @param keys its keys, besides {@code id} and {@code type}
 * @param maker makes the transform
 */
record TransformType(String name, String description, List<Key<?>> keys, Maker maker) {
    static final Key<String> ID =
            Key.required(
                    "id",
                    KeyTypes.STEP_ID,
                    "names the step's state; keep it when editing the file");

    /** All types there are, by where they are implemented. */
    private static final List<TransformType> ALL =
            Stream.of(
                            AmplitudeTransforms.TYPES,
                            CorruptionTransforms.TYPES,
                            EchoTransforms.TYPES,
                            FilterTransforms.TYPES,
                            RateTransforms.TYPES,
                            SpatialTransforms.TYPES,
                            SpectralTransforms.TYPES)
                    .flatMap(List::stream)
                    .toList();

    interface Maker {
        /**
         * Makes the transform; null if a mistake was noted.
         *
         * @throws InvalidInputException if the transform does not take the figures
         */
        SignalTransform make(Section section, Context context);
    }

    /**
     * What a step may be checked against.
     *
     * @param shape what comes to the step; null if it is not known before the job runs
     * @param hasModel whether the pipeline has a model
     * @param inDatasUnits whether what the model gives is brought back to the data's units
     * @param bundle the model's; null if there is none, or it cannot be used
     */
    record Context(StreamShape shape, boolean hasModel, boolean inDatasUnits, ModelBundle bundle) {

        /** The channels that come to the step; empty if they are not known. */
        List<String> channels() {
            return shape == null ? List.of() : shape.channels();
        }
    }

    /** All types, for the table of options. */
    static List<Variant> variants() {
        return ALL.stream().map(TransformType::variant).toList();
    }

    private Variant variant() {
        List<Key<?>> all = new ArrayList<>(List.of(ID, Variant.TYPE));
        all.addAll(keys);
        return new Variant(name, description, all);
    }

    /**
     * Reads a step.
     *
     * @return empty, with the mistakes noted, if the step is not right
     */
    static Optional<SignalTransform> read(Section section, Context context) {
        String type = section.type(variants());
        return ALL.stream()
                .filter(known -> known.name.equals(type))
                .findFirst()
                .map(known -> known.make(section, context));
    }

    /** Whether a step takes figures from the model's bundle. */
    static boolean goesByTheBundle(Section section) {
        return section.has(AmplitudeTransforms.STATISTICS);
    }

    private SignalTransform make(Section section, Context context) {
        if (!section.check(keys)) {
            return null;
        }
        try {
            return maker.make(section, context);
        } catch (InvalidInputException e) {
            section.wrong(Variant.TYPE, e.getMessage());
            return null;
        }
    }
}
