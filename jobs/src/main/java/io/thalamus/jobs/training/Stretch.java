/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.schemas.SignalFrame;

/**
 * An unbroken stretch of a stream.
 *
 * @param samples all of it
 * @param firstRow how many samples of the stream were recorded before it
 */
record Stretch(SignalFrame samples, long firstRow) {

    long endRow() {
        return firstRow + samples.length();
    }

    Stretch with(SignalFrame others) {
        return new Stretch(others, firstRow);
    }
}
