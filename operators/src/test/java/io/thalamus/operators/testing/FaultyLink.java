/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.testing;

import io.thalamus.operators.stream.OrderPolicy;
import io.thalamus.operators.stream.StreamMetrics;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A source with a bad sensor behind a bad link: loses samples, sends them twice, also long after,
 * in another order and too late, under times that jitter, drift and jump, starts anew, changes its
 * rate and its channels, and measures what is missing, infinite, at the end of its range, or does
 * not change. It keeps book of all that it does, and of what has to come out under a policy, worked
 * out sample by sample.
 */
public final class FaultyLink {
    /** What happens between two stretches of the stream. */
    public enum Fault {
        LOSS,
        UNTOLD_LOSS,
        LATE,
        JUMP_FORWARD,
        JUMP_BACK,
        LOSS_AND_JUMP,
        RATE,
        CHANNELS,
        RESTART
    }

    /** What is to come out for one sample. */
    public record Sample(
            int segment, long number, long nanos, List<String> channels, List<Float> values) {}

    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000 * SECOND;
    private static final float RANGE = 100;
    private static final int LONGEST_JUMP = 1000;

    /** In seconds; else number 0 might come again at the very time that number 0 had. */
    private static final int PAUSE = 2 * LONGEST_JUMP;

    private final Random random;
    private final OrderPolicy policy;
    private final double driftPpm;
    private final long jitterNanos;

    /** How many stretches back what is sent again may be of. */
    private static final int MEMORY = 5;

    private final List<SignalFrame> arrivals = new ArrayList<>();
    private final List<Stretch> stretches = new ArrayList<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final List<Sample> expected = new ArrayList<>();

    // The source.
    private SampleRate rate = SampleRate.ofHertz(8);
    private int channels = 2;
    private long sequence;
    private int counting;
    private double seconds; // of true time
    private long setNanos;

    // What has to come out.
    private int segment = -1;
    private long number;
    private long segmentNumber;
    private long segmentNanos;
    private float[] last;
    private float[] level;
    private int[] flat;
    private int[] saturated;
    private int[] missing;

    public FaultyLink(long seed, OrderPolicy policy, double driftPpm, long jitterNanos) {
        this.random = new Random(seed);
        this.policy = policy;
        this.driftPpm = driftPpm;
        this.jitterNanos = jitterNanos;
    }

    /** The frames, as they arrive. */
    public List<SignalFrame> arrivals() {
        return arrivals;
    }

    /** How often each fault was done, by the metric that has to say so. */
    public long count(String metric) {
        return counts.getOrDefault(metric, 0L);
    }

    public List<Sample> expected() {
        return expected;
    }

    /** Sends a stream with these faults, one between each two stretches. */
    public FaultyLink send(List<Fault> faults) {
        stretch(List.of(), StartsBy.SEGMENT);
        for (Fault fault : faults) {
            apply(fault);
        }
        return this;
    }

    private enum StartsBy {
        SEGMENT,
        FILL,
        GOING_ON
    }

    private void apply(Fault fault) {
        int lost = 1 + random.nextInt(12);
        long jump = (3 + random.nextInt(LONGEST_JUMP - 3)) * SECOND;
        boolean gap = policy.jump() == OrderPolicy.Jump.GAP;
        boolean keep = policy.jump() == OrderPolicy.Jump.KEEP;
        switch (fault) {
            case LOSS -> stretch(List.of(), lost(lost, lost));
            case LATE -> {
                List<SignalFrame> late = List.of(take(lost));
                add(StreamMetrics.LATE_FRAMES, 1);
                add(StreamMetrics.SAMPLES, lost);
                stretch(late, lost(lost, 0));
            }
            case UNTOLD_LOSS -> {
                int missing = (int) (5 * rate.hertz()) + lost;
                seconds += missing / rate.hertz() * (1 + driftPpm * 1e-6);
                jumped(gap, keep, missing, 0);
            }
            case JUMP_FORWARD -> {
                setNanos += jump;
                jumped(gap, keep, Math.round(jump / 1e9 * rate.hertz()), 0);
            }
            case JUMP_BACK -> {
                setNanos -= jump;
                jumped(false, keep, 0, 0);
            }
            case LOSS_AND_JUMP -> {
                setNanos -= jump;
                skip(lost);
                jumped(false, keep, 0, lost);
            }
            case RATE -> {
                rate = SampleRate.ofHertz(rate.numerator() == 8 ? 5 : 8);
                add(StreamMetrics.SHAPE_CHANGES, 1);
                stretch(List.of(), split(0));
            }
            case CHANNELS -> {
                channels = channels == 2 ? 3 : 2;
                add(StreamMetrics.SHAPE_CHANGES, 1);
                stretch(List.of(), split(0));
            }
            case RESTART -> {
                add(StreamMetrics.RESTARTS, 1);
                sequence = 0;
                counting++;
                seconds += PAUSE;
                split(0);
                number = 0;
                stretch(List.of(), StartsBy.SEGMENT);
            }
        }
    }

