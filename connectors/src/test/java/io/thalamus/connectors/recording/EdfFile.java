/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An EDF or BDF file that a test writes. Fields are given as text, so that a test can write what no
 * program should.
 */
public final class EdfFile {
    private final int sampleBytes;
    private final List<String[]> signals = new ArrayList<>();
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private String recording = "Startdate 06-MAY-2024 X X X";
    private String date = "06.05.24";
    private String time = "07.08.09";
    private String headerBytes;
    private String reserved;
    private String count;
    private String duration = "1";
    private String signalCount;
    private int written;

    private EdfFile(int sampleBytes, String reserved) {
        this.sampleBytes = sampleBytes;
        this.reserved = reserved;
    }

    public static EdfFile edf(String reserved) {
        return new EdfFile(2, reserved);
    }

    public static EdfFile bdf(String reserved) {
        return new EdfFile(3, reserved);
    }

    public EdfFile start(String otherDate, String otherTime) {
        date = otherDate;
        time = otherTime;
        return this;
    }

    public EdfFile recording(String other) {
        recording = other;
        return this;
    }

    public EdfFile headerBytes(String other) {
        headerBytes = other;
        return this;
    }

    /** Data records by the header; as many as are written if this is not called. */
    public EdfFile count(String other) {
        count = other;
        return this;
    }

    public EdfFile signalCount(String other) {
        signalCount = other;
        return this;
    }

    public EdfFile duration(String seconds) {
        duration = seconds;
        return this;
    }

    /** A signal whose physical values are a tenth of its digital ones. */
    public EdfFile signal(String label, int length) {
        return signal(label, "uV", "-3276.8", "3276.7", "-32768", "32767", "" + length);
    }

    public EdfFile signal(
            String label,
            String unit,
            String physicalMinimum,
            String physicalMaximum,
            String digitalMinimum,
            String digitalMaximum,
            String length) {
        signals.add(
                new String[] {
                    label,
                    "",
                    unit,
                    physicalMinimum,
                    physicalMaximum,
                    digitalMinimum,
                    digitalMaximum,
                    "",
                    length,
                    ""
                });
        return this;
    }

    /** An annotation signal of so many bytes in a data record. */
    public EdfFile annotations(int bytes) {
        String label = (sampleBytes == 2 ? "EDF" : "BDF") + " Annotations";
        return signal(label, "", "-1", "1", "-32768", "32767", "" + bytes / sampleBytes);
    }

    /**
     * A data record: of each signal an {@code int[]}, or a text in which {@code |} stands for the
     * byte 0x14, {@code ~} for 0x15 and {@code _} for 0.
     */
    public EdfFile record(Object... contents) {
        written++;
        for (int i = 0; i < contents.length; i++) {
            if (contents[i] instanceof int[] values) {
                for (int value : values) {
                    for (int shift = 0; shift < 8 * sampleBytes; shift += 8) {
                        records.write(value >> shift);
                    }
                }
            } else {
                int size = Integer.parseInt(signals.get(i)[8]) * sampleBytes;
                records.writeBytes(
                        Arrays.copyOf(
                                marked((String) contents[i]).getBytes(StandardCharsets.UTF_8),
                                size));
            }
        }
        return this;
    }

    static String marked(String text) {
        return text.replace('|', '\u0014').replace('~', '\u0015').replace('_', '\0');
    }

    /** Bytes behind the data records. */
    public EdfFile bytes(byte... more) {
        records.writeBytes(more);
        return this;
    }

    public byte[] bytes() {
        return bytes(StandardCharsets.UTF_8);
    }

    public byte[] bytes(Charset charset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (sampleBytes == 2) {
            out.writeBytes("0       ".getBytes(charset));
        } else {
            out.write(0xff);
            out.writeBytes("BIOSEMI".getBytes(charset));
        }
        field(out, "X X X X", 80, charset);
        field(out, recording, 80, charset);
        field(out, date, 8, charset);
        field(out, time, 8, charset);
        field(
                out,
                headerBytes == null ? "" + (256 + 256 * signals.size()) : headerBytes,
                8,
                charset);
        field(out, reserved, 44, charset);
        field(out, count == null ? "" + written : count, 8, charset);
        field(out, duration, 8, charset);
        field(out, signalCount == null ? "" + signals.size() : signalCount, 4, charset);
        int[] widths = {16, 80, 8, 8, 8, 8, 8, 80, 8, 32};
        for (int column = 0; column < widths.length; column++) {
            for (String[] signal : signals) {
                field(out, signal[column], widths[column], charset);
            }
        }
        out.writeBytes(records.toByteArray());
        return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, String text, int width, Charset charset) {
        byte[] bytes = text.getBytes(charset);
        byte[] field = Arrays.copyOf(bytes, width);
        Arrays.fill(field, Math.min(bytes.length, width), width, (byte) ' ');
        out.writeBytes(field);
    }
}
