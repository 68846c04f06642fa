/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.util.List;

/**
 * What the head of a recording says about it.
 *
 * @param path where it lies
 * @param streamId the stream that it becomes
 * @param channels the channels that are read, in their order
 * @param rate the sample rate
 * @param startNanos the time of its first sample, in nanoseconds since the epoch
 * @param bytes its size
 */
public record RecordingDescription(
        String path,
        String streamId,
        List<String> channels,
        SampleRate rate,
        long startNanos,
        long bytes) {}
