/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.thalamus.jobs.spec.Suggestion;
import java.util.ArrayList;
import java.util.List;

/** Puts what the user wants otherwise into a recipe's configuration. */
final class Hyperparameters {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Hyperparameters() {}

    /**
     * @param settings {@code name=value}, of names that the configuration has
     * @throws InvalidSettingException if there is no such name, or its value is of another kind
     */
    static void set(ObjectNode config, List<String> settings) {
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new InvalidSettingException(
                        "--set %s says nothing: write a name and a value, such as d_model=16"
                                .formatted(setting));
            }
            String name = setting.substring(0, equals);
            ObjectNode owner = owner(config, name);
            String field = name.substring(name.lastIndexOf('.') + 1);
            JsonNode before = owner == null ? null : owner.get(field);
            if (before == null || before.isObject()) {
                List<String> known = new ArrayList<>();
                addNames(config, "", known);
                throw new InvalidSettingException(
                        "--set %s: %s"
                                .formatted(
                                        setting,
                                        Suggestion.unknown("hyper-parameter", name, known)));
            }
            JsonNode value = before.isTextual() ? text(setting, equals) : json(setting, equals);
            if (value.isNumber() != before.isNumber()
                    || value.isBoolean() != before.isBoolean()
                    || value.isArray() != before.isArray()) {
                throw new InvalidSettingException(
                        "--set %s: %s is %s where it may be such as %s"
                                .formatted(setting, name, value, before));
            }
            owner.set(field, value);
        }
    }

    /** The object that a field such as {@code encoder.n_blocks} is of; null if there is none. */
    private static ObjectNode owner(ObjectNode config, String name) {
        ObjectNode owner = config;
        String rest = name;
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            if (!(owner.get(rest.substring(0, dot)) instanceof ObjectNode inner)) {
                return null;
            }
            owner = inner;
            rest = rest.substring(dot + 1);
        }
        return owner;
    }

    private static void addNames(ObjectNode config, String prefix, List<String> names) {
        config.properties()
                .forEach(
                        field -> {
                            String name = prefix + field.getKey();
                            if (field.getValue() instanceof ObjectNode inner) {
                                addNames(inner, name + ".", names);
                            } else {
                                names.add(name);
                            }
                        });
    }

    private static JsonNode text(String setting, int equals) {
        return TextNode.valueOf(setting.substring(equals + 1));
    }

    private static JsonNode json(String setting, int equals) {
        try {
            return JSON.readTree(setting.substring(equals + 1));
        } catch (JsonProcessingException e) {
            return text(setting, equals);
        }
    }
}
