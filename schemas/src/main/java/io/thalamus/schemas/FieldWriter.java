/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Fills the fields of one Avro record. */
final class FieldWriter {
    /** The step of 16-bit audio, whose samples lie in [-1, 1). */
    private static final float AUDIO_STEP = 1f / 32768;

    private static final int NEGATIVE_ZERO = Float.floatToRawIntBits(-0f);

    private final GenericData.Record record;

    FieldWriter(Schema schema) {
        this.record = new GenericData.Record(schema);
    }

    GenericRecord record() {
        return record;
    }

    void text(String name, String value) {
        record.put(name, present(name, value));
    }

    void number(String name, Number value) {
        record.put(name, value);
    }

    void symbol(String name, Enum<?> value) {
        record.put(name, new GenericData.EnumSymbol(schema(name), present(name, value).name()));
    }

    void texts(String name, List<String> values) {
        record.put(name, present(name, values));
    }

    void rate(String name, SampleRate value) {
        GenericData.Record rate = new GenericData.Record(schema(name));
        rate.put("numerator", present(name, value).numerator());
        rate.put("denominator", value.denominator());
        record.put(name, rate);
    }

    void bytes(String name, byte[] value) {
        record.put(name, ByteBuffer.wrap(present(name, value)));
    }

    void bytesOrNone(String name, byte[] value) {
        record.put(name, value == null ? null : ByteBuffer.wrap(value));
    }

    void headers(String name, List<DeadLetter.Header> headers) {
        List<GenericRecord> list = new ArrayList<>(headers.size());
        for (DeadLetter.Header header : headers) {
            FieldWriter fields = new FieldWriter(schema(name).getElementType());
            fields.text("name", header.name());
            fields.bytesOrNone("value", header.value());
            list.add(fields.record());
        }
        record.put(name, list);
    }

    void integers(String name, int[] values) {
        record.put(name, Arrays.stream(present(name, values)).boxed().toList());
    }

    void floats(String name, float[] values) {
        ByteBuffer bytes = littleEndian(Float.BYTES * present(name, values).length);
        bytes.asFloatBuffer().put(values);
        record.put(name, bytes);
    }

    /**
     * A frame's samples, as 16-bit integers in steps of 1/32768 if every sample has exactly the
     * bits of a whole multiple of it, as those of 16-bit audio have, and otherwise as they are. NaN
     * and negative zero are no such multiples.
     */
    void samples(float[] values) {
        ByteBuffer audio = audio(values);
        record.put(
                "encoding",
                new GenericData.EnumSymbol(
                        schema("encoding"),
                        audio == null ? SampleEncoding.FLOAT32 : SampleEncoding.INT16));
        record.put("scale", audio == null ? 1f : AUDIO_STEP);
        if (audio == null) {
            floats("samples", values);
        } else {
            record.put("samples", audio);
        }
    }

    private static ByteBuffer audio(float[] values) {
        // Most signals are no audio, and show it in their first sample: look before allocating.
        if (!isAudio(values[0])) {
            return null;
        }
        ByteBuffer bytes = littleEndian(Short.BYTES * values.length);
        for (float value : values) {
            if (!isAudio(value)) {
                return null;
            }
            bytes.putShort((short) (value / AUDIO_STEP));
        }
        return bytes.flip();
    }

    private static boolean isAudio(float value) {
        // A power of two divides exactly.
        float steps = value / AUDIO_STEP;
        return steps == (short) steps && Float.floatToRawIntBits(value) != NEGATIVE_ZERO;
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Schema schema(String name) {
        return record.getSchema().getField(name).schema();
    }

    private <T> T present(String name, T value) {
        return Objects.requireNonNull(
                value, () -> record.getSchema().getName() + "." + name + " is null");
    }
}