    /** The time stamps jump, and that many samples are missing by them, and others by number. */
    private void jumped(boolean gap, boolean keep, long missing, int lost) {
        if (lost > 0) {
            add(StreamMetrics.GAPS, 1);
            add(StreamMetrics.LOST_SAMPLES, lost);
        }
        if (gap) {
            stretch(List.of(), lost(missing, 0));
            return;
        }
        add(StreamMetrics.CLOCK_JUMPS, 1);
        StartsBy start;
        if (!keep) {
            start = split(lost);
        } else if (lost == 0) {
            start = StartsBy.GOING_ON;
        } else if (fills(lost)) {
            fill(lost);
            start = StartsBy.FILL;
        } else {
            start = split(lost);
        }
        stretch(List.of(), start);
    }

    /**
     * Counts lost samples, and fills them in if that is to be done.
     *
     * @param skipped how many of them the source has not come to yet
     */
    private StartsBy lost(long count, int skipped) {
        add(StreamMetrics.GAPS, 1);
        add(StreamMetrics.LOST_SAMPLES, count);
        skip(skipped);
        if (fills(count)) {
            fill((int) count);
            return StartsBy.FILL;
        }
        return split(count);
    }

    private void skip(int samples) {
        sequence += samples;
        seconds += samples / rate.hertz() * (1 + driftPpm * 1e-6);
    }

    private boolean fills(long count) {
        return policy.gap() == OrderPolicy.Gap.FILL
                && count <= policy.fill().limit().samplesAt(rate);
    }

    private StartsBy split(long lost) {
        add(StreamMetrics.BREAKS, 1);
        number += lost;
        return StartsBy.SEGMENT;
    }

    /** Puts in what is made up, up to values that only come with the next stretch. */
    private void fill(int count) {
        add(StreamMetrics.FILLED_SAMPLES, policy.fill().isForModel() ? 0 : count);
        for (int n = 0; n < count; n++) {
            expect(null);
        }
    }

    private void expect(List<Float> values) {
        long nanos = segmentNanos + rate.nanosOf(number - segmentNumber);
        expected.add(new Sample(segment, number, nanos, names(), values));
        number++;
    }

    private List<String> names() {
        return TestStream.of("s").withChannels(channels).names();
    }

    /** Sends some frames in a row, with duplicates and in another order, and what comes late. */
    private void stretch(List<SignalFrame> late, StartsBy start) {
        int open = expected.size();
        List<SignalFrame> frames = new ArrayList<>();
        long reorder = policy.reorder();
        int count = 3 + random.nextInt(5) + (late.isEmpty() ? 0 : (int) reorder);
        for (int i = 0; i < count; i++) {
            frames.add(take(1 + random.nextInt(9)));
        }
        SignalFrame first = frames.get(0);
        if (start == StartsBy.SEGMENT) {
            segment++;
            segmentNumber = number;
            segmentNanos = first.startNanos();
        }
        if (start != StartsBy.GOING_ON) {
            level = new float[channels];
            Arrays.fill(level, Float.NaN);
            flat = new int[channels];
            saturated = new int[channels];
            missing = new int[channels];
        }
        float[] before = last;
        for (SignalFrame frame : frames) {
            for (int n = 0; n < frame.length(); n++) {
                expectMeasured(frame, n);
            }
        }
        if (start == StartsBy.FILL) {
            completeFill(open, before);
        }
        int firstArrival = arrivals.size();
        transmit(frames, reorder);
        repeat(firstArrival);
        arrivals.addAll(late);
        stretches.add(new Stretch(counting, frames));
    }

    /** Frames in a row, of a counting of the source. */
    private record Stretch(int counting, List<SignalFrame> frames) {

        /** Whether its clock might have given a frame, as far as one can see. */
        boolean mayHave(SignalFrame frame) {
            SignalFrame first = frames.get(0);
            double due = (frame.sequence() - first.sequence()) / first.rate().hertz();
            double is = (frame.startNanos() - first.startNanos()) / 1e9;
            return Math.abs(is - due) < 3;
        }
    }

    /** Sends a frame of before the last stretch again, if any, once its first one has arrived. */
    private void repeat(int first) {
        int known = stretches.size();
        if (known == 0 || random.nextInt(2) == 0) {
            return;
        }
        Stretch of = stretches.get(known - 1 - random.nextInt(Math.min(MEMORY, known)));
        SignalFrame again = of.frames().get(random.nextInt(of.frames().size()));
        boolean now = of.counting() == counting;
        if (!now
                && stretches.stream()
                        .anyMatch(one -> one.counting() == counting && one.mayHave(again))) {
            return; // nobody could tell which counting it is of
        }
        add(StreamMetrics.SAMPLES, again.length());
        if (now) {
            add(StreamMetrics.DUPLICATE_SAMPLES, again.length());
        } else {
            add(StreamMetrics.LATE_FRAMES, 1);
        }
        arrivals.add(first + 1 + random.nextInt(arrivals.size() - first), again);
    }

