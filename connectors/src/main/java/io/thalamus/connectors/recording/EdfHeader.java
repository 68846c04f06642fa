/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an EDF or BDF file. Fields are read as files have them: numbers with a comma for a
 * point, fields that end with zero bytes, dates with other separators.
 *
 * @param kind such as {@code EDF+C}
 * @param sampleBytes 2 in EDF, 3 in BDF
 * @param startNanos the date and time, in nanoseconds since the epoch; records start later by the
 *     onset of the first
 * @param offset the first data record's byte
 * @param announced data records as the file says; negative where it does not
 * @param records whole data records that are there
 * @param recordBytes bytes of one
 * @param recordRate data records a second; null if they have no duration, being annotations only
 * @param signals all signals, annotations too
 */
record EdfHeader(
        String kind,
        int sampleBytes,
        long startNanos,
        long offset,
        long announced,
        long records,
        int recordBytes,
        SampleRate recordRate,
        List<EdfSignal> signals) {

    /** Bytes of a data record at most: what a reader holds of the file. */
    static final int MOST_RECORD_BYTES = 1 << 26;

    /** What an onset may be off without being a gap: writers round them. */
    static final long TOLERANCE_NANOS = 1_000_000;

    static final String EDF = "0       ";
    static final String BDF = "\u00ffBIOSEMI";

    private static final int FIXED_BYTES = 256;
    private static final int SIGNAL_BYTES = 256;
    private static final int MOST_SIGNALS = 9999;
    private static final int MOST_DIGITS = 30;

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,2})?");
    private static final Pattern THREE_PARTS = Pattern.compile("(\\d\\d?)\\D(\\d\\d?)\\D(\\d\\d)");
    private static final Pattern FULL_DATE =
            Pattern.compile("STARTDATE (\\d\\d)-([A-Z]{3})-(\\d{4})(\\s.*)?");
    private static final List<String> MONTHS =
            List.of(
                    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV",
                    "DEC");

    boolean isDiscontinuous() {
        return kind.endsWith("+D");
    }

    /** The rate of so many samples in a data record. */
    SampleRate rate(int length) {
        return times(recordRate, length);
    }

    private static SampleRate times(SampleRate rate, long factor) {
        return new SampleRate(Math.multiplyExact(rate.numerator(), factor), rate.denominator());
    }

    static EdfHeader read(BinaryFile file, RecordingOptions options) throws IOException {
        file.in("header");
        String version = file.ascii(8);
        if (!version.equals(EDF) && !version.equals(BDF)) {
            throw file.invalid(
                    "is no EDF or BDF file: it does not begin with 0 or BIOSEMI; convert it to"
                            + " EDF");
        }
        String family = version.equals(EDF) ? "EDF" : "BDF";
        int sampleBytes = version.equals(EDF) ? 2 : 3;
        file.skip(80); // the patient
        String recording = text(file, 80);
        String date = text(file, 8);
        String time = text(file, 8);
        long offset = whole(file, text(file, 8), "size of its header");
        String reserved = text(file, 44);
        long announced = whole(file, text(file, 8), "number of data records");
        BigDecimal duration = number(file, text(file, 8), "duration of a data record");
        long count = whole(file, text(file, 4), "number of signals");
        if (count < 1 || count > MOST_SIGNALS) {
            throw file.invalid(
                    "has %d signals where 1 to %d can be: save it again", count, MOST_SIGNALS);
        }
        if (offset < FIXED_BYTES + count * SIGNAL_BYTES) {
            throw file.invalid(
                    "has a header of %d bytes by its own words, where %d signals need %d: save it"
                            + " again",
                    offset, count, FIXED_BYTES + count * SIGNAL_BYTES);
        }
        List<EdfSignal> signals = signals(file, (int) count, sampleBytes);
        long recordBytes = 0;
        int longest = 0;
        for (EdfSignal signal : signals) {
            recordBytes += (long) signal.length() * sampleBytes;
            longest = signal.annotations() ? longest : Math.max(longest, signal.length());
        }
        file.seek(offset);
        long there = recordBytes == 0 ? 0 : file.remaining() / recordBytes;
        String plus = reserved.matches(".DF\\+[CD].*") ? reserved.substring(3, 5) : "";
        return new EdfHeader(
                family + plus,
                sampleBytes,
                start(recording, date, time, options),
                offset,
                announced,
                announced < 0 ? there : Math.min(announced, there),
                (int) recordBytes,
                recordRate(file, duration, longest),
                signals);
    }

    private static SampleRate recordRate(BinaryFile file, BigDecimal duration, int longest) {
        if (duration.signum() == 0 && longest == 0) {
            return null;
        }
        try {
            BigDecimal seconds = duration.scale() < 0 ? duration.setScale(0) : duration;
            SampleRate rate =
                    new SampleRate(
                            BigDecimal.ONE.scaleByPowerOfTen(seconds.scale()).longValueExact(),
                            seconds.unscaledValue().longValueExact());
            if (longest > 0) {
                times(rate, longest); // the fastest signal has a rate, so all have
            }
            return rate;
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw file.invalid(
                    "gives its data records a duration of %s s for %d samples, which is no usable"
                            + " sample rate: save it again",
                    duration, longest);
        }
    }

    private static List<EdfSignal> signals(BinaryFile file, int count, int sampleBytes)
            throws IOException {
        String[] labels = texts(file, count, 16);
        file.skip(80L * count); // transducers
        String[] units = texts(file, count, 8);
        String[] physicalMinima = texts(file, count, 8);
        String[] physicalMaxima = texts(file, count, 8);
        String[] digitalMinima = texts(file, count, 8);
        String[] digitalMaxima = texts(file, count, 8);
        file.skip(80L * count); // filters
        String[] lengths = texts(file, count, 8);
        List<EdfSignal> signals = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels[i] = labels[i].isEmpty() ? "ch" + (i + 1) : labels[i];
        }
        DistinctNames names = new DistinctNames(Arrays.asList(labels));
        long offset = 0;
        for (int i = 0; i < count; i++) {
            String signal = "of its signal " + (i + 1) + " '" + labels[i] + "'";
            boolean annotations =
                    labels[i].equals("EDF Annotations") || labels[i].equals("BDF Annotations");
            long length = whole(file, lengths[i], "number of samples in a data record " + signal);
            if (length < 0 || offset + length * sampleBytes > MOST_RECORD_BYTES) {
                throw file.invalid(
                        "has %d samples in a data record %s, where a data record can have 0 to %d"
                                + " bytes: save it with shorter data records",
                        length, signal, MOST_RECORD_BYTES);
            }
            EdfSignal.Scale scale =
                    annotations
                            ? null
                            : scale(
                                    number(file, physicalMinima[i], "physical minimum " + signal),
                                    number(file, physicalMaxima[i], "physical maximum " + signal),
                                    whole(file, digitalMinima[i], "digital minimum " + signal),
                                    whole(file, digitalMaxima[i], "digital maximum " + signal));
            String channel = annotations ? labels[i] : names.next(labels[i]);
            signals.add(
                    new EdfSignal(
                            channel, annotations, units[i], scale, (int) offset, (int) length));
            offset += length * sampleBytes;
        }
        return signals;
    }

    private static EdfSignal.Scale scale(
            BigDecimal physicalMinimum,
            BigDecimal physicalMaximum,
            long digitalMinimum,
            long digitalMaximum) {
        double minimum = physicalMinimum.doubleValue();
        double step = (physicalMaximum.doubleValue() - minimum) / (digitalMaximum - digitalMinimum);
        return new EdfSignal.Scale((int) digitalMinimum, minimum, step);
    }

    /** The date and time; {@link RecordingOptions#start()} where they were taken out. */
    private static long start(
            String recording, String date, String time, RecordingOptions options) {
        Matcher dates = THREE_PARTS.matcher(date);
        Matcher times = THREE_PARTS.matcher(time);
        if (!dates.matches() || !times.matches()) {
            return options.startNanos();
        }
        int day = Integer.parseInt(dates.group(1));
        int month = Integer.parseInt(dates.group(2));
        int year = Integer.parseInt(dates.group(3));
        year += year < 85 ? 2000 : 1900;
        Matcher full = FULL_DATE.matcher(recording.toUpperCase(Locale.ROOT));
        // Two digits last until 2084; EDF+ writes the whole year elsewhere too.
        if (full.matches()
                && Integer.parseInt(full.group(1)) == day
                && MONTHS.indexOf(full.group(2)) + 1 == month
                && Integer.parseInt(full.group(3)) % 100 == year % 100) {
            year = Integer.parseInt(full.group(3));
        }
        try {
            LocalDateTime start =
                    LocalDate.of(year, month, day)
                            .atTime(
                                    LocalTime.of(
                                            Integer.parseInt(times.group(1)),
                                            Integer.parseInt(times.group(2)),
                                            Integer.parseInt(times.group(3))));
            return ChronoUnit.NANOS.between(LocalDate.EPOCH.atStartOfDay(), start);
        } catch (DateTimeException | ArithmeticException e) {
            return options.startNanos();
        }
    }

    private static String[] texts(BinaryFile file, int count, int width) throws IOException {
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = text(file, width);
        }
        return texts;
    }

    /** A field without the blanks around it. */
    private static String text(BinaryFile file, int width) throws IOException {
        byte[] bytes = file.bytes(width);
        int end = 0;
        while (end < width && bytes[end] != 0) {
            end++;
        }
        return BinaryFile.text(bytes, 0, end).trim();
    }

    private static BigDecimal number(BinaryFile file, String text, String what) {
        String point = text.replace(',', '.');
        if (point.length() > MOST_DIGITS || !NUMBER.matcher(point).matches()) {
            throw file.invalid("has '%s' as the %s, which is no number: save it again", text, what);
        }
        return new BigDecimal(point);
    }

    private static long whole(BinaryFile file, String text, String what) {
        try {
            return number(file, text, what).intValueExact();
        } catch (ArithmeticException e) {
            throw file.invalid(
                    "has '%s' as the %s, which is no whole number: save it again", text, what);
        }
    }
}
