/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.imputation;

import io.thalamus.operators.signal.OverlapState;
import io.thalamus.schemas.SignalFrame;
import java.util.List;

/**
 * What an {@link Imputation} keeps of one stream. Immutable.
 *
 * @param segments those that frames have come of and that more can come of, in their order: of the
 *     last one frames, of the others windows
 * @param waiting frames in which a value is missing that a window may bring, and those behind them;
 *     what has been brought is in its place
 * @param windows windows that have come before all of their samples, in their order
 * @param overlap the windows of the first segment; null before the first
 * @param newestWindow the index, in the stream, of the first sample of the newest of these windows
 * @param filled values that were filled so far
 * @param unfilled values that were handed on missing so far
 */
public record ImputationState(
        List<Stretch> segments,
        List<SignalFrame> waiting,
        List<SignalFrame> windows,
        OverlapState overlap,
        long newestWindow,
        long filled,
        long unfilled) {

    /** The state before the first frame of a stream. */
    public static ImputationState none() {
        return new ImputationState(List.of(), List.of(), List.of(), null, Long.MIN_VALUE, 0, 0);
    }
}
