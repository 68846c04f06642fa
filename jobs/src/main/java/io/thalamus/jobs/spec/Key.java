/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

/**
 * A key of the pipeline file: the one declaration that both the reader and the table of options
 * follow.
 *
 * @param name as written in the file
 * @param type what its value may be
 * @param required whether it must be given
 * @param fallback what holds when it is not given; null if nothing does
 * @param shownDefault the fallback in words, for the table
 * @param description one sentence
 */
record Key<T>(
        String name,
        KeyType<T> type,
        boolean required,
        T fallback,
        String shownDefault,
        String description) {

    static <T> Key<T> required(String name, KeyType<T> type, String description) {
        return new Key<>(name, type, true, null, "", description);
    }

    static <T> Key<T> optional(String name, KeyType<T> type, T fallback, String description) {
        return new Key<>(name, type, false, fallback, String.valueOf(fallback), description);
    }

    /** The same, with the fallback in words. */
    static <T> Key<T> optional(
            String name, KeyType<T> type, T fallback, String shownDefault, String description) {
        return new Key<>(name, type, false, fallback, shownDefault, description);
    }

    /** A key whose absence means something of its own. */
    static <T> Key<T> absent(
            String name, KeyType<T> type, String meaningOfAbsence, String description) {
        return new Key<>(name, type, false, null, meaningOfAbsence, description);
    }
}
