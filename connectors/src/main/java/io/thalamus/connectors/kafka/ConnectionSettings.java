/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Those among a client's properties that tell how brokers are reached and logged in to, which hold
 * for every other client of the same brokers, be it a consumer or a producer.
 */
public final class ConnectionSettings {
    /** The last one is where the secrets come from that the others name. */
    private static final List<String> PREFIXES =
            List.of("security.", "sasl.", "ssl.", "client.", "config.providers");

    private ConnectionSettings() {}

    /** These alone. */
    public static Map<String, String> among(Map<String, String> properties) {
        return properties.entrySet().stream()
                .filter(property -> PREFIXES.stream().anyMatch(property.getKey()::startsWith))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
