/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static io.thalamus.schemas.WireFormatException.Fault.INCONSISTENT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/** Takes the fields out of one Avro record, whose schema vouches for their types. */
final class FieldReader {
    private final GenericRecord record;

    FieldReader(GenericRecord record) {
        this.record = record;
    }

    String text(String name) {
        return record.get(name).toString();
    }

    int number(String name) {
        return (Integer) record.get(name);
    }

    long whole(String name) {
        return (Long) record.get(name);
    }

    float real(String name) {
        return (Float) record.get(name);
    }

    double precise(String name) {
        return (Double) record.get(name);
    }

    <E extends Enum<E>> E symbol(String name, Class<E> type) {
        return Enum.valueOf(type, record.get(name).toString());
    }

    List<String> texts(String name) {
        List<?> values = (List<?>) record.get(name);
        List<String> texts = new ArrayList<>(values.size());
        for (Object value : values) {
            texts.add(value.toString());
        }
        return List.copyOf(texts);
    }

    List<String> someTexts(String name) throws WireFormatException {
        List<String> texts = texts(name);
        if (texts.isEmpty()) {
            throw inconsistent("has no " + name);
        }
        return texts;
    }

    int positive(String name) throws WireFormatException {
        int value = number(name);
        if (value <= 0) {
            throw inconsistent("has the " + name + " " + value + ", which must be positive");
        }
        return value;
    }

    SampleRate rate(String name) throws WireFormatException {
        GenericRecord rate = (GenericRecord) record.get(name);
        try {
            return new SampleRate((Long) rate.get("numerator"), (Long) rate.get("denominator"));
        } catch (IllegalArgumentException e) {
            throw inconsistent("has an impossible " + name + ": " + e.getMessage());
        }
    }

    /** The place and shape of a block of samples, which must have a time that can be told. */
    Stretch stretch(String lengthName) throws WireFormatException {
        Stretch stretch =
                new Stretch(
                        whole("sequence"),
                        whole("startNanos"),
                        rate("rate"),
                        someTexts("channels"),
                        positive(lengthName));
        try {
            Math.addExact(stretch.sequence, stretch.length);
            Math.addExact(stretch.startNanos, stretch.rate.nanosOf(stretch.length));
        } catch (ArithmeticException e) {
            throw inconsistent(
                    "ends beyond the last time or sequence number that there is: "
                            + stretch.length
                            + " samples at "
                            + stretch.rate
                            + " from sample "
                            + stretch.sequence
                            + " at "
                            + stretch.startNanos
                            + " ns");
        }
        return stretch;
    }

    byte[] bytes(String name) {
        ByteBuffer buffer = (ByteBuffer) record.get(name);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    byte[] bytesOrNone(String name) {
        return record.get(name) == null ? null : bytes(name);
    }

    List<DeadLetter.Header> headers(String name) {
        List<DeadLetter.Header> headers = new ArrayList<>();
        for (Object header : (List<?>) record.get(name)) {
            FieldReader fields = new FieldReader((GenericRecord) header);
            headers.add(new DeadLetter.Header(fields.text("name"), fields.bytesOrNone("value")));
        }
        return headers;
    }

    int[] integers(String name) {
        List<?> values = (List<?>) record.get(name);
        int[] integers = new int[values.size()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (Integer) values.get(i);
        }
        return integers;
    }

    /** {@code rows x columns} values, one row after the other. */
    float[] floats(String name, int rows, int columns) throws WireFormatException {
        ByteBuffer bytes = values(name, rows, columns, Float.BYTES);
        float[] values = new float[rows * columns];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    /** The samples of a frame, whichever way they are written. */
    float[] samples(int channels, int length) throws WireFormatException {
        SampleEncoding encoding = symbol("encoding", SampleEncoding.class);
        if (encoding == SampleEncoding.FLOAT32) {
            return floats("samples", channels, length);
        }
        float scale = real("scale");
        if (!(scale > 0) || Float.isInfinite(scale)) {
            throw inconsistent("has the scale " + scale + ", which must be positive");
        }
        ByteBuffer bytes = values("samples", channels, length, encoding.bytes());
        float[] samples = new float[channels * length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = bytes.getShort() * scale;
        }
        return samples;
    }

    private ByteBuffer values(String name, int rows, int columns, int width)
            throws WireFormatException {
        ByteBuffer bytes = (ByteBuffer) record.get(name);
        if ((long) rows * columns * width != bytes.remaining()) {
            throw inconsistent(
                    "has "
                            + bytes.remaining()
                            + " bytes of "
                            + name
                            + ", not the "
                            + rows
                            + " x "
                            + columns
                            + " values of "
                            + width
                            + " bytes that it announces");
        }
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Where a block of samples lies, and its shape. */
    record Stretch(
            long sequence, long startNanos, SampleRate rate, List<String> channels, int length) {}

    private WireFormatException inconsistent(String complaint) {
        String owner = record.hasField("streamId") ? " of stream " + text("streamId") : "";
        return new WireFormatException(
                INCONSISTENT, "the " + record.getSchema().getName() + owner + " " + complaint);
    }
}
