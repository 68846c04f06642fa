/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The Avro schemas of the records. {@code <Record>.avsc} is what is written now; {@code
 * released/<version>/<Record>.avsc} is what a released version wrote, and can be read for ever. A
 * schema is changed by editing the former and adding the latter under the next version.
 */
public final class Schemas {
    /** Every version that wrote a schema that no earlier one did, in their order. */
    static final List<String> RELEASES = List.of("0.1.0", "0.2.0", "0.3.0", "0.4.0");

    private static final Map<Class<? extends WireRecord>, Schema> CURRENT =
            types().collect(
                            Collectors.toUnmodifiableMap(
                                    Function.identity(),
                                    type ->
                                            load(type, "")
                                                    .orElseThrow(
                                                            () ->
                                                                    new IllegalStateException(
                                                                            type.getSimpleName()
                                                                                    + ".avsc is"
                                                                                    + " missing"))));

    private Schemas() {}

    /** The schema that records of a type are written with. */
    public static Schema current(Class<? extends WireRecord> type) {
        return CURRENT.get(type);
    }

    /** Whether this version or one before it wrote records of a type with this schema. */
    public static boolean isKnown(Class<? extends WireRecord> type, Schema schema) {
        long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        return known(type).stream()
                .anyMatch(
                        written ->
                                SchemaNormalization.parsingFingerprint64(written) == fingerprint);
    }

    /** Every schema that records of a type may have been written with, oldest first. */
    static List<Schema> known(Class<? extends WireRecord> type) {
        List<Schema> known = new ArrayList<>();
        for (String release : RELEASES) {
            load(type, "released/" + release + "/").ifPresent(known::add);
        }
        known.add(current(type));
        return known;
    }

    /** Every type of record. */
    static Stream<Class<? extends WireRecord>> types() {
        return Stream.of(WireRecord.class.getPermittedSubclasses())
                .map(type -> type.asSubclass(WireRecord.class));
    }

    private static Optional<Schema> load(Class<? extends WireRecord> type, String folder) {
        String resource = folder + type.getSimpleName() + ".avsc";
        try (InputStream text = Schemas.class.getResourceAsStream(resource)) {
            return text == null ? Optional.empty() : Optional.of(new Schema.Parser().parse(text));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the schema " + resource, e);
        }
    }
}
