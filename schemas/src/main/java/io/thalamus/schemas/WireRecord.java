/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

/** Any record that may lie on a topic or in a result file: each has an Avro schema of its name. */
public sealed interface WireRecord
        permits SignalFrame,
                Forecast,
                ForecastError,
                AnomalyScore,
                AnomalyEvent,
                Classification,
                TokenFrame,
                Annotation,
                AdaptationEvent,
                ControlCommand,
                DeadLetter {

    /** What keeps the records of one stream in one partition and in order: the stream's id. */
    String key();

    /** The record's event time, in nanoseconds since the epoch. */
    long eventNanos();
}
