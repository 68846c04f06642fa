/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Map;

/**
 * What is known of an XDF file once it has been gone through.
 *
 * @param startNanos the time of its earliest sample, in nanoseconds since the epoch
 * @param earliest that time in seconds by the recorder's clock
 * @param headers its headers
 * @param streams its streams by their numbers, in the order of their headers
 * @param stamps the time stamps of each stream, up to the chunk that was asked for
 */
record XdfRecording(
        long startNanos,
        double earliest,
        XdfHeaders headers,
        Map<Long, XdfStream> streams,
        Map<Long, XdfStamps> stamps) {

    /** A time by the recorder's clock in nanoseconds since the epoch. */
    long nanos(double time) {
        return startNanos + Math.round((time - earliest) * 1e9);
    }
}
