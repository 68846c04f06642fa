/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.util.List;

/**
 * One of the kinds that a group may be of, by its {@code type}.
 *
 * @param type the value of {@code type}
 * @param description one sentence
 * @param keys all that such a group may have
 */
record Variant(String type, String description, List<Key<?>> keys) {
    static final Key<String> TYPE = Key.required("type", KeyTypes.TEXT, "what kind it is");
}
