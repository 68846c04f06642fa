/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TopicWriterTest {

    /** Anything else that goes wrong when a writer is closed is a fault, and is to be heard of. */
    @Test
    void onlyWhatKafkaFailedAtMayFailWhileAWriterIsClosed() {
        Exception sending = new IOException("send", new InvalidProducerEpochException("old epoch"));
        assertThat(TopicWriter.isOfKafka(sending)).isTrue();
        assertThat(TopicWriter.isOfKafka(new IllegalStateException("not closed"))).isFalse();
        sending.addSuppressed(new TimeoutException("abort"));
        assertThat(TopicWriter.isOfKafka(sending)).isTrue();
        sending.addSuppressed(new IllegalStateException("not closed"));
        assertThat(TopicWriter.isOfKafka(sending)).isFalse();
    }
}
