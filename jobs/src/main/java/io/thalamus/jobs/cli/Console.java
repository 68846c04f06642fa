/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress, logs, errors
 * @param terminal whether {@code err} is a terminal, on which progress is shown
 */
record Console(PrintStream out, PrintStream err, boolean terminal) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** The stream in UTF-8, as JSON has to be, whatever the machine's locale. */
    static PrintStream inUtf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /** Prints a JSON list, one value after the other as they come. Closing it ends the list. */
    SequenceWriter jsonList() throws IOException {
        return JSON.writer()
                .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .writeValuesAsArray(out);
    }

    /** Prints one JSON value. */
    void json(Object value) {
        try {
            out.println(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + value, e);
        }
    }
}
