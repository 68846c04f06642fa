/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.connectors.recording.StreamDescription;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What is seen of a stream in a picture: memory does not grow with its length. */
final class StreamLook {
    static final int MOST_CHANNELS = 8;

    private final StreamDescription stream;
    private final TimeColumns columns;
    private final List<ColumnLevels> levels = new ArrayList<>();
    private final ColumnSpectra spectra;
    private final BitSet gaps = new BitSet();
    private SignalFrame last;

    StreamLook(StreamDescription stream, TimeColumns columns) {
        this.stream = stream;
        this.columns = columns;
        this.spectra = new ColumnSpectra(columns, stream.rate());
        for (int i = 0; i < Math.min(MOST_CHANNELS, stream.channels().size()); i++) {
            levels.add(new ColumnLevels(columns.count()));
        }
    }

    void add(SignalFrame frame) {
        if (last != null && frame.sequence() > last.nextSequence()) {
            gaps.set(
                    Math.max(0, columns.at(last.endNanos())),
                    Math.max(0, columns.after(last.endNanos(), frame.startNanos())));
        }
        double period = 1e9 / frame.rate().hertz();
        if (last != null && Math.abs(frame.startNanos() - last.endNanos()) > period / 2) {
            spectra.restart();
        }
        int length = frame.length();
        for (int i = 0; i < length; i++) {
            double nanos = frame.startNanos() + i * period;
            int from = columns.at(nanos);
            int to = columns.after(nanos, nanos + period);
            for (int channel = 0; channel < levels.size(); channel++) {
                levels.get(channel).add(from, to, frame.sample(channel, i));
            }
            spectra.add(frame.sample(0, i), nanos);
        }
        last = frame;
    }

    StreamDescription stream() {
        return stream;
    }

    /** Of the first channels. */
    List<ColumnLevels> levels() {
        return levels;
    }

    /** Of the first channel. */
    ColumnSpectra spectra() {
        return spectra;
    }

    /** The columns in which samples are lost. */
    BitSet gaps() {
        return gaps;
    }
}
