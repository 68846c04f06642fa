/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static io.thalamus.schemas.WireFormatException.Fault.NOT_A_RECORD;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormatException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the records of a raw topic do not say of their streams themselves.
 *
 * @param streamId the stream that all records of the topic belong to; null if each record's key, as
 *     UTF-8 text, names its own
 * @param rate the sample rate
 * @param channels the channels' names
 */
public record StreamHeader(String streamId, SampleRate rate, List<String> channels)
        implements Serializable {

    public StreamHeader {
        channels = List.copyOf(channels);
        if (channels.isEmpty() || new HashSet<>(channels).size() < channels.size()) {
            throw new InvalidInputException(
                    "a raw topic has at least one channel, and no two of one name, not "
                            + channels);
        }
    }

    /** The stream that a record belongs to. */
    String streamOf(ConsumerRecord<byte[], byte[]> record) throws WireFormatException {
        if (streamId != null) {
            return streamId;
        }
        if (record.key() == null || record.key().length == 0) {
            throw new WireFormatException(
                    NOT_A_RECORD,
                    "the record has no key to name its stream: set one, or name the stream of all"
                            + " records in source.stream.id");
        }
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    /**
     * A frame of these streams, of segment 0.
     *
     * @param samples one channel after the other
     */
    SignalFrame frame(String stream, long sequence, long startNanos, float[] samples) {
        return new SignalFrame(
                stream, sequence, 0, startNanos, rate, channels, samples, Quality.of(samples, 0));
    }
}
