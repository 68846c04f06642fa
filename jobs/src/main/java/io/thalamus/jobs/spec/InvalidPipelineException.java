/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A pipeline file with mistakes: all of them, in the order of the file. */
public final class InvalidPipelineException extends RuntimeException {
    private final transient List<Problem> problems;

    InvalidPipelineException(Path file, List<Problem> problems) {
        super(
                problems.stream()
                        .map(problem -> file + ": " + problem)
                        .collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
