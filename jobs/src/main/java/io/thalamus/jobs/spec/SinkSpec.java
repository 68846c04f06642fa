/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.kafka.RegistryAccess;
import java.util.Optional;

/** Where records go. */
public sealed interface SinkSpec {

    /** The place in words, for people. */
    String location();

    /**
     * Files in a folder.
     *
     * @param format how records are written
     * @param path the folder
     */
    record FileSink(Format format, String path) implements SinkSpec {
        @Override
        public String location() {
            return path;
        }
    }

    /** How records are written to a file. */
    enum Format {
        JSON_LINES,
        CSV
    }

    /**
     * A Kafka topic.
     *
     * @param bootstrap the brokers
     * @param topic the topic
     * @param exactlyOnce whether records appear exactly once, at checkpoints; else at least once,
     *     at once
     * @param transactionalIdPrefix unique among the sinks of a Kafka cluster and the same after
     *     every restart
     * @param registry where schemas are registered, for Confluent's wire format; empty for Avro's
     *     single-object encoding
     * @param properties for the Kafka client
     */
    record KafkaSink(
            String bootstrap,
            String topic,
            boolean exactlyOnce,
            String transactionalIdPrefix,
            Optional<RegistryAccess> registry,
            Settings properties)
            implements SinkSpec {
        @Override
        public String location() {
            return "topic " + topic + " at " + bootstrap;
        }
    }
}
