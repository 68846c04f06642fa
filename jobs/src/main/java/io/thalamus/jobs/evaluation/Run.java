/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples that follow on one another.
 *
 * @param first the index of the first
 * @param end the index behind the last
 */
record Run(int first, int end) {

    /** The runs of samples that are marked, in their order. */
    static List<Run> of(boolean[] marked) {
        List<Run> runs = new ArrayList<>();
        int first = 0;
        for (int i = 0; i <= marked.length; i++) {
            if (i == marked.length || !marked[i]) {
                if (first < i) {
                    runs.add(new Run(first, i));
                }
                first = i + 1;
            }
        }
        return runs;
    }
}
