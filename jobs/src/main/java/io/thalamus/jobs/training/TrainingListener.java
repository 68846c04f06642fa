/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

/** Is told how a training goes. */
public interface TrainingListener {

    /**
     * What is learned from; told once, before anything is learned.
     *
     * @param parameters numbers that are learned
     */
    void started(TrainingSummary.Data data, long parameters);

    /** How far it is; told after each batch. */
    void learned(Pace pace);

    /**
     * An epoch is done.
     *
     * @param best whether its validation loss is the smallest so far
     */
    void finished(Epoch epoch, boolean best, Pace pace);

    /**
     * How far a training is, and how fast it goes.
     *
     * @param epoch the one under way, counted from 1
     * @param epochs at most
     * @param step batches of the epoch learned from
     * @param steps batches of an epoch
     * @param loss the mean of the epoch's batches so far
     * @param windowsPerSecond learned from, what else was done included
     * @param secondsLeft if it is not ended early
     */
    record Pace(
            int epoch,
            int epochs,
            int step,
            int steps,
            double loss,
            double windowsPerSecond,
            double secondsLeft) {}
}
