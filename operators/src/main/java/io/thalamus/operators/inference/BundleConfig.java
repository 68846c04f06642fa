/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A bundle's {@code config.json}, field by field; what is wrong is said with file and field. */
public final class BundleConfig {
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;

    /** What the names of fields start with in messages; empty for the whole file. */
    private final String prefix;

    private final JsonNode root;

    private BundleConfig(Path file, String prefix, JsonNode root) {
        this.file = file;
        this.prefix = prefix;
        this.root = root;
    }

    /**
     * Reads a configuration.
     *
     * @throws InvalidInputException if the file is missing or no JSON object
     */
    public static BundleConfig read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    "%s does not exist: a bundle is a folder with config.json and weights.safetensors"
                            .formatted(file));
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new InvalidInputException("%s is no JSON object".formatted(file));
            }
            return new BundleConfig(file, "", root);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s cannot be read as JSON: %s".formatted(file, firstLine(e)), e);
        }
    }

    /** What is to be written to a file. */
    static BundleConfig of(Path file, ObjectNode root) {
        return new BundleConfig(file, "", root);
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** The whole object, or that of the section. */
    public JsonNode root() {
        return root;
    }

    public boolean has(String field) {
        return root.hasNonNull(field);
    }

    /** A field that must be an object, to be read field by field like the whole. */
    public BundleConfig section(String field) {
        JsonNode node = root.path(field);
        if (!node.isObject()) {
            throw wrong(field, "an object");
        }
        return new BundleConfig(file, prefix + field + ".", node);
    }

    /** A field that must be a list of objects, each to be read field by field like the whole. */
    public List<BundleConfig> sections(String field) {
        JsonNode list = root.path(field);
        if (!list.isArray()) {
            throw wrong(field, "a list of objects");
        }
        List<BundleConfig> sections = new ArrayList<>();
        for (JsonNode node : list) {
            if (!node.isObject()) {
                throw wrong(field, "a list of objects");
            }
            String place = "%s%s[%d]".formatted(prefix, field, sections.size());
            sections.add(new BundleConfig(file, place + ".", node));
        }
        return sections;
    }

    /** A field that must be a text. */
    public String text(String field) {
        JsonNode node = root.path(field);
        if (!node.isTextual()) {
            throw wrong(field, "a text");
        }
        return node.textValue();
    }

    /** A field that must be a whole number of at least {@code least}. */
    public int integer(String field, int least) {
        JsonNode node = root.path(field);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < least) {
            throw wrong(field, "a whole number of at least " + least);
        }
        return node.intValue();
    }

    /** A field that must be a finite number, if it is there. */
    public double number(String field, double otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        JsonNode node = root.path(field);
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong(field, "a number");
        }
        return node.doubleValue();
    }

    /** A field that must be a finite number. */
    public double number(String field) {
        if (!has(field)) {
            throw wrong(field, "a number");
        }
        return number(field, 0);
    }

    /** A field that must be true or false. */
    public boolean flag(String field) {
        JsonNode node = root.path(field);
        if (!node.isBoolean()) {
            throw wrong(field, "true or false");
        }
        return node.booleanValue();
    }

    /** A field that must be a list of finite numbers. */
    public List<Double> numbers(String field) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode node : root.path(field)) {
            if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
                throw wrong(field, "a list of numbers");
            }
            numbers.add(node.doubleValue());
        }
        if (!root.path(field).isArray()) {
            throw wrong(field, "a list of numbers");
        }
        return numbers;
    }

    /** A field that must be a list of texts. */
    public List<String> texts(String field) {
        if (!root.path(field).isArray()) {
            throw wrong(field, "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode node : root.path(field)) {
            if (!node.isTextual()) {
                throw wrong(field, "a list of texts");
            }
            texts.add(node.textValue());
        }
        return texts;
    }

    /** The error for a field that is not what it must be. */
    public InvalidInputException wrong(String field, String wanted) {
        JsonNode node = root.path(field);
        return new InvalidInputException(
                "%s: %s must be %s, but is %s"
                        .formatted(
                                file,
                                prefix + field,
                                wanted,
                                node.isMissingNode() ? "missing" : node));
    }
}
