/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;

/** What the description of a topic must hold. */
final class Required {
    private Required() {}

    static void text(String name, String value) {
        if (value == null || value.isBlank()) {
            throw new InvalidInputException("a Kafka source or sink needs its " + name);
        }
    }
}
