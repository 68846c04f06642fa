/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.operators.signal.FrameTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.TransformMemory;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;

/** One segment, through a transform. */
public final class Frames {
    private Frames() {}

    public static List<SignalFrame> through(SignalTransform transform, List<SignalFrame> segment) {
        FrameTransform frames = new FrameTransform(transform);
        TransformMemory memory = frames.before(segment.get(0));
        List<SignalFrame> out = new ArrayList<>();
        for (SignalFrame frame : segment) {
            memory = frames.apply(frame, memory, out::add);
        }
        frames.finish(memory, out::add);
        return out;
    }
}
