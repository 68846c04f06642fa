/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.SslConfigs;

/**
 * Where a schema registry is, and how it is spoken to.
 *
 * @param url the address below which the registry has {@code /subjects} and {@code /schemas}
 * @param properties of Confluent's names, {@code basic.auth.user.info} ({@code user:password}),
 *     {@code bearer.auth.token}, {@code auto.register.schemas} and, as those of a Kafka client, the
 *     stores of keys and certificates ({@code ssl.truststore.location} ...); values may name
 *     secrets as {@link Secrets} says
 */
public record RegistryAccess(URI url, Map<String, String> properties) implements Serializable {
    static final String BASIC = "basic.auth.user.info";
    static final String BEARER = "bearer.auth.token";
    static final String REGISTER = "auto.register.schemas";

    private static final Set<String> KNOWN =
            Set.of(
                    BASIC,
                    BEARER,
                    REGISTER,
                    SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
                    SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG,
                    SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG,
                    SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
                    SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG,
                    SslConfigs.SSL_KEYSTORE_TYPE_CONFIG,
                    SslConfigs.SSL_KEY_PASSWORD_CONFIG);

    public RegistryAccess {
        properties = Map.copyOf(properties);
        if (url.getScheme() == null
                || !url.getScheme().matches("https?")
                || url.getHost() == null) {
            throw new InvalidInputException(
                    "a schema registry has an address such as http://registry:8081");
        }
        if (url.getUserInfo() != null) {
            throw new InvalidInputException(
                    "the schema registry's address holds a user; set " + BASIC + " instead");
        }
        for (String name : properties.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new InvalidInputException(
                        "the schema registry has no property %s; there are %s"
                                .formatted(name, KNOWN.stream().sorted().toList()));
            }
        }
        if (properties.containsKey(BASIC) && properties.containsKey(BEARER)) {
            throw new InvalidInputException(
                    "the schema registry takes either %s or %s".formatted(BASIC, BEARER));
        }
    }

    /**
     * Whether a sink makes its schema known by itself, rather than look for what was made known.
     */
    boolean registers() {
        return Boolean.parseBoolean(properties.getOrDefault(REGISTER, "true"));
    }

    /** The properties' values may be secret. */
    @Override
    public String toString() {
        return url + " " + properties.keySet();
    }
}
