/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

/** What a key's value may be. */
interface KeyType<T> {

    /** A few words for the table of options, such as {@code duration}. */
    String name();

    /**
     * Reads a value.
     *
     * @throws WrongValue if it is none of this type
     */
    T read(YamlNode node) throws WrongValue;

    /** Says what would be right. */
    final class WrongValue extends Exception {
        WrongValue(String message) {
            super(message);
        }
    }
}
