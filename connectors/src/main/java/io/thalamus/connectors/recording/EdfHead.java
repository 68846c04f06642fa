/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The header of an EDF+ or BDF+ file, as it is written; {@link EdfHeader} reads. */
final class EdfHead {
    private static final int FIXED_BYTES = 256;
    private static final int SIGNAL_BYTES = 256;
    private static final int[] WIDTHS = {16, 80, 8, 8, 8, 8, 8, 80, 8, 32};

    private final boolean isEdf;
    private final boolean isDiscontinuous;
    private final long startNanos;
    private final int records;
    private final String duration;
    private final List<String[]> signals = new ArrayList<>();

    EdfHead(boolean isEdf, boolean isDiscontinuous, long startNanos, int records, String duration) {
        this.duration = duration;
        this.isEdf = isEdf;
        this.isDiscontinuous = isDiscontinuous;
        this.startNanos = startNanos;
        this.records = records;
    }

    void signal(String channel, EdfRange range, int length) {
        add(
                channel,
                range.physicalMinimum(),
                range.physicalMaximum(),
                range.digitalMinimum(),
                range.digitalMaximum(),
                length);
    }

    /** The signal of so many samples a data record whose bytes are annotations. */
    void annotations(int length) {
        String most = isEdf ? "32767" : "8388607";
        String least = isEdf ? "-32768" : "-8388608";
        add((isEdf ? "EDF" : "BDF") + " Annotations", "-1", "1", least, most, length);
    }

    private void add(
            String label,
            String physicalMinimum,
            String physicalMaximum,
            String digitalMinimum,
            String digitalMaximum,
            int length) {
        String[] fields = new String[WIDTHS.length];
        Arrays.fill(fields, ""); // transducer, unit, filter, reserved
        fields[0] = label;
        fields[3] = physicalMinimum;
        fields[4] = physicalMaximum;
        fields[5] = digitalMinimum;
        fields[6] = digitalMaximum;
        fields[8] = Integer.toString(length);
        signals.add(fields);
    }

    byte[] bytes() {
        ZonedDateTime start = Instant.EPOCH.plusNanos(startNanos).atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(isEdf ? EdfHeader.EDF : EdfHeader.BDF);
        text.append(field("X X X X", 80));
        String date = time(start, "dd-MMM-uuuu").toUpperCase(Locale.ROOT);
        text.append(field("Startdate " + date + " X X thalamus", 80));
        text.append(time(start, "dd.MM.uu")).append(time(start, "HH.mm.ss"));
        text.append(field(FIXED_BYTES + SIGNAL_BYTES * signals.size(), 8));
        text.append(field((isEdf ? "EDF+" : "BDF+") + (isDiscontinuous ? "D" : "C"), 44));
        text.append(field(records, 8)).append(field(duration, 8)).append(field(signals.size(), 4));
        for (int i = 0; i < WIDTHS.length; i++) {
            for (String[] signal : signals) {
                text.append(field(signal[i], WIDTHS[i]));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String time(ZonedDateTime time, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }

    /** A text cut to its field; what is no printable ASCII, which the format asks for, is a ?. */
    private static String field(Object value, int width) {
        String text = value.toString().replaceAll("[^ -~]", "?");
        return text.length() > width
                ? text.substring(0, width)
                : text + " ".repeat(width - text.length());
    }
}
