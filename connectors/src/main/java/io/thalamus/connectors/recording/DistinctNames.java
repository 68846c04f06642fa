/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Names for channels whose labels may occur more than once. */
final class DistinctNames {
    private final Set<String> labels;
    private final Map<String, Integer> numbers = new HashMap<>();

    /**
     * @param labels all labels
     */
    DistinctNames(Collection<String> labels) {
        this.labels = Set.copyOf(labels);
    }

    /** The next label, or where it has occurred before, the label with a number behind it. */
    String next(String label) {
        int number = numbers.merge(label, 1, Integer::sum);
        while (number > 1 && labels.contains(label + '-' + number)) {
            number = numbers.merge(label, 1, Integer::sum);
        }
        return number == 1 ? label : label + '-' + number;
    }
}
