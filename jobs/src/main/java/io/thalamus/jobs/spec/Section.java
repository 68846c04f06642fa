/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.jobs.spec.KeyType.WrongValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A group of keys as it is read: every mistake is noted, and reading goes on. */
final class Section {
    private final String path;
    private final YamlNode.Mapping node;
    private final Problems problems;

    Section(String path, YamlNode.Mapping node, Problems problems) {
        this.path = path;
        this.node = node;
        this.problems = problems;
    }

    /** Notes every key that is not among these. */
    Section allow(List<Key<?>> keys) {
        List<String> names = keys.stream().<String>map(Key::name).toList();
        node.entries()
                .forEach(
                        (name, value) -> {
                            if (!names.contains(name)) {
                                problems.add(
                                        pathOf(name),
                                        value.place(),
                                        Suggestion.unknown("key", name, names));
                            }
                        });
        return this;
    }

    /**
     * The group's {@code type}, if it is one of these; the keys are then checked against those of
     * that type.
     *
     * @return null, with the mistake noted, if it is none of them
     */
    String type(List<Variant> variants) {
        String type = get(Variant.TYPE);
        if (type == null) {
            return null;
        }
        for (Variant variant : variants) {
            if (variant.type().equals(type)) {
                allow(variant.keys());
                return type;
            }
        }
        List<String> types = variants.stream().map(Variant::type).toList();
        wrong(Variant.TYPE, Suggestion.unknown("type", type, types));
        return null;
    }

    /** The key's value; its fallback, or null, if it is absent or wrong. */
    <T> T get(Key<T> key) {
        if (!has(key)) {
            if (key.required()) {
                problems.add(
                        pathOf(key.name()),
                        node.place(),
                        "is missing: %s (%s)".formatted(key.description(), key.type().name()));
            }
            return key.fallback();
        }
        YamlNode value = node.entries().get(key.name());
        try {
            return key.type().read(value);
        } catch (WrongValue e) {
            problems.add(pathOf(key.name()), value.place(), e.getMessage());
            return key.fallback();
        }
    }

    /** Notes every mistake of these keys; whether there is none. */
    boolean check(List<Key<?>> keys) {
        int before = problems.count();
        keys.forEach(this::get);
        return problems.count() == before;
    }

    /** A group below a key; if it is absent, one in which every key has its fallback. */
    Section group(Key<YamlNode.Mapping> key) {
        YamlNode.Mapping mapping = get(key);
        return mapping == null
                ? new Section(
                        pathOf(key.name()),
                        new YamlNode.Mapping(node.place(), Map.of()),
                        new Problems())
                : new Section(pathOf(key.name()), mapping, problems);
    }

    /** The groups of a list below a key. */
    List<Section> groups(Key<List<YamlNode>> key) {
        List<Section> groups = new ArrayList<>();
        List<YamlNode> items = get(key);
        for (int i = 0; i < items.size(); i++) {
            String itemPath = pathOf(key.name()) + "[" + i + "]";
            if (items.get(i) instanceof YamlNode.Mapping mapping) {
                groups.add(new Section(itemPath, mapping, problems));
            } else {
                problems.add(
                        itemPath,
                        items.get(i).place(),
                        "must be a group of keys, not " + items.get(i).shown());
            }
        }
        return groups;
    }

    /** Whether a key is given. */
    boolean has(Key<?> key) {
        YamlNode value = node.entries().get(key.name());
        return value != null && !(value instanceof YamlNode.Nothing);
    }

    /** Notes a mistake of a key's value. */
    void wrong(Key<?> key, String message) {
        YamlNode value = node.entries().get(key.name());
        problems.add(pathOf(key.name()), value == null ? node.place() : value.place(), message);
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
