/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.kafka;

import java.io.Serializable;

/** How the values of a topic's records hold frames. */
public sealed interface FrameFormat extends Serializable
        permits AvroFrames, ConfluentFrames, PcmFrames, JsonFrames {

    /**
     * Whether a record says which number its first sample has; where none does, {@link
     * SampleCounter} counts.
     */
    boolean isNumbered();

    /** A reader of such records, on the machine that reads them. */
    FrameReader open();
}
