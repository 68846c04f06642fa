/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * A call of which is known what the microphone would have heard without the echo.
 *
 * @param name of the folder that it lies in
 * @param scenario what happens in it
 * @param folder with {@code mic.wav}, {@code far.wav} and, if it is known, {@code near.wav}
 * @param nearStart when the near end begins to speak, in seconds; none if it does not, or if its
 *     signal is not known
 * @param nearEnd when it has spoken; there if its start is
 * @param pathChange when the echo begins to come on another path, in seconds
 */
record EchoCase(
        String name,
        String scenario,
        Path folder,
        OptionalDouble nearStart,
        OptionalDouble nearEnd,
        OptionalDouble pathChange) {
    private static final double ADAPTED_SECONDS = 3;
    private static final double ADAPTED_AGAIN_SECONDS = 1;

    /**
     * Whether all that the microphone hears is echo and noise, so that nothing of it is to stay.
     */
    boolean isEchoAlone() {
        return scenario.contains("farend_only");
    }

    /** From when on a canceller has to have adapted, in seconds. */
    double adapted() {
        return pathChange.isPresent()
                ? pathChange.getAsDouble() + ADAPTED_AGAIN_SECONDS
                : ADAPTED_SECONDS;
    }
}
