/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far a training is.
 *
 * @param epoch the one that is under way, counted from 1
 * @param step how many of its batches were learned from
 * @param loss the sum of their mean losses
 * @param epochs those that are done
 * @param windows that were learned from in all
 * @param seconds that it took in all
 */
record Position(
        int epoch, int step, double loss, List<Epoch> epochs, long windows, double seconds) {

    static Position start() {
        return new Position(1, 0, 0, List.of(), 0, 0);
    }

    /** The epoch with the smallest validation loss, the first of equally small ones. */
    Optional<Epoch> best() {
        return epochs.stream().min(Comparator.comparingDouble(Epoch::validation));
    }

    /** Whether there is nothing more to do. */
    boolean isEnd(TrainingPlan plan) {
        int since = epochs.size() - best().map(Epoch::epoch).orElse(0);
        return epoch > plan.epochs() || (best().isPresent() && since >= plan.patience());
    }
}
