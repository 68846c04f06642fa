/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Laplacian reference along electrode shafts: each contact minus the mean of its two neighbours, or
 * minus the one neighbour at the end of a shaft and beside a contact that is not recorded (Li et
 * al., "Optimal referencing for stereo-electroencephalographic recordings", NeuroImage 183, 2018).
 * Contacts are told by the channels' names as for {@link Bipolar.Neighbours#ON_SHAFTS}, and come
 * out under their own names in the same order; channels without a neighbour are left out. A value
 * is missing where the contact or a neighbour is missing. Without memory or latency.
 */
public record Laplacian() implements SignalTransform {
    private static final String TYPE = "laplacian";

    @Override
    public PreparedTransform prepare(StreamShape input) {
        List<Derivation.Output> outputs = new ArrayList<>();
        for (Contact contact : Contact.of(TYPE, input)) {
            int[] neighbours =
                    Stream.of(contact.before(), contact.after())
                            .filter(Objects::nonNull)
                            .mapToInt(Contact.Neighbour::channel)
                            .toArray();
            if (neighbours.length > 0) {
                outputs.add(new Derivation.Output(contact.name(), contact.channel(), neighbours));
            }
        }
        if (outputs.isEmpty()) {
            throw Contact.noNeighbours(TYPE, input);
        }
        return Derivation.of(TYPE, input, outputs);
    }
}
