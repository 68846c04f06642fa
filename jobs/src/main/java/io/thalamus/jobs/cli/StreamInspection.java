/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.connectors.recording.StreamDescription;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What is in one stream of a recording; as JSON, an object with these fields.
 *
 * @param stream its id
 * @param rate the sample rate
 * @param first the time of the first sample; null if there is none
 * @param last the time of the last sample; null if there is none
 * @param duration from the first sample to the end of the last in ISO 8601, gaps included
 * @param samples of each channel
 * @param channels what is in each
 * @param gaps where samples are lost: the first {@value #MOST_GAPS} times
 * @param moreGaps how many times beyond those
 */
record StreamInspection(
        String stream,
        String rate,
        String first,
        String last,
        String duration,
        long samples,
        List<Channel> channels,
        List<Gap> gaps,
        long moreGaps) {
    static final int MOST_GAPS = 1000;
    private static final int SHOWN_GAPS = 10;

    /**
     * The levels of a channel; null if all its values are missing.
     *
     * @param unit as the file writes it; empty if it does not
     * @param rms the square root of the mean square
     */
    record Channel(
            String name, String unit, long missing, Double minimum, Double maximum, Double rms) {

        private String text() {
            String levels =
                    minimum == null
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", %.6g to %.6g, rms %.6g%s",
                                    minimum,
                                    maximum,
                                    rms,
                                    unit.isEmpty() ? "" : ' ' + unit);
            return "%s%s, %,d values missing".formatted(name, levels, missing);
        }
    }

    /**
     * Lost samples.
     *
     * @param from the time of the first of them
     * @param samples how many
     */
    record Gap(String from, long samples) {}

    /** The time of the first sample, in nanoseconds since the epoch. */
    long startNanos() {
        return Duration.between(Instant.EPOCH, Instant.parse(first)).toNanos();
    }

    /** The time after the last sample, in nanoseconds since the epoch. */
    long endNanos() {
        return startNanos() + Duration.parse(duration).toNanos();
    }

    /** For people. */
    String text() {
        Lines lines = new Lines();
        lines.add("stream", stream);
        lines.add("rate", rate);
        lines.add("time", first + " to " + last + ", " + duration);
        lines.add("samples", "%,d".formatted(samples));
        channels.forEach(channel -> lines.add("channel", channel.text()));
        long all = gaps.size() + moreGaps;
        lines.add("gaps", "%,d".formatted(all));
        gaps.stream()
                .limit(SHOWN_GAPS)
                .forEach(
                        gap ->
                                lines.add(
                                        "",
                                        "%,d samples from %s".formatted(gap.samples, gap.from)));
        if (all > SHOWN_GAPS) {
            lines.add("", "... and %,d more".formatted(all - SHOWN_GAPS));
        }
        return lines.toString();
    }

    /** Gathers what is in a stream, frame by frame. */
    static final class Totals {
        private final StreamDescription stream;
        private final long[] missing;
        private final double[] minimum;
        private final double[] maximum;
        private final double[] squares;
        private final List<Gap> gaps = new ArrayList<>();
        private long moreGaps;
        private long samples;
        private SignalFrame first;
        private SignalFrame last;

        Totals(StreamDescription stream) {
            this.stream = stream;
            int channels = stream.channels().size();
            missing = new long[channels];
            minimum = new double[channels];
            maximum = new double[channels];
            squares = new double[channels];
            Arrays.fill(minimum, Double.POSITIVE_INFINITY);
            Arrays.fill(maximum, Double.NEGATIVE_INFINITY);
        }

        void add(SignalFrame frame) {
            if (last != null && frame.sequence() > last.nextSequence()) {
                addGap(frame.sequence() - last.nextSequence());
            }
            int length = frame.length();
            for (int i = 0; i < frame.samples().length; i++) {
                add(i / length, frame.samples()[i]);
            }
            samples += length;
            first = first == null ? frame : first;
            last = frame;
        }

        private void addGap(long lost) {
            if (gaps.size() < MOST_GAPS) {
                gaps.add(new Gap(RecordingInspection.time(last.endNanos()), lost));
            } else {
                moreGaps++;
            }
        }

        private void add(int channel, double value) {
            if (Double.isNaN(value)) {
                missing[channel]++;
                return;
            }
            minimum[channel] = Math.min(minimum[channel], value);
            maximum[channel] = Math.max(maximum[channel], value);
            squares[channel] += value * value;
        }

        StreamInspection result() {
            return new StreamInspection(
                    stream.streamId(),
                    stream.rate().toString(),
                    first == null ? null : RecordingInspection.time(first.startNanos()),
                    last == null
                            ? null
                            : RecordingInspection.time(
                                    last.startNanos() + last.rate().nanosOf(last.length() - 1L)),
                    Duration.ofNanos(first == null ? 0 : last.endNanos() - first.startNanos())
                            .toString(),
                    samples,
                    IntStream.range(0, missing.length).mapToObj(this::channel).toList(),
                    gaps,
                    moreGaps);
        }

        private Channel channel(int index) {
            String name = stream.channels().get(index);
            String unit = stream.units().get(index);
            long present = samples - missing[index];
            return present == 0
                    ? new Channel(name, unit, missing[index], null, null, null)
                    : new Channel(
                            name,
                            unit,
                            missing[index],
                            minimum[index],
                            maximum[index],
                            Math.sqrt(squares[index] / present));
        }
    }
}
