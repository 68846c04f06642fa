/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs;

import io.thalamus.jobs.evaluation.CorruptedStream;
import io.thalamus.operators.signal.corruption.Corrupt;
import io.thalamus.operators.stream.TransformFunction;
import io.thalamus.schemas.SignalFrame;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Of every stream a copy as it is, and one for each corruption, under the names that {@link
 * CorruptedStream} gives. From there on they are streams of their own.
 *
 * @param corruptions what is done; no two of the same kind and severity
 */
record CorruptedCopies(List<Corrupt> corruptions) {

    DataStream<SignalFrame> of(DataStream<SignalFrame> frames, SideStreams side) {
        DataStream<SignalFrame> copies = named(frames, CorruptedStream.CLEAN);
        for (Corrupt corrupt : corruptions) {
            String suffix = CorruptedStream.suffix(corrupt);
            String step = "corrupt-" + suffix;
            copies =
                    copies.union(
                            named(
                                    side.step(
                                            step,
                                            SideStreams.keyed(frames),
                                            new TransformFunction(step, corrupt)),
                                    suffix));
        }
        return copies.keyBy(SignalFrame::streamId, Types.STRING);
    }

    private static DataStream<SignalFrame> named(DataStream<SignalFrame> frames, String suffix) {
        String step = "copy-" + suffix;
        return frames.map(frame -> frame.withStreamId(CorruptedStream.id(frame.streamId(), suffix)))
                .returns(SignalFrame.class)
                .name(step)
                .uid(step);
    }
}
