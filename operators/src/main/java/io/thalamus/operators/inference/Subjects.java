/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The people that a network was trained for, where it treats each in their own way. A stream is a
 * subject's if its id is the subject's name, or begins with it and a slash, as {@code
 * S03/2026-11-26}.
 *
 * @param names in the order of the weights; none if all streams are treated alike
 */
public record Subjects(List<String> names) implements Serializable {
    private static final String FIELD = "subjects";

    public Subjects {
        names = List.copyOf(names);
    }

    /** All streams are treated alike. */
    public static Subjects any() {
        return new Subjects(List.of());
    }

    /**
     * Reads {@code subjects} of a configuration, which a network of one subject can do without: all
     * streams are that one's then.
     *
     * @param count how many there are weights for
     * @throws InvalidInputException if there are not as many different names
     */
    public static Subjects of(BundleConfig config, int count) {
        if (count == 1 && !config.has(FIELD)) {
            return any();
        }
        List<String> names = config.texts(FIELD);
        if (names.size() != count || new HashSet<>(names).size() != count || names.contains("")) {
            throw config.wrong(
                    FIELD, "a list of %d different names, one for each subject".formatted(count));
        }
        return new Subjects(names);
    }

    /** The place in the weights of a stream's subject; empty if it is none of them. */
    public OptionalInt of(String streamId) {
        if (names.isEmpty()) {
            return OptionalInt.of(0);
        }
        int slash = streamId.indexOf('/');
        int place = names.indexOf(slash < 0 ? streamId : streamId.substring(0, slash));
        return place < 0 ? OptionalInt.empty() : OptionalInt.of(place);
    }

    /** The place in the weights of the subject of a stream that there is no objection to. */
    public int require(String streamId) {
        return of(streamId)
                .orElseThrow(
                        () -> new IllegalArgumentException(objectionTo(streamId).orElseThrow()));
    }

    /** Why a stream is nobody's, in one sentence; empty if it is somebody's. */
    public Optional<String> objectionTo(String streamId) {
        return of(streamId).isPresent()
                ? Optional.empty()
                : Optional.of(
                        ("stream %s is of none of the subjects %s: its id must be a subject's name,"
                                        + " or begin with one and a slash")
                                .formatted(streamId, names));
    }
}
