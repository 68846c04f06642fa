/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.schemas.SampleRate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where reading a looped recording goes on.
 *
 * @param lap the lap, counted from 0
 * @param length of a lap as far as it is known: in lap 0, of what was read
 * @param firstSequences the first sample number of each stream that has come, by its id
 * @param inLap the position in the lap, in the format's own bytes; empty is its start
 */
record LapPosition(long lap, LapLength length, Map<String, Long> firstSequences, byte[] inLap) {
    static final LapPosition START = new LapPosition(0, LapLength.UNKNOWN, Map.of(), new byte[0]);

    /** None that a format has, so that no position is taken for one of the other kind. */
    private static final byte VERSION = -2;

    private static final int BYTES = 1 + 8 + 8 + 8 + 8 + 4;

    byte[] encode() {
        Map<byte[], Long> firsts = new LinkedHashMap<>();
        firstSequences.forEach(
                (stream, first) -> firsts.put(stream.getBytes(StandardCharsets.UTF_8), first));
        int firstsBytes = firsts.keySet().stream().mapToInt(id -> 4 + id.length + 8).sum();
        ByteBuffer out =
                BinaryPosition.write(VERSION, BYTES + firstsBytes + inLap.length)
                        .putLong(lap)
                        .putLong(length.samples())
                        .putLong(length.rate().numerator())
                        .putLong(length.rate().denominator())
                        .putInt(firsts.size());
        firsts.forEach((id, first) -> out.putInt(id.length).put(id).putLong(first));
        return out.put(inLap).array();
    }

    static LapPosition decode(byte[] bytes) throws IOException {
        ByteBuffer in =
                BinaryPosition.read(
                        "a looped recording", VERSION, Math.max(BYTES, bytes.length), bytes);
        long lap = in.getLong();
        LapLength length = new LapLength(in.getLong(), new SampleRate(in.getLong(), in.getLong()));
        Map<String, Long> firsts = new HashMap<>();
        for (int streams = in.getInt(); streams > 0; streams--) {
            byte[] id = new byte[in.getInt()];
            in.get(id);
            firsts.put(new String(id, StandardCharsets.UTF_8), in.getLong());
        }
        byte[] inLap = new byte[in.remaining()];
        in.get(inLap);
        return new LapPosition(lap, length, firsts, inLap);
    }
}
