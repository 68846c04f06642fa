/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.recording.Looping;
import io.thalamus.connectors.recording.Pacing;
import io.thalamus.jobs.spec.KeyType.WrongValue;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.fourier.FrequencyBand;
import io.thalamus.operators.signal.fourier.Kaiser;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Location;
import io.thalamus.schemas.SampleRate;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types that keys have. */
final class KeyTypes {
    private static final Pattern DURATION_TEXT = Pattern.compile("(\\d+)\\s*([a-zA-Zµ]*)");
    private static final Pattern RATIO_TEXT = Pattern.compile("(\\d+)(?:\\s*/\\s*(\\d+))?");
    private static final Pattern KAISER_TEXT = Pattern.compile("kaiser(?:\\((.*)\\))?");
    private static final Map<String, Duration> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("ns", Duration.ofNanos(1));
        UNITS.put("us", Duration.ofNanos(1_000));
        UNITS.put("ms", Duration.ofMillis(1));
        UNITS.put("s", Duration.ofSeconds(1));
        UNITS.put("min", Duration.ofMinutes(1));
        UNITS.put("h", Duration.ofHours(1));
        UNITS.put("d", Duration.ofDays(1));
    }

    /** Any one value, as written. */
    static final KeyType<String> TEXT = scalar("text", text -> text);

    /** What names a job: the files of its results start with it. */
    static final KeyType<String> NAME =
            scalar(
                    "text",
                    text -> {
                        if (text.contains("/")) {
                            throw new WrongValue(
                                    "'%s' holds a slash; files are named after it".formatted(text));
                        }
                        return text;
                    });

    /** What names a step: part of its operator's uid. */
    static final KeyType<String> STEP_ID =
            scalar(
                    "id",
                    text -> {
                        if (text.matches("[a-z0-9][a-z0-9-]*")) {
                            return text;
                        }
                        throw new WrongValue(
                                "'%s' is no id; write small letters, digits and hyphens"
                                        .formatted(text));
                    });

    static final KeyType<Duration> DURATION = scalar("duration", KeyTypes::duration);

    static final KeyType<Duration> DURATION_OR_ZERO =
            scalar("duration or zero", KeyTypes::durationOrZero);

    /** A duration in either direction, or none. */
    static final KeyType<Duration> OFFSET =
            scalar(
                    "duration, which may be negative",
                    text ->
                            text.startsWith("-")
                                    ? durationOrZero(text.substring(1)).negated()
                                    : durationOrZero(text));

    static final KeyType<SampleRate> RATE =
            scalar(
                    "whole number or ratio",
                    text -> {
                        Matcher ratio = RATIO_TEXT.matcher(text);
                        try {
                            if (ratio.matches()) {
                                return new SampleRate(
                                        Long.parseLong(ratio.group(1)),
                                        ratio.group(2) == null
                                                ? 1
                                                : Long.parseLong(ratio.group(2)));
                            }
                        } catch (NumberFormatException e) {
                            // Too large for a long: no rate either.
                        } catch (IllegalArgumentException e) {
                            throw new WrongValue(e.getMessage());
                        }
                        throw new WrongValue(
                                "'%s' is no rate; write samples a second, such as 44100, or a ratio"
                                        + " such as 1/3600".formatted(text));
                    });

    /** A number of samples, or a time that is turned into samples. */
    static final KeyType<Span> SPAN =
            scalar(
                    "number of samples, or duration",
                    text -> {
                        try {
                            return text.matches("\\d+\\s*[a-zA-Zµ]+")
                                    ? Span.of(duration(text))
                                    : Span.ofSamples(Integer.parseInt(text));
                        } catch (NumberFormatException | InvalidInputException e) {
                            throw new WrongValue(
                                    "'%s' is no whole number of samples of at least 1, and no"
                                                    .formatted(text)
                                            + " duration above zero, such as 2s");
                        }
                    });

    static final KeyType<ZoneId> ZONE =
            scalar(
                    "time zone",
                    text -> {
                        try {
                            return ZoneId.of(text);
                        } catch (DateTimeException e) {
                            throw new WrongValue(
                                    "'%s' is no time zone; write UTC, +01:00 or Europe/Berlin"
                                            .formatted(text));
                        }
                    });

    static final KeyType<Character> CHARACTER =
            new KeyType<>() {
                @Override
                public String name() {
                    return "character";
                }

                @Override
                public Character read(YamlNode node) throws WrongValue {
                    if (node instanceof YamlNode.Scalar scalar && scalar.text().length() == 1) {
                        return scalar.text().charAt(0);
                    }
                    throw new WrongValue("must be one character, such as ';', not " + node.shown());
                }
            };

    static final KeyType<String> ENGINE =
            scalar(
                    "name of an engine",
                    text -> {
                        List<String> engines = GraphEngines.names();
                        if (engines.contains(text)) {
                            return text;
                        }
                        throw new WrongValue(Suggestion.unknown("engine", text, engines));
                    });

    /** A path or URI; a relative path starts at the pipeline file, or, in an override, here. */
    static final KeyType<String> LOCATION =
            new KeyType<>() {
                @Override
                public String name() {
                    return "path";
                }

                @Override
                public String read(YamlNode node) throws WrongValue {
                    try {
                        return Location.of(node.place().folder(), scalarText(node, "a path"));
                    } catch (InvalidInputException e) {
                        throw new WrongValue(e.getMessage());
                    }
                }
            };

    /** A group of keys that is read on its own. */
    static final KeyType<YamlNode.Mapping> GROUP =
            new KeyType<>() {
                @Override
                public String name() {
                    return "group";
                }

                @Override
                public YamlNode.Mapping read(YamlNode node) throws WrongValue {
                    if (node instanceof YamlNode.Mapping mapping) {
                        return mapping;
                    }
                    throw new WrongValue("must be a group of keys, not " + node.shown());
                }
            };

    /** A list whose elements are read on their own. */
    static final KeyType<List<YamlNode>> LIST =
            new KeyType<>() {
                @Override
                public String name() {
                    return "list";
                }

                @Override
                public List<YamlNode> read(YamlNode node) throws WrongValue {
                    return items(node);
                }
            };

    static final KeyType<List<String>> TEXTS = listOf("texts", TEXT);

    /** Texts that may be empty. */
    static final KeyType<List<String>> ANY_TEXTS =
            listOf(
                    "texts",
                    new KeyType<>() {
                        @Override
                        public String name() {
                            return "text";
                        }

                        @Override
                        public String read(YamlNode node) throws WrongValue {
                            if (node instanceof YamlNode.Scalar scalar) {
                                return scalar.text();
                            }
                            throw new WrongValue("must be one text, not " + node.shown());
                        }
                    });

    static final KeyType<Double> NUMBER = scalar("number", KeyTypes::number);

    static final KeyType<List<Double>> NUMBERS = listOf("numbers", NUMBER);

    /** A taper by its name, and Kaiser's with its beta, such as {@code kaiser(8.6)}. */
    static final KeyType<Taper> TAPER = taper();

    /** Names, each with a lower and an upper frequency. */
    static final KeyType<List<FrequencyBand>> BANDS =
            new KeyType<>() {
                @Override
                public String name() {
                    return "names and pairs of numbers";
                }

                @Override
                public List<FrequencyBand> read(YamlNode node) throws WrongValue {
                    List<FrequencyBand> bands = new ArrayList<>();
                    for (Map.Entry<String, YamlNode> entry :
                            GROUP.read(node).entries().entrySet()) {
                        bands.add(band(entry.getKey(), entry.getValue()));
                    }
                    return bands;
                }
            };

    /** Settings that are passed on as they are; their values may be secret and are never shown. */
    static final KeyType<Settings> SETTINGS =
            new KeyType<>() {
                @Override
                public String name() {
                    return "names and values";
                }

                @Override
                public Settings read(YamlNode node) throws WrongValue {
                    if (!(node instanceof YamlNode.Mapping mapping)) {
                        throw new WrongValue("must be a group of names and values");
                    }
                    Map<String, String> values = new LinkedHashMap<>();
                    for (Map.Entry<String, YamlNode> entry : mapping.entries().entrySet()) {
                        if (!(entry.getValue() instanceof YamlNode.Scalar scalar)) {
                            throw new WrongValue(
                                    "%s must have one value; a name with dots is written as it is,"
                                                    .formatted(entry.getKey())
                                            + " such as isolation.level: read_committed");
                        }
                        values.put(entry.getKey(), scalar.text());
                    }
                    return new Settings(values);
                }
            };

    private KeyTypes() {}

    static KeyType<Integer> integer(int least) {
        return scalar(
                "whole number, at least " + least,
                text -> {
                    try {
                        int value = Integer.parseInt(text);
                        if (value >= least) {
                            return value;
                        }
                    } catch (NumberFormatException e) {
                        // Not a number and too small a number are one mistake to the user.
                    }
                    throw new WrongValue(
                            "'%s' is no whole number of at least %d".formatted(text, least));
                });
    }

    static KeyType<String> oneOf(String... choices) {
        return scalar(
                String.join(" or ", choices),
                text -> {
                    List<String> known = Arrays.asList(choices);
                    if (known.contains(text)) {
                        return text;
                    }
                    throw new WrongValue(Suggestion.unknown("value", text, known));
                });
    }

    /** One of the constants of a type, written in small letters with hyphens. */
    static <E extends Enum<E>> KeyType<E> constant(Class<E> type) {
        List<String> known = written(type);
        return scalar(
                choice(known),
                text -> {
                    if (known.contains(text)) {
                        return type.getEnumConstants()[known.indexOf(text)];
                    }
                    throw new WrongValue(Suggestion.unknown("value", text, known));
                });
    }

    private static <E extends Enum<E>> List<String> written(Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static String choice(List<String> known) {
        int last = known.size() - 1;
        return String.join(", ", known.subList(0, last)) + " or " + known.get(last);
    }

    static final KeyType<Boolean> FLAG =
            scalar(
                    "true or false",
                    text -> {
                        if (text.equals("true") || text.equals("false")) {
                            return text.equals("true");
                        }
                        throw new WrongValue("'%s' is neither true nor false".formatted(text));
                    });

    static final KeyType<Pacing> SPEED = checked("number or max", Pacing::parse);

    static final KeyType<Looping> LOOP = checked("true, false or number", Looping::parse);

    /** What a type reads itself, with a sentence of its own for what it is not. */
    private static <T> KeyType<T> checked(String name, Function<String, T> parse) {
        return scalar(
                name,
                text -> {
                    try {
                        return parse.apply(text);
                    } catch (InvalidInputException e) {
                        throw new WrongValue(e.getMessage());
                    }
                });
    }

    private static KeyType<Taper> taper() {
        List<String> known = new ArrayList<>(written(StandardTaper.class));
        known.add("kaiser(beta)");
        return scalar(
                choice(known),
                text -> {
                    Matcher kaiser = KAISER_TEXT.matcher(text);
                    if (kaiser.matches()) {
                        return kaiser(text, kaiser.group(1));
                    }
                    int place = known.indexOf(text);
                    if (place >= 0 && place < StandardTaper.values().length) {
                        return StandardTaper.values()[place];
                    }
                    throw new WrongValue(Suggestion.unknown("value", text, known));
                });
    }

    private static Kaiser kaiser(String text, String beta) throws WrongValue {
        try {
            return new Kaiser(number(beta == null ? "" : beta));
        } catch (InvalidInputException e) {
            throw new WrongValue(e.getMessage());
        } catch (WrongValue e) {
            throw new WrongValue(
                    "'%s' has no number for beta; write one such as kaiser(8.6)".formatted(text));
        }
    }

    private static FrequencyBand band(String name, YamlNode node) throws WrongValue {
        try {
            List<Double> edges = NUMBERS.read(node);
            if (edges.size() == 2) {
                return new FrequencyBand(name, edges.get(0), edges.get(1));
            }
            throw new WrongValue("has %d numbers".formatted(edges.size()));
        } catch (InvalidInputException e) {
            throw new WrongValue(e.getMessage());
        } catch (WrongValue e) {
            throw new WrongValue(
                    "%s %s; give a lower and an upper frequency, such as [8, 13]"
                            .formatted(name, e.getMessage()));
        }
    }

    private static Duration duration(String text) throws WrongValue {
        Duration duration = durationOrZero(text);
        if (duration.isZero()) {
            throw new WrongValue("'%s' must be longer than nothing".formatted(text));
        }
        return duration;
    }

    private static Duration durationOrZero(String text) throws WrongValue {
        Matcher matcher = DURATION_TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new WrongValue(
                    "'%s' is no duration; write one such as 50ms or 1h".formatted(text));
        }
        if (matcher.group(2).isEmpty()) {
            throw new WrongValue(
                    "'%s' has no unit; write %sms or %ss"
                            .formatted(text, matcher.group(1), matcher.group(1)));
        }
        Duration unit = UNITS.get(matcher.group(2));
        if (unit == null) {
            throw new WrongValue(
                    "'%s' has an unknown unit; the units are %s"
                            .formatted(text, String.join(", ", UNITS.keySet())));
        }
        try {
            Duration duration = unit.multipliedBy(Long.parseLong(matcher.group(1)));
            duration.toNanos(); // throws for what nanoseconds cannot hold
            return duration;
        } catch (ArithmeticException | NumberFormatException e) {
            throw new WrongValue("'%s' is too long a duration".formatted(text));
        }
    }

    private static double number(String text) throws WrongValue {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // No number and no finite number are one mistake to the user.
        }
        throw new WrongValue("'%s' is no number".formatted(text));
    }

    private interface Parser<T> {
        T parse(String text) throws WrongValue;
    }

    private static <T> KeyType<T> scalar(String name, Parser<T> parser) {
        return new KeyType<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public T read(YamlNode node) throws WrongValue {
                return parser.parse(scalarText(node, "one " + name));
            }
        };
    }

    private static String scalarText(YamlNode node, String wanted) throws WrongValue {
        if (node instanceof YamlNode.Scalar scalar && !scalar.text().isBlank()) {
            return scalar.text().strip();
        }
        throw new WrongValue("must be %s, not %s".formatted(wanted, node.shown()));
    }

    private static List<YamlNode> items(YamlNode node) throws WrongValue {
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        throw new WrongValue("must be a list, not " + node.shown());
    }

    private static <T> KeyType<List<T>> listOf(String name, KeyType<T> element) {
        return new KeyType<>() {
            @Override
            public String name() {
                return "list of " + name;
            }

            @Override
            public List<T> read(YamlNode node) throws WrongValue {
                List<T> values = new ArrayList<>();
                for (YamlNode item : items(node)) {
                    try {
                        values.add(element.read(item));
                    } catch (WrongValue e) {
                        throw new WrongValue(
                                "element %d: %s".formatted(values.size(), e.getMessage()));
                    }
                }
                if (values.isEmpty()) {
                    throw new WrongValue("must not be an empty list");
                }
                return List.copyOf(values);
            }
        };
    }
}
