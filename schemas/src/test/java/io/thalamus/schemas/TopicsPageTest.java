/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page holds what each schema says of its fields; when this fails, put that there. */
class TopicsPageTest {
    private static final Path PAGE = Path.of("../docs/topics.md");

    static Stream<Class<? extends WireRecord>> types() {
        return Schemas.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void theDocumentationIsCurrent(Class<? extends WireRecord> type) throws IOException {
        assertThat(Files.readString(PAGE)).contains(section(Schemas.current(type)));
    }

    private static String section(Schema schema) {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(schema.getName()).append("\n\n");
        text.append(schema.getDoc()).append("\n\n");
        text.append("| field | type | meaning | default |\n| --- | --- | --- | --- |\n");
        for (Schema.Field field : schema.getFields()) {
            text.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(
                                    field.name(),
                                    type(field.schema()),
                                    field.doc(),
                                    field.hasDefaultValue() ? shown(field) : ""));
        }
        return text.toString();
    }

    private static String type(Schema schema) {
        return switch (schema.getType()) {
            case ARRAY -> "array of " + type(schema.getElementType());
            case ENUM -> String.join(", ", schema.getEnumSymbols());
            case RECORD ->
                    schema.getFields().stream()
                            .map(field -> field.name() + ": " + type(field.schema()))
                            .collect(Collectors.joining(", ", "{", "}"));
            case UNION ->
                    schema.getTypes().stream()
                            .map(TopicsPageTest::type)
                            .collect(Collectors.joining(" or "));
            default -> schema.getType().getName();
        };
    }

    private static String shown(Schema.Field field) {
        Object value = field.defaultVal();
        return value.equals("")
                ? "empty"
                : value == JsonProperties.NULL_VALUE ? "null" : value.toString();
    }
}
