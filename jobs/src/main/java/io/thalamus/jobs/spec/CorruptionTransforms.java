/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.signal.corruption.Corruption;
import java.util.List;

/** The transforms of {@code operators.signal.corruption}, as steps of a pipeline. */
final class CorruptionTransforms {
    private static final Key<Corruption> KIND =
            Key.required("kind", KeyTypes.constant(Corruption.class), "what is done");
    private static final Key<Integer> SEVERITY =
            Key.required("severity", KeyTypes.integer(1), "how severe it is, from 1 to 5");
    private static final Key<Integer> SEED =
            Key.optional(
                    "seed", KeyTypes.integer(0), 1, "another seed has what is random otherwise");
    private static final Key<Span> LENGTH =
            Key.optional(
                    "length",
                    KeyTypes.SPAN,
                    Corrupt.BLOCK,
                    "1s",
                    "of a block, whose level counts and whose length all frequencies are told by");

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "corrupt",
                            "Makes a signal worse on purpose, to see what a network makes of it.",
                            List.of(KIND, SEVERITY, SEED, LENGTH),
                            (section, context) ->
                                    new Corrupt(
                                            section.get(KIND),
                                            section.get(SEVERITY),
                                            section.get(SEED),
                                            section.get(LENGTH))));

    private CorruptionTransforms() {}
}
