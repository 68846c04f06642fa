/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;

/** Joins the frames of one stream to stretches, which end where the stream does not go on. */
final class StretchBuilder {
    private final List<Stretch> done = new ArrayList<>();
    private final List<SignalFrame> open = new ArrayList<>();
    private long rows;

    void add(SignalFrame frame) {
        if (!open.isEmpty() && !follows(open.get(open.size() - 1), frame)) {
            close();
        }
        open.add(frame);
    }

    /** By its number, and by its time to within half a sample. */
    private static boolean follows(SignalFrame last, SignalFrame next) {
        double period = 1e9 / last.rate().hertz();
        return next.isOf(last.segment(), last.rate(), last.channels())
                && next.sequence() == last.nextSequence()
                && Math.abs((double) next.startNanos() - last.endNanos()) <= period / 2;
    }

    private void close() {
        SignalFrame first = open.get(0);
        int channels = first.channels().size();
        int length = Math.toIntExact(open.stream().mapToLong(SignalFrame::length).sum());
        float[] samples = new float[Math.multiplyExact(channels, length)];
        int at = 0;
        for (SignalFrame frame : open) {
            for (int channel = 0; channel < channels; channel++) {
                System.arraycopy(
                        frame.samples(),
                        channel * frame.length(),
                        samples,
                        channel * length + at,
                        frame.length());
            }
            at += frame.length();
        }
        SignalFrame joined =
                new SignalFrame(
                        first.streamId(),
                        first.sequence(),
                        done.size(),
                        first.startNanos(),
                        first.rate(),
                        first.channels(),
                        samples,
                        first.quality());
        done.add(new Stretch(joined, rows));
        rows += length;
        open.clear();
    }

    /** All stretches, in their order, once no frame comes any more. */
    List<Stretch> finish() {
        close();
        return List.copyOf(done);
    }
}
