/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.InvalidInputException;

/**
 * How neurons compete and learn (Moraitis et al., "SoftHebb", 2107.05747; Journé et al., "Hebbian
 * Deep Learning Without Feedback", ICLR 2023).
 *
 * @param temperature of the softmax by which neurons compete; the lower, the more the winner takes
 * @param competition what they compete with
 * @param sign which of them learn towards the input
 * @param target the norm that their weights are drawn to
 * @param scale how the change is scaled
 */
public record HebbianRule(
        double temperature, Competition competition, Sign sign, Target target, Scale scale) {

    public HebbianRule {
        if (!(temperature > 0)) {
            throw new InvalidInputException(
                    "the temperature of a Hebbian rule is %s; give more than 0"
                            .formatted(temperature));
        }
    }

    /** What neurons compete with. */
    public enum Competition {
        /** Their response. */
        RAW,
        /** Their response as if their weights had norm 1. */
        UNIT
    }

    /** Which neurons learn towards the input. */
    public enum Sign {
        /** All, by their share. */
        SOFT,
        /** The winner alone; the others learn away from it. */
        SOFT_ANTI
    }

    /** The norm that a neuron's weights are drawn to. */
    public enum Target {
        UNIT,
        /** That which they have in the bundle, so that a long stream does not rescale the layer. */
        SOURCE
    }

    /** How the change is scaled. */
    public enum Scale {
        NONE,
        /** By the largest change of a weight. */
        MAX_ABS
    }
}
