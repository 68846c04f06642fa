/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.echo.LinearEcho;
import java.time.Duration;
import java.util.List;

/** The transforms of {@code operators.signal.echo}, as steps of a pipeline. */
final class EchoTransforms {
    private static final Key<Duration> TAIL =
            Key.optional(
                    "tail",
                    KeyTypes.DURATION,
                    Duration.ofMillis(250),
                    "250ms",
                    "how long the room's response is, from the delay on");
    private static final Key<Duration> MAXIMAL_DELAY =
            Key.optional(
                    "max-delay",
                    KeyTypes.DURATION_OR_ZERO,
                    Duration.ofMillis(500),
                    "500ms",
                    "the longest delay of the far end that is looked for; 0ms where it is known to"
                            + " be aligned");
    private static final Key<Duration> BLOCK =
            Key.optional(
                    "block",
                    KeyTypes.DURATION,
                    Duration.ofMillis(8),
                    "8ms",
                    "what is filtered at a time; shorter ones learn faster and cost more");
    private static final Key<LinearEcho.Reference> REFERENCE =
            Key.optional(
                    "reference",
                    KeyTypes.constant(LinearEcho.Reference.class),
                    LinearEcho.Reference.ECHO,
                    "echo",
                    "what the second channel becomes: the estimate of the echo, or far-end, that"
                            + " delayed as the echo is");

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "linear-echo",
                            "Takes the echo of the second channel, the far end, out of the first,"
                                    + " the microphone, by an adaptive filter.",
                            List.of(TAIL, MAXIMAL_DELAY, BLOCK, REFERENCE),
                            (section, context) ->
                                    new LinearEcho(
                                            section.get(TAIL),
                                            section.get(MAXIMAL_DELAY),
                                            section.get(BLOCK),
                                            section.get(REFERENCE))));

    private EchoTransforms() {}
}
