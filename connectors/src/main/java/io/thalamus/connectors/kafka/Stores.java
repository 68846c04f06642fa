/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.InvalidInputException;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * Stores of keys and certificates under the names that they have in a Kafka client's properties,
 * for a client that is not Kafka's.
 */
final class Stores {
    private Stores() {}

    /**
     * Whom the client trusts and what it shows; as Java is set to, where no store is named.
     *
     * @throws InvalidInputException if a store cannot be read
     */
    static SSLContext context(Map<String, String> properties) {
        ConfigDef names = new ConfigDef();
        SslConfigs.addClientSslSupport(names);
        try (DefaultSslEngineFactory stores = new DefaultSslEngineFactory()) {
            stores.configure(new AbstractConfig(names, properties, false).values());
            return stores.sslContext();
        } catch (KafkaException e) {
            throw new InvalidInputException(
                    "certificates cannot be used: %s (%s)"
                            .formatted(e.getMessage(), CommittedRecords.told(e)),
                    e);
        }
    }
}
