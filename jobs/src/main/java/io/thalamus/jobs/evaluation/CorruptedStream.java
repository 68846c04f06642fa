/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.signal.corruption.Corruption;
import java.util.Locale;

/**
 * What copies of a stream are called: {@code night/clean} as it is, and {@code night/white-3} as a
 * corruption has left it. The labels of {@code night} are also theirs.
 */
public final class CorruptedStream {
    /** What a copy is called that nothing was done to. */
    public static final String CLEAN = "clean";

    private CorruptedStream() {}

    /** What comes of a corruption, in short. */
    public static String suffix(Corrupt corrupt) {
        return name(corrupt.kind()) + "-" + corrupt.severity();
    }

    /** The name of a kind, as pipelines have it. */
    public static String name(Corruption kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** The name of a copy. */
    public static String id(String stream, String suffix) {
        return stream + "/" + suffix;
    }

    /** What it is a copy of. */
    public static String original(String id) {
        return id.substring(0, id.lastIndexOf('/'));
    }

    /** What was done to a copy. */
    public static String suffixOf(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }
}
