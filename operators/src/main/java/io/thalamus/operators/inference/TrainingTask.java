/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.SampleRate;
import java.util.List;
import java.util.Optional;

/**
 * What a network is to be trained for, as far as the user and the data decide it.
 *
 * @param name as {@code task_name} in {@code config.json} has it
 * @param channels of the streams, in their order
 * @param rate of the streams
 * @param classes that windows are told apart into; none unless the task is a classification
 * @param streams the ids of the streams
 * @param former the bundle that it goes on from, if the user names one
 */
public record TrainingTask(
        String name,
        List<String> channels,
        SampleRate rate,
        List<String> classes,
        List<String> streams,
        Optional<ModelBundle> former) {
    public TrainingTask {
        channels = List.copyOf(channels);
        classes = List.copyOf(classes);
        streams = List.copyOf(streams);
    }
}
