/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads YAML into {@link YamlNode}s and applies overrides to them. */
final class YamlDocument {
    private static final YAMLFactory YAML = new YAMLFactory();
    private static final Pattern SEGMENT = Pattern.compile("([^.\\[\\]]+)|\\[(\\d+)]");

    /** Below a group of this name, a key may hold dots. */
    private static final String FREE_KEYS = "properties";

    private final Problems problems;
    private final Path folder;
    private final boolean override;

    private YamlDocument(Problems problems, Path folder, boolean override) {
        this.problems = problems;
        this.folder = folder;
        this.override = override;
    }

    /** The groups of a file; empty, with a problem noted, if it is no such YAML. */
    static Optional<YamlNode.Mapping> read(String text, Path folder, Problems problems) {
        Optional<YamlNode> root = new YamlDocument(problems, folder, false).parse(text);
        if (root.isPresent() && root.get() instanceof YamlNode.Mapping mapping) {
            return Optional.of(mapping);
        }
        if (problems.isEmpty()) {
            problems.add(
                    "",
                    new YamlNode.Place(1, folder),
                    "a pipeline is a group of keys such as 'name: forecast'");
        }
        return Optional.empty();
    }

    /**
     * Applies one override.
     *
     * @param assignment {@code a.b=c}; a list element is named by its index, {@code a[1].b}, or by
     *     its id, {@code a.fill.b}; the value is YAML; no value removes the key
     */
    static void override(
            YamlNode.Mapping root, String assignment, Path workingDirectory, Problems problems) {
        YamlNode.Place place = new YamlNode.Place(0, workingDirectory);
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            problems.add("", place, "an override is written key=value, such as window.hop=24");
            return;
        }
        String path = assignment.substring(0, equals).strip();
        Optional<YamlNode> value =
                new YamlDocument(problems, workingDirectory, true)
                        .parse(assignment.substring(equals + 1));
        List<String> segments = segments(path);
        if (segments.isEmpty()) {
            problems.add(
                    path, place, "is no path of a key, such as window.hop or transforms[1].id");
        } else if (value.isPresent()) {
            String failure = put(root, segments, value.get());
            if (failure != null) {
                problems.add(path, place, failure);
            }
        }
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        Matcher matcher = SEGMENT.matcher(path);
        int position = 0;
        while (position < path.length()) {
            if (!segments.isEmpty() && path.charAt(position) == '.') {
                position++;
            }
            if (!segments.isEmpty() && segments.get(segments.size() - 1).equals(FREE_KEYS)) {
                segments.add(path.substring(position));
                return segments;
            }
            if (!matcher.region(position, path.length()).lookingAt()) {
                return List.of();
            }
            segments.add(matcher.group());
            position = matcher.end();
        }
        return segments;
    }

    /** Puts a value where the path leads; gives what is wrong, or null. */
    private static String put(YamlNode node, List<String> path, YamlNode value) {
        String segment = path.get(0);
        List<String> rest = path.subList(1, path.size());
        if (node instanceof YamlNode.Sequence sequence) {
            int index = indexOf(sequence, segment);
            if (index < 0) {
                return "the list has no element " + segment;
            }
            if (rest.isEmpty()) {
                sequence.items().set(index, value);
                return null;
            }
            return put(sequence.items().get(index), rest, value);
        }
        if (!(node instanceof YamlNode.Mapping mapping) || segment.startsWith("[")) {
            return segment + " leads into " + node.shown() + ", which holds no keys";
        }
        if (rest.isEmpty()) {
            if (value instanceof YamlNode.Nothing) {
                mapping.entries().remove(segment);
            } else {
                mapping.entries().put(segment, value);
            }
            return null;
        }
        YamlNode next = mapping.entries().get(segment);
        if (next == null || next instanceof YamlNode.Nothing) {
            next = new YamlNode.Mapping(value.place(), new LinkedHashMap<>());
            mapping.entries().put(segment, next);
        }
        return put(next, rest, value);
    }

    private static int indexOf(YamlNode.Sequence sequence, String segment) {
        if (segment.startsWith("[")) {
            String digits = segment.substring(1, segment.length() - 1);
            for (int i = 0; i < sequence.items().size(); i++) {
                if (Integer.toString(i).equals(digits)) {
                    return i;
                }
            }
            return -1;
        }
        for (int i = 0; i < sequence.items().size(); i++) {
            if (sequence.items().get(i) instanceof YamlNode.Mapping element
                    && element.entries().get("id") instanceof YamlNode.Scalar id
                    && id.text().equals(segment)) {
                return i;
            }
        }
        return -1;
    }

    private Optional<YamlNode> parse(String text) {
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                return Optional.of(new YamlNode.Nothing(new YamlNode.Place(line(1), folder)));
            }
            YamlNode node = node(parser, "");
            if (parser.nextToken() != null) {
                problems.add("", place(parser), "a pipeline file holds one document, not several");
                return Optional.empty();
            }
            return Optional.of(node);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            problems.add("", new YamlNode.Place(line(line), folder), "is no YAML: " + firstLine(e));
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot be read", e);
        }
    }

    private static String firstLine(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("");
    }

    private YamlNode node(YAMLParser parser, String path) throws IOException {
        YamlNode.Place place = place(parser);
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            problems.add(path, place, "anchors and aliases are not supported; repeat the value");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(parser, path, place);
            case START_ARRAY -> sequence(parser, path, place);
            case VALUE_NULL -> new YamlNode.Nothing(place);
            default -> new YamlNode.Scalar(place, parser.getText());
        };
    }

    private YamlNode mapping(YAMLParser parser, String path, YamlNode.Place place)
            throws IOException {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            YamlNode.Place keyPlace = place(parser);
            String keyPath = path.isEmpty() ? key : path + "." + key;
            parser.nextToken();
            YamlNode value = node(parser, keyPath);
            if (entries.putIfAbsent(key, value) != null) {
                problems.add(keyPath, keyPlace, "is given twice; keep one");
            }
        }
        return new YamlNode.Mapping(place, entries);
    }

    private YamlNode sequence(YAMLParser parser, String path, YamlNode.Place place)
            throws IOException {
        List<YamlNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(parser, path + "[" + items.size() + "]"));
        }
        return new YamlNode.Sequence(place, items);
    }

    private YamlNode.Place place(JsonParser parser) {
        return new YamlNode.Place(line(parser.currentTokenLocation().getLineNr()), folder);
    }

    private int line(int inText) {
        return override ? 0 : inText;
    }
}