    private void transmit(List<SignalFrame> frames, long reorder) {
        long end = frames.get(frames.size() - 1).sequence();
        record Sent(long at, SignalFrame frame) {}
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            SignalFrame frame = frames.get(i);
            long most = i == 0 ? 0 : Math.min(reorder, end - frame.sequence());
            long delay = random.nextBoolean() ? (long) (random.nextDouble() * (most + 1)) : 0;
            sent.add(new Sent(frame.sequence() + delay, frame));
            add(StreamMetrics.SAMPLES, frame.length());
            if (random.nextInt(6) == 0) {
                int from = random.nextInt(frame.length());
                SignalFrame again = frame.slice(from, frame.length());
                sent.add(new Sent(again.sequence() + delay, again));
                add(StreamMetrics.SAMPLES, again.length());
                add(StreamMetrics.DUPLICATE_SAMPLES, again.length());
            }
        }
        sent.sort(Comparator.comparingLong(Sent::at)); // stable: what is sent again comes after
        sent.forEach(one -> arrivals.add(one.frame()));
    }

    /** The next frame of the source. */
    private SignalFrame take(int length) {
        float[] samples = new float[channels * length];
        for (int channel = 0; channel < channels; channel++) {
            boolean stuck = random.nextInt(8) == 0;
            for (int n = 0; n < length; n++) {
                samples[channel * length + n] = stuck ? 7 : measure();
            }
        }
        long jitter = jitterNanos == 0 ? 0 : random.nextLong(-jitterNanos, jitterNanos + 1);
        long nanos = START + setNanos + Math.round(seconds * 1e9) + jitter;
        SignalFrame frame = new SignalFrame("s", sequence, 0, nanos, rate, names(), samples, 0);
        skip(length);
        return frame;
    }

    private float measure() {
        return switch (random.nextInt(30)) {
            case 0 -> Float.NaN;
            case 1 -> Float.POSITIVE_INFINITY;
            case 2 -> Float.NEGATIVE_INFINITY;
            case 3, 4, 5 -> RANGE;
            case 6 -> -RANGE - 1;
            case 7, 8 -> 7;
            default -> random.nextFloat(-50, 50);
        };
    }

    /** What the checks of samples have to make of one. */
    private void expectMeasured(SignalFrame frame, int n) {
        List<Float> values = new ArrayList<>();
        float[] column = new float[channels];
        for (int channel = 0; channel < channels; channel++) {
            column[channel] = judged(frame.sample(channel, n), channel);
            values.add(column[channel]);
        }
        last = column;
        expect(values);
    }

    private float judged(float value, int channel) {
        boolean ended = Float.isNaN(value) || Float.isInfinite(value);
        boolean atEnd = !ended && policy.checks().saturation() != null && Math.abs(value) >= RANGE;
        saturated[channel] = atEnd ? saturated[channel] + 1 : 0;
        boolean same = !ended && !atEnd && value == level[channel];
        flat[channel] = ended || atEnd ? 0 : same ? flat[channel] + 1 : 1;
        level[channel] = ended || atEnd ? Float.NaN : value;
        missing[channel] = ended ? missing[channel] + 1 : 0;
        if (policy.checks().flatLine() != null) {
            int length = policy.checks().flatLine().length().samplesAt(rate);
            boolean fails =
                    missing[channel] == length
                            || saturated[channel] == length
                            || flat[channel] == length;
            add(StreamMetrics.CHANNEL_FAILURES, fails ? 1 : 0);
        }
        if (Float.isNaN(value)) {
            add(StreamMetrics.MISSING_VALUES, 1);
        } else if (ended) {
            add(StreamMetrics.INFINITE_VALUES, 1);
        } else if (policy.checks().saturation() != null
                && saturated[channel] >= policy.checks().saturation().samples()) {
            add(StreamMetrics.SATURATED_VALUES, 1);
            return policy.checks().saturation().remove() ? Float.NaN : value;
        } else if (policy.checks().flatLine() != null
                && flat[channel] >= policy.checks().flatLine().length().samplesAt(rate)) {
            add(StreamMetrics.FLAT_VALUES, 1);
            return policy.checks().flatLine().remove() ? Float.NaN : value;
        }
        return ended ? Float.NaN : value;
    }

    /** Fills in what stands open before a sample. */
    private void completeFill(int behind, float[] before) {
        int first = behind;
        while (first > 0 && expected.get(first - 1).values() == null) {
            first--;
        }
        List<Float> after = expected.get(behind).values();
        for (int i = first; i < behind; i++) {
            List<Float> values = new ArrayList<>();
            for (int channel = 0; channel < channels; channel++) {
                double rise = (double) after.get(channel) - before[channel];
                double step = (i - first + 1) * (rise / (behind - first + 1));
                values.add(
                        switch (policy.fill().method()) {
                            case HOLD -> before[channel];
                            case LINEAR -> (float) (before[channel] + step);
                            case ZEROS -> 0f;
                            case MODEL -> Float.NaN;
                        });
            }
            Sample open = expected.get(i);
            expected.set(
                    i,
                    new Sample(
                            open.segment(), open.number(), open.nanos(), open.channels(), values));
        }
    }

    private void add(String metric, long count) {
        counts.merge(metric, count, Long::sum);
    }
}
