/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.PcmEncoding;
import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Where a WAV file's samples lie and what they are.
 *
 * @param encoding of one sample
 * @param channelCount samples of a block, one after the other
 * @param rate blocks a second
 * @param startNanos the time of the first block, in nanoseconds since the epoch
 * @param dataOffset the first block's byte
 * @param announced bytes of all blocks as the file says; -1 where it does not
 * @param available bytes of them that are there
 */
record WavHeader(
        PcmEncoding encoding,
        int channelCount,
        SampleRate rate,
        long startNanos,
        long dataOffset,
        long announced,
        long available) {

    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int A_LAW = 6;
    private static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xfffe;

    private static final int FORMAT_BYTES = 16;
    private static final int EXTENSIBLE_BYTES = 40;

    /** What follows the format's number in the 16 bytes that name an extensible format. */
    private static final byte[] SUBFORMAT = {
        0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71
    };

    private static final long UNKNOWN = 0xffffffffL;

    /** What SoX writes as the size of data that goes into a pipe, less the odd part of a block. */
    private static final long SOX_UNKNOWN = 0x7ffff000L;

    /** Chunks that are passed over at most, so that no file keeps a reader busy without samples. */
    private static final int MOST_CHUNKS = 10_000;

    private static final int DESCRIPTION_BYTES = 256;
    private static final int NAMES_BYTES = 32 + 32;
    private static final Pattern ORIGINATION =
            Pattern.compile("(\\d{4})\\D(\\d\\d)\\D(\\d\\d)(\\d\\d)\\D(\\d\\d)\\D(\\d\\d)");

    /** What {@link #description} makes. */
    private static final Pattern START =
            Pattern.compile(
                    "start (\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)\\.(\\d{9})Z\\x00.*",
                    Pattern.DOTALL);

    private static final DateTimeFormatter NANOSECOND =
            DateTimeFormatter.ofPattern("'start 'uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /**
     * The description in a {@code bext} chunk that tells the time of the first sample to the
     * nanosecond, which its other fields do to the sample.
     */
    static String description(Instant start) {
        return NANOSECOND.format(start);
    }

    /** Samples of each channel. */
    long blocks() {
        return available / blockBytes();
    }

    int blockBytes() {
        return channelCount * encoding.bytes();
    }

    /** The channels' names: a WAV file has none. */
    List<String> channels() {
        return IntStream.rangeClosed(1, channelCount).mapToObj(number -> "ch" + number).toList();
    }

    static WavHeader read(BinaryFile file, RecordingOptions options) throws IOException {
        file.in("RIFF header");
        String riff = file.ascii(4);
        long riffSize = file.u32le();
        String wave = file.ascii(4);
        if (!Set.of("RIFF", "RF64", "BW64").contains(riff) || !wave.equals("WAVE")) {
            throw file.invalid(
                    "is no WAV file: it does not begin with RIFF or RF64 and WAVE; convert it to"
                            + " WAV");
        }
        Format format = null;
        Origination origination = null;
        long wideDataSize = -1;
        for (int chunk = 0; chunk < MOST_CHUNKS && file.remaining() > 0; chunk++) {
            file.in("list of chunks");
            String id = file.ascii(4);
            long size = file.u32le();
            if (id.equals("data")) {
                if (format == null) {
                    throw file.invalid(
                            "has its data before its fmt chunk, which tells what the data is: save"
                                    + " it again");
                }
                long announced = riff.equals("RIFF") || size != UNKNOWN ? size : wideDataSize;
                return header(file, format, origination, options, riffSize, announced);
            }
            file.in(id.trim() + " chunk");
            long next = file.position() + size + (size & 1);
            switch (id) {
                case "fmt " -> format = Format.read(file, size);
                case "bext" -> origination = Origination.read(file, size);
                case "ds64" -> {
                    file.skip(8);
                    wideDataSize = file.i64le();
                }
                default -> {}
            }
            file.seek(next);
        }
        throw file.invalid("has no data chunk: it holds no samples; save it again");
    }

    private static WavHeader header(
            BinaryFile file,
            Format format,
            Origination origination,
            RecordingOptions options,
            long riffSize,
            long size) {
        long offset = file.position();
        boolean sizeNeverWritten =
                size < 0
                        || size == UNKNOWN
                        || size == SOX_UNKNOWN / format.blockBytes() * format.blockBytes()
                        || (size == 0 && (riffSize == UNKNOWN || riffSize + 8 <= offset));
        long announced = sizeNeverWritten ? -1 : size;
        long available = announced < 0 ? file.remaining() : Math.min(announced, file.remaining());
        long start = options.startNanos();
        if (origination != null) {
            start = origination.startNanos(format.rate(), start);
        }
        WavHeader header =
                new WavHeader(
                        format.encoding(),
                        format.channelCount(),
                        format.rate(),
                        start,
                        offset,
                        announced,
                        available);
        try {
            Math.addExact(start, header.rate().nanosOf(header.blocks()));
        } catch (ArithmeticException e) {
            throw file.invalid(
                    "has samples beyond the year 2262, as it starts at %s and has %s: set start",
                    Instant.EPOCH.plusNanos(start), header.rate());
        }
        return header;
    }

    /** The fmt chunk. */
    private record Format(PcmEncoding encoding, int channelCount, SampleRate rate) {

        int blockBytes() {
            return channelCount * encoding.bytes();
        }

        static Format read(BinaryFile file, long size) throws IOException {
            if (size < FORMAT_BYTES) {
                throw file.invalid(
                        "has a fmt chunk of %d bytes where %d are the least: save it again",
                        size, FORMAT_BYTES);
            }
            int tag = file.u16le();
            int channels = file.u16le();
            long rate = file.u32le();
            file.skip(4); // bytes a second, which follow from the others
            int blockBytes = file.u16le();
            int bits = file.u16le();
            if (tag == EXTENSIBLE) {
                if (size < EXTENSIBLE_BYTES) {
                    throw file.invalid(
                            "has a fmt chunk of %d bytes where an extensible one has %d: save it"
                                    + " again",
                            size, EXTENSIBLE_BYTES);
                }
                file.skip(8); // size of the extension, valid bits, positions of loudspeakers
                tag = file.u16le();
                if (!Arrays.equals(file.bytes(SUBFORMAT.length), SUBFORMAT)) {
                    throw file.invalid(
                            "has samples of an unknown extensible format: convert it to PCM");
                }
            }
            PcmEncoding encoding = encoding(file, tag, bits);
            if (channels == 0 || blockBytes != channels * encoding.bytes()) {
                throw file.invalid(
                        "says that %d bytes hold a sample of each of %d channels in %s, which"
                                + " cannot be: save it again",
                        blockBytes, channels, encoding.words());
            }
            try {
                return new Format(encoding, channels, SampleRate.ofHertz(rate));
            } catch (IllegalArgumentException e) {
                throw file.invalid("has a sample rate of %d Hz: save it again", rate);
            }
        }

        private static PcmEncoding encoding(BinaryFile file, int tag, int bits) {
            // Samples of 12 or 20 bits stand in the upper bits of whole bytes.
            int bytes = (bits + 7) / 8;
            PcmEncoding encoding =
                    switch (tag) {
                        case PCM ->
                                switch (bytes) {
                                    case 1 -> PcmEncoding.U8;
                                    case 2 -> PcmEncoding.S16LE;
                                    case 3 -> PcmEncoding.S24LE;
                                    case 4 -> PcmEncoding.S32LE;
                                    default -> null;
                                };
                        case FLOAT ->
                                switch (bits) {
                                    case 32 -> PcmEncoding.F32LE;
                                    case 64 -> PcmEncoding.F64LE;
                                    default -> null;
                                };
                        case A_LAW -> bits == 8 ? PcmEncoding.ALAW : null;
                        case MU_LAW -> bits == 8 ? PcmEncoding.MULAW : null;
                        default -> null;
                    };
            if (encoding == null) {
                throw file.invalid(
                        "holds samples of format %s with %d bits, not PCM of 8 to 32 bits, float of"
                                + " 32 or 64 bits, A-law or mu-law: convert it to PCM",
                        name(tag), bits);
            }
            return encoding;
        }

        private static String name(int tag) {
            return switch (tag) {
                case PCM -> "PCM";
                case 2, 0x11 -> "ADPCM";
                case FLOAT -> "float";
                case A_LAW -> "A-law";
                case MU_LAW -> "mu-law";
                case 0x50 -> "MPEG";
                case 0x55 -> "MP3";
                default -> "0x%04x".formatted(tag);
            };
        }
    }

    /**
     * The bext chunk of Broadcast Wave (EBU Tech 3285).
     *
     * @param description any text
     * @param written its date and time, to the second
     * @param reference blocks from midnight to the first one, by the recorder's time code
     */
    private record Origination(String description, String written, long reference) {

        static Origination read(BinaryFile file, long size) throws IOException {
            if (size < DESCRIPTION_BYTES + NAMES_BYTES + 18 + 8) {
                return null;
            }
            String description = file.ascii(DESCRIPTION_BYTES);
            file.skip(NAMES_BYTES);
            return new Origination(description, file.ascii(18), file.i64le());
        }

        /**
         * The date and time, which are taken as UTC; to the nanosecond where the description tells
         * the same second, and otherwise to the block where the time code tells the same time of
         * day. A time code may also count from the start of a project.
         */
        long startNanos(SampleRate rate, long otherwise) {
            Matcher matcher = ORIGINATION.matcher(written);
            if (!matcher.matches()) {
                return otherwise;
            }
            try {
                LocalDate date =
                        LocalDate.of(number(matcher, 1), number(matcher, 2), number(matcher, 3));
                LocalDateTime time =
                        date.atTime(
                                LocalTime.of(
                                        number(matcher, 4),
                                        number(matcher, 5),
                                        number(matcher, 6)));
                long second = nanos(time);
                Matcher start = START.matcher(description);
                if (start.matches() && written.equals(start.group(1) + start.group(2))) {
                    return Math.addExact(second, Long.parseLong(start.group(3)));
                }
                long exact = Math.addExact(nanos(date.atStartOfDay()), rate.nanosOf(reference));
                return Math.abs(exact - second) <= 1_000_000_000L ? exact : second;
            } catch (DateTimeException | ArithmeticException e) {
                return otherwise;
            }
        }

        private static int number(Matcher matcher, int group) {
            return Integer.parseInt(matcher.group(group));
        }

        private static long nanos(LocalDateTime time) {
            return ChronoUnit.NANOS.between(LocalDate.EPOCH.atStartOfDay(), time);
        }
    }
}
