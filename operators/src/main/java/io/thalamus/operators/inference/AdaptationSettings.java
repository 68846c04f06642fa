/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.InvalidInputException;

/**
 * How the streams of a pipeline learn.
 *
 * @param alpha how far running statistics move in a window, above 0 and at most 1
 */
public record AdaptationSettings(double alpha) {

    public AdaptationSettings {
        if (!(alpha > 0 && alpha <= 1)) {
            throw new InvalidInputException(
                    "alpha is %s; give more than 0 and at most 1, such as 0.003".formatted(alpha));
        }
    }
}
