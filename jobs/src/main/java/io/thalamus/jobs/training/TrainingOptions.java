/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.operators.inference.RateSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the user wants of a training; null is what the architecture's recipe says.
 *
 * @param architecture of the network
 * @param task of the network
 * @param from the bundle that the network goes on from; null if it begins anew
 * @param hyperParameters of the network, as {@code name=value}
 * @param split of each stream
 * @param hop samples from window to window
 * @param fill most missing samples in a row that are filled; 0 fills none
 * @param maskRates for an imputation: shares of the values that are taken out
 * @param seed of every random choice
 * @param batch windows of a step
 * @param epochs at most
 * @param patience epochs
 * @param learningRate of the first epoch
 * @param schedule of the rate
 * @param engine that the network is trained on
 * @param out the bundle's folder
 * @param overwrite whether what is there is replaced
 * @param resume whether to go on with a training that was broken off
 * @param checkpointEvery how often the training can be gone on with, besides at each epoch's end
 * @param cases whether windows of the data are stored in the bundle
 * @param command what the user typed
 */
public record TrainingOptions(
        String architecture,
        Task task,
        Path from,
        List<String> hyperParameters,
        Split split,
        int hop,
        int fill,
        List<Double> maskRates,
        long seed,
        Integer batch,
        Integer epochs,
        Integer patience,
        Double learningRate,
        RateSchedule schedule,
        String engine,
        Path out,
        boolean overwrite,
        boolean resume,
        Duration checkpointEvery,
        boolean cases,
        String command) {}
