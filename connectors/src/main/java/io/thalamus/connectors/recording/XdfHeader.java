/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the header of a stream in an XDF file says of it.
 *
 * @param chunk the offset of the header's chunk in the file
 * @param id the stream's number in the file
 * @param name what its source calls it; may be empty
 * @param sourceId what names its source uniquely; may be empty
 * @param type what its values are
 * @param nominal its nominal sample rate in hertz; 0 if it is irregular
 * @param channels the channels' names: their labels, or {@code ch1}, {@code ch2} ... where a label
 *     is missing; made unique in the stream
 * @param units the channels' units; empty where none is given
 */
record XdfHeader(
        long chunk,
        long id,
        String name,
        String sourceId,
        XdfType type,
        double nominal,
        List<String> channels,
        List<String> units) {

    static final int MOST_CHANNELS = 4096;

    static final double SLOWEST = 1e-3;
    static final double FASTEST = 1e8;

    /**
     * Reads a header.
     *
     * @throws InvalidInputException that says what is wrong, as the rest of a sentence
     */
    static XdfHeader parse(long chunk, long id, byte[] xml) {
        Map<String, String> fields = new HashMap<>();
        List<String> labels = new ArrayList<>();
        List<String> units = new ArrayList<>();
        XdfXml.read(
                xml,
                (path, text) -> {
                    switch (path) {
                        case "/info/desc/channels/channel" -> {
                            labels.add(taken(fields, path + "/label"));
                            units.add(taken(fields, path + "/unit"));
                        }
                        default -> fields.putIfAbsent(path, text);
                    }
                });
        int count = (int) number(fields, "channel_count", 1, MOST_CHANNELS);
        double nominal = number(fields, "nominal_srate", 0, FASTEST);
        if (nominal != 0 && nominal < SLOWEST) {
            throw invalid("nominal_srate", nominal, "0, or at least 0.001");
        }
        String format = field(fields, "channel_format");
        XdfType type =
                XdfType.of(format)
                        .orElseThrow(
                                () ->
                                        invalid(
                                                "channel_format",
                                                format,
                                                "int8, int16, int32, int64, float32, double64 or"
                                                        + " string"));
        return new XdfHeader(
                chunk,
                id,
                fields.getOrDefault("/info/name", ""),
                fields.getOrDefault("/info/source_id", ""),
                type,
                nominal,
                distinct(filled(labels, count)),
                filled(units, count));
    }

    private static String taken(Map<String, String> fields, String path) {
        String text = fields.remove(path);
        return text == null ? "" : text;
    }

    private static String field(Map<String, String> fields, String name) {
        String text = fields.get("/info/" + name);
        if (text == null) {
            throw new InvalidInputException("it has no " + name);
        }
        return text;
    }

    private static double number(
            Map<String, String> fields, String name, double least, double most) {
        String text = field(fields, name);
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw invalid(name, text, "a number");
        }
        if (!(value >= least && value <= most)) {
            throw invalid(name, text, String.format(Locale.ROOT, "%.0f to %.0f", least, most));
        }
        return value;
    }

    private static InvalidInputException invalid(String name, Object value, String expected) {
        return new InvalidInputException(
                "its " + name + " is '" + value + "', which has to be " + expected);
    }

    private static List<String> filled(List<String> texts, int count) {
        List<String> filled = new ArrayList<>(texts.subList(0, Math.min(texts.size(), count)));
        while (filled.size() < count) {
            filled.add("");
        }
        return List.copyOf(filled);
    }

    private static List<String> distinct(List<String> labels) {
        List<String> named = new ArrayList<>();
        for (String label : labels) {
            named.add(label.isEmpty() ? "ch" + (named.size() + 1) : label);
        }
        return named.stream().map(new DistinctNames(named)::next).toList();
    }

    String nameAnd(String more) {
        return name.isEmpty() ? more : name + "-" + more;
    }

    String nameAndSource() {
        return nameAnd(sourceId);
    }

    boolean isRegular() {
        return nominal > 0;
    }

    /** Whether it is of samples that each have a time of their own. */
    boolean isIrregular() {
        return nominal == 0;
    }

    /** The nominal interval in seconds; 0 of an irregular stream. */
    double period() {
        return isRegular() ? 1 / nominal : 0;
    }

    /** The nominal rate of a regular stream, to the nanohertz. */
    SampleRate rate() {
        return new SampleRate(Math.round(nominal * 1e9), 1_000_000_000L);
    }
}
