/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Map;

/**
 * What a recurrent or cached network needs from the past of one segment. Immutable: inference makes
 * a new one.
 *
 * @param arrays by name; the model knows their shapes. Not to be modified
 */
public record CarriedState(Map<String, float[]> arrays) {
    private static final CarriedState EMPTY = new CarriedState(Map.of());

    /** The state of a model without memory, and of any model at the start of a segment. */
    public static CarriedState empty() {
        return EMPTY;
    }

    /** How large it is, names aside. */
    public long bytes() {
        return arrays.values().stream().mapToLong(array -> (long) array.length * Float.BYTES).sum();
    }
}
