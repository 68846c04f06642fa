/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import static io.thalamus.schemas.WireFormatException.Fault.CORRUPT;
import static io.thalamus.schemas.WireFormatException.Fault.INCONSISTENT;
import static io.thalamus.schemas.WireFormatException.Fault.NOT_A_RECORD;
import static io.thalamus.schemas.WireFormatException.Fault.TOO_LARGE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireFormatException;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * JSON objects, out of which JSON pointers (RFC 6901, such as {@code /data/0/t}) pick what a frame
 * needs.
 *
 * @param values a pointer for each channel, to a number or to a list of numbers; null in their
 *     place is a missing value, and so is a number that is not there
 * @param time a pointer to the time of the first sample; null if that is the record's timestamp
 * @param timeFormat how that time is written
 * @param sequence a pointer to the number of the first sample, counted from the start of the
 *     stream; null if the records do not tell it
 */
public record JsonFrames(
        StreamHeader header,
        List<String> values,
        String time,
        TimeFormat timeFormat,
        String sequence)
        implements FrameFormat {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .build();

    /**
     * Values in a record, nested lists and objects among them: those of the largest frame, and some
     * beside them. Each takes many times its bytes when it is read, whether it is picked or not.
     */
    static final int MAX_VALUES = Received.MAX_FRAME_VALUES + 1024;

    public JsonFrames {
        values = List.copyOf(values);
        if (values.size() != header.channels().size()) {
            throw new InvalidInputException(
                    "there are %d channels and pointers to the values of %d"
                            .formatted(header.channels().size(), values.size()));
        }
        values.forEach(JsonFrames::pointer);
        pointer(time);
        pointer(sequence);
    }

    @Override
    public boolean isNumbered() {
        return sequence != null;
    }

    @Override
    public FrameReader open() {
        return new Reader(this);
    }

    private static Optional<JsonPointer> pointer(String text) {
        try {
            return Optional.ofNullable(text).map(JsonPointer::compile);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(
                    "'%s' is no JSON pointer; write one such as /data/temperature".formatted(text),
                    e);
        }
    }

    private static final class Reader implements FrameReader {
        private final StreamHeader header;
        private final List<JsonPointer> values;
        private final Optional<JsonPointer> time;
        private final ToLongFunction<String> clock;
        private final Optional<JsonPointer> sequence;

        Reader(JsonFrames format) {
            header = format.header;
            values = format.values.stream().map(JsonPointer::compile).toList();
            time = pointer(format.time);
            clock = format.timeFormat.parser();
            sequence = pointer(format.sequence);
        }

        @Override
        public SignalFrame read(ConsumerRecord<byte[], byte[]> record) throws IOException {
            String stream = header.streamOf(record);
            JsonNode json = parse(record.value());
            return header.frame(
                    stream,
                    sequence.isPresent() ? sequence(json, sequence.get()) : 0,
                    time.isPresent() ? time(json, time.get()) : DeadLetters.nanosOf(record),
                    samples(json));
        }

        private static JsonNode parse(byte[] value) throws WireFormatException {
            boolean tooLarge;
            try {
                tooLarge = value != null && holdsTooMuch(value);
                JsonNode json = value == null || tooLarge ? null : JSON.readTree(value);
                if (json != null && json.isContainerNode()) {
                    return json;
                }
            } catch (IOException e) {
                // Bytes in memory can be read; whichever exception comes, they are no JSON.
                throw new WireFormatException(
                        NOT_A_RECORD,
                        "the record is no JSON: " + e.getMessage().lines().findFirst().orElse(""));
            }
            if (tooLarge) {
                throw new WireFormatException(
                        TOO_LARGE,
                        "the record has more than %d values, and a frame at most %d: send shorter frames"
                                .formatted(MAX_VALUES, Received.MAX_FRAME_VALUES));
            }
            throw new WireFormatException(NOT_A_RECORD, "the record is no JSON object");
        }

        /** Goes over the tokens alone, which takes no memory for what they hold. */
        private static boolean holdsTooMuch(byte[] json) throws IOException {
            int values = 0;
            try (JsonParser tokens = JSON.createParser(json)) {
                for (JsonToken token = tokens.nextToken();
                        token != null;
                        token = tokens.nextToken()) {
                    if ((token.isScalarValue() || token.isStructStart()) && ++values > MAX_VALUES) {
                        return true;
                    }
                }
            }
            return false;
        }

        private long time(JsonNode json, JsonPointer pointer) throws WireFormatException {
            JsonNode node = json.at(pointer);
            if (!node.isNumber() && !node.isTextual()) {
                throw new WireFormatException(CORRUPT, "there is no time at " + pointer);
            }
            // With its exponent, if it has one: written out, 1e999999999 would fill the memory.
            String text = node.isNumber() ? node.decimalValue().toString() : node.textValue();
            try {
                return clock.applyAsLong(text);
            } catch (DateTimeException e) {
                throw new WireFormatException(
                        CORRUPT,
                        "'%s' at %s is no time: %s".formatted(text, pointer, e.getMessage()));
            }
        }

        private static long sequence(JsonNode json, JsonPointer pointer)
                throws WireFormatException {
            JsonNode node = json.at(pointer);
            if (!node.canConvertToLong() || !node.isIntegralNumber()) {
                throw new WireFormatException(
                        CORRUPT, "there is no whole number at %s".formatted(pointer));
            }
            return node.longValue();
        }

        private float[] samples(JsonNode json) throws WireFormatException {
            int length = 0;
            for (JsonPointer pointer : values) {
                JsonNode node = json.at(pointer);
                int size = node.isArray() ? node.size() : 1;
                if (size == 0 || length != 0 && size != length) {
                    throw new WireFormatException(
                            INCONSISTENT,
                            "there are %d values at %s; every channel has as many as the first, and"
                                            .formatted(size, pointer)
                                    + " at least one");
                }
                length = size;
            }
            float[] samples = new float[values.size() * length];
            boolean none = true;
            for (int channel = 0; channel < values.size(); channel++) {
                JsonNode node = json.at(values.get(channel));
                none &= node.isMissingNode();
                for (int i = 0; i < length; i++) {
                    samples[channel * length + i] =
                            sample(node.isArray() ? node.get(i) : node, values.get(channel));
                }
            }
            if (none) {
                throw new WireFormatException(
                        CORRUPT, "there is no value at any of " + List.copyOf(values));
            }
            return samples;
        }

        private static float sample(JsonNode node, JsonPointer pointer) throws WireFormatException {
            if (node.isNumber()) {
                return node.floatValue();
            }
            if (node.isNull() || node.isMissingNode()) {
                return Float.NaN;
            }
            throw new WireFormatException(CORRUPT, "what is at %s is no number".formatted(pointer));
        }
    }
}
