/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads frames out of the records of a topic. */
interface FrameReader {

    /**
     * The frame that a record holds.
     *
     * @throws io.thalamus.schemas.WireFormatException if it holds none; the record is then a dead
     *     letter
     * @throws IOException if it cannot be said whether it holds one; the task then fails
     */
    SignalFrame read(ConsumerRecord<byte[], byte[]> record) throws IOException;
}
