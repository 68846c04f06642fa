/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.WireFormatException;
import io.thalamus.schemas.WireFormatException.Fault;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    @Test
    void aReasonThatQuotesARecordDoesNotMakeTheLetterTwiceAsLarge() {
        byte[] value = new byte[1 << 20];
        DeadLetter letter =
                DeadLetters.of(
                        new ConsumerRecord<>("in", 0, 7, null, value),
                        new WireFormatException(Fault.CORRUPT, "'" + "x".repeat(1 << 20) + "'"));
        assertThat(letter.reason()).startsWith("'xx").endsWith("xx...").hasSize(1003);
        assertThat(letter.payload()).isEqualTo(value);
    }
}
