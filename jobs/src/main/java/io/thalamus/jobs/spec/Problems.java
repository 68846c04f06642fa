/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The mistakes found so far. */
final class Problems {
    private final Set<Problem> found = new LinkedHashSet<>();

    void add(String path, YamlNode.Place place, String message) {
        found.add(new Problem(path, place.line(), message));
    }

    int count() {
        return found.size();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    InvalidPipelineException asException(Path file) {
        List<Problem> inOrder = new ArrayList<>(found);
        inOrder.sort(Comparator.comparingInt(Problem::line));
        return new InvalidPipelineException(file, inOrder);
    }
}
