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
            JsonNode before = config.get(name);
            if (before == null || !before.isValueNode()) {
                List<String> known = new ArrayList<>();
                config.properties().stream()
                        .filter(field -> field.getValue().isValueNode())
                        .forEach(field -> known.add(field.getKey()));
                throw new InvalidSettingException(
                        "--set %s: %s"
                                .formatted(
                                        setting,
                                        Suggestion.unknown("hyper-parameter", name, known)));
            }
            JsonNode value = before.isTextual() ? text(setting, equals) : json(setting, equals);
            if (value.isNumber() != before.isNumber() || value.isBoolean() != before.isBoolean()) {
                throw new InvalidSettingException(
                        "--set %s: %s is %s where it may be such as %s"
                                .formatted(setting, name, value, before));
            }
            config.set(name, value);
        }
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
