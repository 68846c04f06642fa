/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import java.util.Comparator;

/**
 * A sample of one stream, in the stream's order even if the stream's count starts anew.
 *
 * @param segment the segment
 * @param sequence the index in the stream
 */
public record SamplePosition(int segment, long sequence) implements Comparable<SamplePosition> {
    private static final Comparator<SamplePosition> ORDER =
            Comparator.comparingInt(SamplePosition::segment)
                    .thenComparingLong(SamplePosition::sequence);

    @Override
    public int compareTo(SamplePosition other) {
        return ORDER.compare(this, other);
    }
}
