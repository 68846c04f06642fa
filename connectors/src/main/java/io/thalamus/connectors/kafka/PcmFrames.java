/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static io.thalamus.schemas.WireFormatException.Fault.CORRUPT;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormatException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Bare samples: each record's value is a block of them, and its timestamp the time of the first.
 *
 * @param interleaved whether the channels take turns sample by sample; else each is written out
 *     whole, one after the other
 */
public record PcmFrames(StreamHeader header, PcmEncoding encoding, boolean interleaved)
        implements FrameFormat {
    @Override
    public boolean isNumbered() {
        return false;
    }

    @Override
    public FrameReader open() {
        return this::read;
    }

    private SignalFrame read(ConsumerRecord<byte[], byte[]> record) throws WireFormatException {
        String stream = header.streamOf(record);
        int channels = header.channels().size();
        int step = channels * encoding.bytes();
        int size = record.value() == null ? 0 : record.value().length;
        if (size == 0 || size % step != 0) {
            throw new WireFormatException(
                    CORRUPT,
                    "the record of stream %s has %d bytes, which is no positive multiple of %d channels x %d bytes"
                            .formatted(stream, size, channels, encoding.bytes()));
        }
        int length = size / step;
        float[] samples = new float[channels * length];
        int stride = interleaved ? step : encoding.bytes();
        for (int channel = 0; channel < channels; channel++) {
            int first = channel * (interleaved ? 1 : length) * encoding.bytes();
            encoding.decode(record.value(), first, stride, samples, channel * length, length);
        }
        return header.frame(stream, 0, DeadLetters.nanosOf(record), samples);
    }
}
