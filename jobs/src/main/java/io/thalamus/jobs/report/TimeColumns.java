/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

/**
 * The time that a picture spans, in columns of pixels.
 *
 * @param startNanos where the first column begins, in nanoseconds since the epoch
 * @param endNanos where the last one ends
 * @param count how many there are
 */
record TimeColumns(long startNanos, long endNanos, int count) {

    /** The column that a time is in; below 0 or not below the count if it is in none. */
    int at(double nanos) {
        return (int) Math.floor((nanos - startNanos) / (endNanos - startNanos) * count);
    }

    /** The column after the last of a stretch: one column or more. */
    int after(double nanos, double endOfStretch) {
        return Math.max(at(nanos), at(endOfStretch - 1)) + 1;
    }

    double seconds() {
        return (endNanos - startNanos) / 1e9;
    }
}
