/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All that decides what a training comes to; kept beside its checkpoints, as it can only be gone on
 * with as it began.
 *
 * @param json one object
 */
record Settings(ObjectNode json) {
    private static final String FILE = "settings.json";
    private static final String FROM = "from";
    private static final String DATA = "data";
    private static final ObjectMapper JSON = new ObjectMapper();

    static Settings of(Preparation prepared, TrainingData data) {
        TrainingOptions options = prepared.options();
        ObjectNode json = JSON.createObjectNode();
        json.set("network", prepared.bundle().config().root());
        json.set("recipe", JSON.valueToTree(TrainingSummary.Recipe.of(prepared, 0)));
        json.put("split", options.split().toString());
        json.put("seed", options.seed());
        prepared.former().ifPresent(former -> json.put(FROM, former.digest()));
        json.put(DATA, digest(prepared, data));
        return new Settings(json);
    }

    private static String digest(Preparation prepared, TrainingData data) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (List<Stretch> stretches : prepared.streams().values()) {
            for (Stretch stretch : stretches) {
                SignalFrame samples = stretch.samples();
                digest.update(samples.toString().getBytes(StandardCharsets.UTF_8));
                ByteBuffer values = ByteBuffer.allocate(samples.samples().length * Float.BYTES);
                values.asFloatBuffer().put(samples.samples());
                digest.update(values);
            }
        }
        if (prepared.options().task().isOfClasses()) {
            for (Annotation annotation : data.annotations()) {
                digest.update(annotation.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    void write(Path folder) throws IOException {
        Path unfinished = folder.resolve(FILE + ".unfinished");
        JSON.writeValue(unfinished.toFile(), json);
        Files.move(unfinished, folder.resolve(FILE));
    }

    /**
     * Makes sure that a training began with these.
     *
     * @throws InvalidInputException if it did not
     */
    void requireIn(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new InvalidInputException(
                    "there is no training in %s to go on with: leave --resume out"
                            .formatted(folder));
        }
        JsonNode began;
        try {
            began = JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s is damaged: begin again with --overwrite".formatted(file), e);
        }
        // Written and read, so that numbers have the types that reading gives them.
        requireSame(began, JSON.readTree(JSON.writeValueAsString(json)), "");
    }

    private static void requireSame(JsonNode began, JsonNode now, String name) {
        if (began.isObject() && now.isObject()) {
            Set<String> fields = new LinkedHashSet<>();
            now.fieldNames().forEachRemaining(fields::add);
            began.fieldNames().forEachRemaining(fields::add);
            for (String field : fields) {
                requireSame(
                        began.path(field),
                        now.path(field),
                        name + (name.isEmpty() ? "" : ".") + field);
            }
        } else if (!began.equals(now)) {
            String difference =
                    switch (name) {
                        case DATA -> "with other data: name the same recordings";
                        case FROM -> "from another bundle: name the same with --from";
                        default ->
                                "with %s of %s, not %s: give the same options"
                                        .formatted(name, told(began), told(now));
                    };
            throw new InvalidInputException(
                    "--resume goes on with a training that began %s, or begin again with --overwrite"
                            .formatted(difference));
        }
    }

    private static String told(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }
}
