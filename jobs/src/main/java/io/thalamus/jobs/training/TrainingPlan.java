/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.RateSchedule;
import io.thalamus.operators.inference.TrainingRecipe;

/**
 * How a network is trained.
 *
 * @param batch windows of a step
 * @param epochs at most
 * @param patience epochs without a smaller validation loss after which the training ends
 * @param learningRate of the first epoch
 * @param schedule how it goes on
 * @param seed of the order of the windows
 */
record TrainingPlan(
        int batch,
        int epochs,
        int patience,
        double learningRate,
        RateSchedule schedule,
        long seed) {

    /** What the user says, and the recipe where the user says nothing. */
    static TrainingPlan of(TrainingOptions options, TrainingRecipe recipe) {
        return new TrainingPlan(
                or(options.batch(), recipe.batch()),
                or(options.epochs(), recipe.epochs()),
                or(options.patience(), recipe.patience()),
                or(options.learningRate(), recipe.learningRate()),
                or(options.schedule(), recipe.schedule()),
                options.seed());
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    double rate(int epoch) {
        return schedule.rate(learningRate, epoch, epochs);
    }
}
