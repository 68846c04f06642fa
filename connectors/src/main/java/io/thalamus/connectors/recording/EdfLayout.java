/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.math.BigDecimal;

/**
 * The data records that an EDF or BDF file of one stream has.
 *
 * @param length samples of each channel in a data record
 * @param seconds its duration, in at most eight characters and exact, so that the rate is
 */
record EdfLayout(int length, String seconds) {

    /** Without samples. */
    static final EdfLayout NONE = new EdfLayout(0, "0");

    /** What the specification recommends as the largest data record. */
    private static final int USUAL_BYTES = 61_440;

    private static final int FIELD = 8;

    /** Into how many parts the shortest time of whole seconds and samples is divided. */
    private static final int[] PARTS = {
        1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100, 125, 200, 250, 500, 1000, 2000, 5000, 10_000
    };

    /**
     * The longest data records of whole seconds or round parts of one that are no larger than the
     * specification recommends, or else the shortest.
     *
     * @throws InvalidInputException if no data record gives exactly this rate
     */
    static EdfLayout of(SignalFrame frame, int sampleBytes) {
        SampleRate rate = frame.rate();
        long sampleRow = (long) frame.channels().size() * sampleBytes;
        EdfLayout best = null;
        for (int parts : PARTS) {
            long length = rate.numerator() / parts;
            String seconds = seconds(rate.denominator(), parts);
            if (rate.numerator() % parts == 0
                    && seconds.length() <= FIELD
                    && length <= EdfHeader.MOST_RECORD_BYTES / sampleRow) {
                best = new EdfLayout((int) length, seconds);
                if (length * sampleRow <= USUAL_BYTES) {
                    return best;
                }
            }
        }
        if (best == null) {
            throw new InvalidInputException(
                    "stream '%s' has %s and %d channels, for which no data record of an EDF file has"
                                    .formatted(frame.streamId(), rate, frame.channels().size())
                            + " whole samples and a duration in eight characters: write avro");
        }
        return best;
    }

    private static String seconds(long whole, int parts) {
        return BigDecimal.valueOf(whole)
                .divide(BigDecimal.valueOf(parts))
                .stripTrailingZeros()
                .toPlainString();
    }
}
