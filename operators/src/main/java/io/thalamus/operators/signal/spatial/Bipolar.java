/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.spatial;

import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * Bipolar montage: differences of neighbouring channels, named {@code A-B} for channel A minus
 * channel B, in its unit. A difference of which one channel is missing is missing. Without memory
 * or latency (compared with other references by Li et al., "Optimal referencing for
 * stereo-electroencephalographic recordings", NeuroImage 183, 2018).
 *
 * @param neighbours which channels are neighbours
 */
public record Bipolar(Neighbours neighbours) implements SignalTransform {
    private static final String TYPE = "bipolar";

    /** Which channels are neighbours. */
    public enum Neighbours {
        /** Each channel and the next, in the order of the stream: one output less than channels. */
        IN_ORDER,
        /**
         * Contacts of one electrode shaft whose numbers follow on one another, by the channels'
         * names: {@code LA1 LA2 LA4 LA5 LB1 LB2} gives {@code LA1-LA2 LA4-LA5 LB1-LB2}, wherever in
         * the stream they are. Shafts come in the order of their first channels. Channels that have
         * no neighbour, such as an ECG, are left out.
         */
        ON_SHAFTS
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        List<Derivation.Output> outputs =
                neighbours == Neighbours.IN_ORDER ? inOrder(input) : onShafts(input);
        return Derivation.of(TYPE, input, outputs);
    }

    private static List<Derivation.Output> inOrder(StreamShape input) {
        List<String> names = input.channels();
        if (names.size() < 2) {
            throw new InvalidInputException(
                    "bipolar takes differences of neighbouring channels, but there is one channel"
                            + " alone, %s; leave the step out, or give the stream all channels"
                                    .formatted(names.get(0)));
        }
        List<Derivation.Output> outputs = new ArrayList<>();
        for (int i = 0; i + 1 < names.size(); i++) {
            outputs.add(new Derivation.Output(names.get(i) + "-" + names.get(i + 1), i, i + 1));
        }
        return outputs;
    }

    private static List<Derivation.Output> onShafts(StreamShape input) {
        List<Derivation.Output> outputs = new ArrayList<>();
        for (Contact contact : Contact.of(TYPE, input)) {
            Contact.Neighbour next = contact.after();
            if (next != null) {
                outputs.add(
                        new Derivation.Output(
                                contact.name() + "-" + next.name(),
                                contact.channel(),
                                next.channel()));
            }
        }
        if (outputs.isEmpty()) {
            throw Contact.noNeighbours(TYPE, input);
        }
        return outputs;
    }
}
