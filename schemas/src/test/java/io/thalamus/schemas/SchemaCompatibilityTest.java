/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A record that any released version wrote stays readable.
 *
 * <p>Besides each released schema there is a record that was written with it, {@code
 * src/test/resources/released/<version>/<Record>.bin}: the example of its type as it was then.
 */
class SchemaCompatibilityTest {
    private static final Path FIXTURES = Path.of("src/test/resources/released");

    static Stream<Class<? extends WireRecord>> types() {
        return Schemas.types();
    }

    static Stream<Arguments> released() {
        return Schemas.RELEASES.stream()
                .flatMap(
                        release ->
                                Schemas.types()
                                        .filter(type -> exists(release, type))
                                        .map(type -> Arguments.of(release, type)));
    }

    @ParameterizedTest
    @MethodSource("types")
    void theCurrentSchemaReadsEveryReleasedOne(Class<? extends WireRecord> type) {
        Schema current = Schemas.current(type);
        for (Schema written : Schemas.known(type)) {
            var verdict = SchemaCompatibility.checkReaderWriterCompatibility(current, written);
            assertThat(verdict.getType())
                    .as(verdict.getDescription())
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void theCurrentSchemaIsAddedToTheReleasedOnes(Class<? extends WireRecord> type) {
        List<Schema> known = Schemas.known(type);
        assertThat(known.subList(0, known.size() - 1).stream().map(SchemaCompatibilityTest::print))
                .as(
                        "a changed schema is copied to released/<next version>/, which is added to"
                                + " Schemas.RELEASES")
                .contains(print(Schemas.current(type)));
    }

    @ParameterizedTest
    @MethodSource("released")
    void aRecordOfEveryReleaseIsStillRead(String release, Class<? extends WireRecord> type)
            throws IOException {
        Path fixture = FIXTURES.resolve(release).resolve(type.getSimpleName() + ".bin");
        WireRecord example =
                Examples.ALL.stream().filter(type::isInstance).findFirst().orElseThrow();
        if (!Files.exists(fixture)) {
            Files.createDirectories(fixture.getParent());
            Files.write(fixture, WireFormat.encode(example));
            fail(fixture + " was missing and has been written: commit it with the schema");
        }
        assertThat(WireFormat.decode(Files.readAllBytes(fixture))).isEqualTo(example);
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyFieldTellsWhatItHolds(Class<? extends WireRecord> type) {
        Schema schema = Schemas.current(type);
        assertThat(schema.getDoc()).isNotBlank();
        assertThat(schema.getFields()).allSatisfy(field -> assertThat(field.doc()).isNotBlank());
    }

    @ParameterizedTest
    @MethodSource("types")
    void aRecordMayGrowAndItsOldBytesStayReadable(Class<? extends WireRecord> type) {
        Schema current = Schemas.current(type);
        List<Schema.Field> fields =
                Stream.concat(
                                current.getFields().stream()
                                        .map(field -> new Schema.Field(field, field.schema())),
                                Stream.of(
                                        new Schema.Field(
                                                "added",
                                                Schema.create(Schema.Type.LONG),
                                                "A field of a later version.",
                                                0L)))
                        .toList();
        Schema grown =
                Schema.createRecord(
                        current.getName(), current.getDoc(), current.getNamespace(), false, fields);
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(grown, current).getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @Test
    void everyRecordHasASchemaOfItsName() {
        assertThat(Schemas.types().map(type -> Schemas.current(type).getFullName()))
                .containsExactlyInAnyOrderElementsOf(Schemas.types().map(Class::getName).toList());
    }

    private static boolean exists(String release, Class<? extends WireRecord> type) {
        return Schemas.class.getResource(
                        "released/" + release + "/" + type.getSimpleName() + ".avsc")
                != null;
    }

    private static String print(Schema schema) {
        return SchemaNormalization.toParsingForm(schema);
    }
}
