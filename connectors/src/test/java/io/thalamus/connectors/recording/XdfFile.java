/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An XDF file that a test writes, chunk by chunk, after the specification of XDF 1.0. */
final class XdfFile {
    static final byte[] BOUNDARY = {
        0x43,
        (byte) 0xa5,
        0x46,
        (byte) 0xdc,
        (byte) 0xcb,
        (byte) 0xf5,
        0x41,
        0x0f,
        (byte) 0xb3,
        0x0e,
        (byte) 0xd5,
        0x46,
        0x73,
        (byte) 0x83,
        (byte) 0xcb,
        (byte) 0xe4
    };

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int lengthBytes;

    /** With the magic bytes and no file header. */
    XdfFile() {
        out.writeBytes("XDF:".getBytes(StandardCharsets.US_ASCII));
    }

    static XdfFile createdAt(String datetime) {
        return new XdfFile()
                .fileHeader(
                        "<?xml version=\"1.0\"?><info><version>1.0</version><datetime>"
                                + datetime
                                + "</datetime></info>");
    }

    /** Writes the lengths that follow with so many bytes, not with as few as they fit in. */
    XdfFile lengthBytes(int bytes) {
        lengthBytes = bytes;
        return this;
    }

    XdfFile fileHeader(String xml) {
        return chunk(1, utf8(xml));
    }

    /** A stream header without more than is required, and a name. */
    XdfFile stream(int id, String name, String type, int channels, double rate) {
        return stream(id, name, type, channels, rate, "");
    }

    XdfFile stream(int id, String name, String type, int channels, double rate, String more) {
        return header(
                id,
                "<?xml version=\"1.0\"?>\n<info>\n\t<name>"
                        + name
                        + "</name><type>EEG</type><channel_count>"
                        + channels
                        + "</channel_count><nominal_srate>"
                        + rate
                        + "</nominal_srate><channel_format>"
                        + type
                        + "</channel_format><created_at>50942.7</created_at>"
                        + more
                        + "</info>");
    }

    static String labels(String... labels) {
        StringBuilder xml = new StringBuilder("<desc><channels>");
        for (String label : labels) {
            xml.append("<channel><label>")
                    .append(label)
                    .append("</label><unit>uV</unit></channel>");
        }
        return xml.append("</channels></desc>").toString();
    }

    XdfFile header(int id, String xml) {
        return chunk(2, ofStream(id, utf8(xml)));
    }

    XdfFile samples(int id, Samples samples) {
        return chunk(3, ofStream(id, samples.bytes(lengthBytes)));
    }

    XdfFile clockOffset(int id, double time, double offset) {
        return chunk(4, ofStream(id, little(16).putDouble(time).putDouble(offset).array()));
    }

    XdfFile boundary() {
        return chunk(5, BOUNDARY);
    }

    XdfFile footer(int id, String xml) {
        return chunk(6, ofStream(id, utf8(xml)));
    }

    XdfFile chunk(int tag, byte[] content) {
        length(out, content.length + 2, lengthBytes);
        out.writeBytes(little(2).putShort((short) tag).array());
        return raw(content);
    }

    /** Bytes as they are. */
    XdfFile raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    int size() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static byte[] ofStream(int id, byte[] content) {
        return little(4 + content.length).putInt(id).put(content).array();
    }

    private static void length(ByteArrayOutputStream out, long length, int bytes) {
        if (bytes == 8) {
            out.write(8);
            out.writeBytes(little(8).putLong(length).array());
        } else if (bytes == 4 || length > 255) {
            out.write(4);
            out.writeBytes(little(4).putInt((int) length).array());
        } else {
            out.write(1);
            out.write((int) length);
        }
    }

    static ByteBuffer little(int size) {
        return WavFile.little(size);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The samples of one chunk. */
    static final class Samples {
        private final String type;
        private final ByteArrayOutputStream values = new ByteArrayOutputStream();
        private int count;

        Samples(String type) {
            this.type = type;
        }

        /** A sample with a time stamp. */
        Samples at(double stamp, Object... sample) {
            values.write(8);
            values.writeBytes(little(8).putDouble(stamp).array());
            return put(List.of(sample));
        }

        /** A sample without a time stamp. */
        Samples then(Object... sample) {
            values.write(0);
            return put(List.of(sample));
        }

        private Samples put(List<Object> sample) {
            count++;
            for (Object value : sample) {
                if (value instanceof String text) {
                    byte[] bytes = utf8(text);
                    length(values, bytes.length, 0);
                    values.writeBytes(bytes);
                } else {
                    values.writeBytes(number((Number) value));
                }
            }
            return this;
        }

        private byte[] number(Number value) {
            return switch (type) {
                case "int8" -> new byte[] {value.byteValue()};
                case "int16" -> little(2).putShort(value.shortValue()).array();
                case "int32" -> little(4).putInt(value.intValue()).array();
                case "int64" -> little(8).putLong(value.longValue()).array();
                case "float32" -> little(4).putFloat(value.floatValue()).array();
                case "double64" -> little(8).putDouble(value.doubleValue()).array();
                default -> throw new IllegalArgumentException(type);
            };
        }

        private byte[] bytes(int lengthBytes) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            length(bytes, count, lengthBytes);
            bytes.writeBytes(values.toByteArray());
            return bytes.toByteArray();
        }
    }
}
