/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where reading a looped recording goes on.
 *
 * @param lap the lap, counted from 0
 * @param length of a lap as far as it is known: in lap 0, of what was read
 * @param inLap the position in the lap, in the format's own bytes; empty is its start
 */
record LapPosition(long lap, LapLength length, byte[] inLap) {
    static final LapPosition START = new LapPosition(0, LapLength.UNKNOWN, new byte[0]);

    /** None that a format has, so that no position is taken for one of the other kind. */
    private static final byte VERSION = -1;

    private static final int BYTES = 1 + 8 + 8 + 8 + 8;

    byte[] encode() {
        return BinaryPosition.write(VERSION, BYTES + inLap.length)
                .putLong(lap)
                .putLong(length.samples())
                .putLong(length.rate().numerator())
                .putLong(length.rate().denominator())
                .put(inLap)
                .array();
    }

    static LapPosition decode(byte[] bytes) throws IOException {
        ByteBuffer in =
                BinaryPosition.read(
                        "a looped recording", VERSION, Math.max(BYTES, bytes.length), bytes);
        long lap = in.getLong();
        LapLength length = new LapLength(in.getLong(), new SampleRate(in.getLong(), in.getLong()));
        byte[] inLap = new byte[in.remaining()];
        in.get(inLap);
        return new LapPosition(lap, length, inLap);
    }
}
