/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the scoring step is with one stream: its state. Immutable.
 *
 * @param segment the segment of the last values that came; -1 before the first
 * @param start the sequence number of that segment's first sample
 * @param received the sequence number after the last value that came
 * @param unbroken how many samples before {@code received} are there in all channels
 * @param awaited where forecasts start that must still come, in order
 * @param lastForecast where the last forecast that came starts
 * @param waiting where forecasts start that have come and are not compared yet, in order
 */
public record ScoringProgress(
        int segment,
        long start,
        long received,
        long unbroken,
        List<SamplePosition> awaited,
        SamplePosition lastForecast,
        List<SamplePosition> waiting) {
    static final ScoringProgress NONE =
            new ScoringProgress(-1, 0, 0, 0, List.of(), new SamplePosition(-1, -1), List.of());

    /**
     * After values have come. A window without missing values will be forecast from, so what comes
     * after it must be kept until that forecast is there, however late it is.
     *
     * @param length samples of a window
     * @param hop samples from window to window
     */
    ScoringProgress after(SignalFrame frame, int length, int hop) {
        boolean fresh = frame.segment() != segment;
        List<SamplePosition> nowAwaited = awaited;
        long nowStart = fresh ? frame.sequence() : start;
        long nowUnbroken = fresh ? 0 : unbroken;
        for (int i = 0; i < frame.length(); i++) {
            nowUnbroken = isThere(frame, i) ? nowUnbroken + 1 : 0;
            long end = frame.sequence() + i + 1;
            if (nowUnbroken >= length && (end - nowStart - length) % hop == 0) {
                SamplePosition position = new SamplePosition(frame.segment(), end);
                if (position.compareTo(lastForecast) > 0) {
                    nowAwaited = nowAwaited == awaited ? new ArrayList<>(awaited) : nowAwaited;
                    nowAwaited.add(position);
                }
            }
        }
        return new ScoringProgress(
                frame.segment(),
                nowStart,
                frame.nextSequence(),
                nowUnbroken,
                nowAwaited,
                lastForecast,
                waiting);
    }

    /** After a forecast has come; a stream's forecasts come in order. */
    ScoringProgress afterForecast(SamplePosition position) {
        List<SamplePosition> nowWaiting = new ArrayList<>(waiting);
        nowWaiting.add(position);
        return new ScoringProgress(
                segment,
                start,
                received,
                unbroken,
                awaited.stream().filter(other -> other.compareTo(position) > 0).toList(),
                position,
                nowWaiting);
    }

    /** How many of those that wait, from the first on, need no value any more that may come. */
    int due(int horizon) {
        int due = 0;
        while (due < waiting.size() && !isOpen(waiting.get(due), horizon)) {
            due++;
        }
        return due;
    }

    private boolean isOpen(SamplePosition position, int horizon) {
        return position.segment() > segment
                || position.segment() == segment && position.sequence() + horizon > received;
    }

    /** After as many of those that wait, from the first on, were compared. */
    ScoringProgress afterCompared(int count) {
        return new ScoringProgress(
                segment,
                start,
                received,
                unbroken,
                awaited,
                lastForecast,
                List.copyOf(waiting.subList(count, waiting.size())));
    }

    /** The first value that a forecast can need, whether it waits or has not come. */
    SamplePosition firstNeeded() {
        SamplePosition first =
                awaited.isEmpty() ? new SamplePosition(segment, received) : awaited.get(0);
        return waiting.isEmpty() || first.compareTo(waiting.get(0)) < 0 ? first : waiting.get(0);
    }

    private static boolean isThere(SignalFrame frame, int index) {
        for (int channel = 0; channel < frame.channels().size(); channel++) {
            if (!Float.isFinite(frame.sample(channel, index))) {
                return false;
            }
        }
        return true;
    }
}
