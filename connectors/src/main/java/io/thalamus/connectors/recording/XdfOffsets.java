/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Arrays;

/** The clock offsets of all streams in the order of the file. */
final class XdfOffsets {
    private long[] streams = new long[16];
    private double[] times = new double[16];
    private double[] values = new double[16];
    private int count;

    void add(long stream, XdfOffset offset) {
        if (count == streams.length) {
            streams = Arrays.copyOf(streams, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        streams[count] = stream;
        times[count] = offset.time();
        values[count] = offset.offset();
        count++;
    }

    int count() {
        return count;
    }

    /** How a stream's clock goes. */
    XdfClock clockOf(long stream) {
        double[] ownTimes = new double[count];
        double[] ownValues = new double[count];
        int own = 0;
        for (int i = 0; i < count; i++) {
            if (streams[i] == stream) {
                ownTimes[own] = times[i];
                ownValues[own] = values[i];
                own++;
            }
        }
        return XdfClock.of(Arrays.copyOf(ownTimes, own), Arrays.copyOf(ownValues, own));
    }
}
