/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SignalFrame;
import java.util.Arrays;

/**
 * Keeps missing and infinite values out of the memory of a transform, in which a single one would
 * spoil everything after it, without inventing samples: what is missing comes out as missing. The
 * transform inside works on each channel by itself. It is given the channel's last finite value
 * instead (0 before the first), and of what it gives, each sample is made NaN again in the channels
 * whose value at its time was missing; between two input samples, if either was.
 */
public final class MissingGuard implements PreparedTransform {
    private static final int SEEN = 0;
    private static final int GIVEN = 1;
    private static final int LAST_MISSING = 2;
    private static final int OWN_COUNTERS = 3;

    /** Input samples that the transform inside is given at once, if some are missing. */
    private static final int AT_ONCE = Long.SIZE;

    private final PreparedTransform inner;
    private final int channels;

    private final RateRatio ratio;
    private final int innerCounters;
    private final int innerValues;

    /** Input samples that are remembered, and 64-bit words that hold a bit for each. */
    private final int remembered;

    private final int words;
    private final SampleBlock filled;

    private MissingGuard(PreparedTransform inner, StreamShape input) {
        this.inner = inner;
        this.channels = input.channels().size();
        this.ratio = RateRatio.of(input.rate(), inner.outputShape().rate());
        TransformState state = inner.start();
        this.innerCounters = state.counters().length;
        this.innerValues = state.values().length;
        this.words = (inner.latency() + 1 + AT_ONCE + Long.SIZE) / Long.SIZE;
        this.remembered = words * Long.SIZE;
        this.filled = new SampleBlock(channels);
    }

    /**
     * Guards a transform.
     *
     * @param input the shape that the transform was prepared for
     */
    public static PreparedTransform around(PreparedTransform inner, StreamShape input) {
        return new MissingGuard(inner, input);
    }

    @Override
    public StreamShape outputShape() {
        return inner.outputShape();
    }

    @Override
    public int latency() {
        return inner.latency();
    }

    @Override
    public double groupDelay() {
        return inner.groupDelay();
    }

    /** Behind the state of the transform inside: what was seen, and each channel's last value. */
    @Override
    public TransformState start() {
        return widened(inner.start());
    }

    @Override
    public TransformState startOf(SignalFrame first) {
        return widened(inner.startOf(first));
    }

    private TransformState widened(TransformState own) {
        long[] counters =
                Arrays.copyOf(own.counters(), innerCounters + OWN_COUNTERS + channels * words);
        counters[innerCounters + LAST_MISSING] = -1;
        return new TransformState(counters, Arrays.copyOf(own.values(), innerValues + channels));
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        long[] counters = state.counters();
        long seen = counters[innerCounters + SEEN];
        long last = counters[innerCounters + LAST_MISSING];
        boolean clean = last < 0 || seen - last > remembered;
        if (clean && isFinite(in)) {
            int before = out.length();
            inner.apply(in, state, out);
            counters[innerCounters + SEEN] = seen + in.length();
            counters[innerCounters + GIVEN] += out.length() - before;
            if (in.length() > 0) {
                System.arraycopy(
                        in.values(),
                        (in.length() - 1) * channels,
                        state.values(),
                        innerValues,
                        channels);
            }
            return;
        }
        if (clean) {
            int marks = innerCounters + OWN_COUNTERS;
            Arrays.fill(counters, marks, marks + channels * words, 0);
        }
        for (int from = 0; from < in.length(); from += AT_ONCE) {
            filled.clear();
            for (int n = from; n < Math.min(from + AT_ONCE, in.length()); n++) {
                take(in, n, state);
            }
            int before = out.length();
            inner.apply(filled, state, out);
            blank(state, out, before);
        }
    }

    @Override
    public void finish(TransformState state, SampleBlock out) {
        int before = out.length();
        inner.finish(state, out);
        blank(state, out, before);
    }

    private boolean isFinite(SampleBlock in) {
        double[] values = in.values();
        int count = in.length() * channels;
        // Infinity or NaN times zero is NaN, and so is the sum. Two sums, as one waits for itself.
        double even = 0;
        double odd = 0;
        for (int i = 0; i + 1 < count; i += 2) {
            even += values[i] * 0;
            odd += values[i + 1] * 0;
        }
        return even + odd == 0 && (count == 0 || Double.isFinite(values[count - 1]));
    }

    /** Takes one sample over, with what is missing held and noted. */
    private void take(SampleBlock in, int sample, TransformState state) {
        long[] counters = state.counters();
        double[] held = state.values();
        long seen = counters[innerCounters + SEEN];
        int bit = (int) (seen % remembered);
        int at = filled.extend(1);
        for (int channel = 0; channel < channels; channel++) {
            double value = in.values()[sample * channels + channel];
            int word = wordOf(channel, bit);
            if (Double.isFinite(value)) {
                held[innerValues + channel] = value;
                counters[word] &= ~(1L << bit);
            } else {
                counters[word] |= 1L << bit;
                counters[innerCounters + LAST_MISSING] = seen;
            }
            filled.values()[at + channel] = held[innerValues + channel];
        }
        counters[innerCounters + SEEN] = seen + 1;
    }

    private int wordOf(int channel, int bit) {
        return innerCounters + OWN_COUNTERS + channel * words + bit / Long.SIZE;
    }

    private void blank(TransformState state, SampleBlock out, int before) {
        long[] counters = state.counters();
        long seen = counters[innerCounters + SEEN];
        long last = counters[innerCounters + LAST_MISSING];
        long given = counters[innerCounters + GIVEN];
        for (int n = before; n < out.length(); n++, given++) {
            long from = ratio.inputAtOrBefore(given);
            long to = Math.min(ratio.inputAtOrAfter(given), seen - 1);
            if (last < from) {
                continue;
            }
            if (seen - from > remembered) {
                throw new IllegalStateException(
                        "output sample %d came after %d input samples, %d after its own"
                                .formatted(given, seen, seen - from));
            }
            for (long sample = from; sample <= to; sample++) {
                blank(counters, (int) (sample % remembered), out, n);
            }
        }
        counters[innerCounters + GIVEN] = given;
    }

    private void blank(long[] counters, int bit, SampleBlock out, int sample) {
        for (int channel = 0; channel < channels; channel++) {
            if ((counters[wordOf(channel, bit)] & 1L << bit) != 0) {
                out.values()[sample * channels + channel] = Double.NaN;
            }
        }
    }
}
