/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** An XDF file that a test writes, chunk by chunk, after the specification of XDF 1.0. */
final class XdfFile {
    private static final byte[] BOUNDARY =
            HexFormat.of().parseHex("43a546dccbf5410fb30ed5467383cbe4");

    private static final String[] TYPES = {
        "int8", "int16", "int32", "int64", "float32", "double64", "string"
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

    /** A recording of some streams with holes, resets of clocks and damage. */
    static XdfFile random(Random random, int chunks) {
        XdfFile file = createdAt("2026-05-31T14:15:16+0200");
        int streams = 1 + random.nextInt(4);
        String[] types = new String[streams];
        double[] rates = new double[streams];
        int[] channels = new int[streams];
        double[] times = new double[streams];
        double[] clocks = new double[streams];
        for (int i = 0; i < streams; i++) {
            types[i] = TYPES[random.nextInt(TYPES.length)];
            rates[i] = random.nextInt(3) == 0 ? 0 : 100;
            channels[i] = 1 + random.nextInt(3);
            times[i] = random.nextDouble();
            clocks[i] = random.nextInt(100_000);
            file.stream(i, "s" + random.nextInt(3), types[i], channels[i], rates[i]);
            file.boundary();
        }
        sample(file, random, types[0], channels[0], 0, clocks[0]);
        for (int chunk = 0; chunk < chunks; chunk++) {
            int i = random.nextInt(streams);
            file.boundary();
            switch (random.nextInt(10)) {
                case 0 -> file.chunk(9, new byte[random.nextInt(300)]);
                case 1 -> file.raw(new byte[random.nextInt(30)]);
                case 2 -> times[i] += random.nextInt(20);
                case 3 -> clocks[i] = random.nextInt(100_000);
                case 4 -> file.clockOffset(i, clocks[i] + times[i], -clocks[i]);
                default -> {
                    int samples = 1 + random.nextInt(12);
                    Samples content = new Samples(types[i]);
                    for (int k = 0; k < samples; k++) {
                        Object[] values = values(random, types[i], channels[i]);
                        double jitter = random.nextDouble() * 0.01;
                        times[i] += 0.01;
                        if (random.nextInt(40) == 0) {
                            content.at(Double.NaN, values);
                        } else if (random.nextBoolean()) {
                            content.at(clocks[i] + times[i] + jitter, values);
                        } else {
                            content.then(values);
                        }
                    }
                    file.samples(i, content);
                }
            }
        }
        return file;
    }

    private static void sample(
            XdfFile file, Random random, String type, int channels, int id, double time) {
        file.samples(id, new Samples(type).at(time, values(random, type, channels)));
    }

    private static Object[] values(Random random, String type, int channels) {
        Object[] values = new Object[channels];
        for (int i = 0; i < channels; i++) {
            values[i] =
                    type.equals("string")
                            ? "m" + random.nextInt(100)
                            : (Object) (random.nextInt(200) - 100);
        }
        return values;
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
