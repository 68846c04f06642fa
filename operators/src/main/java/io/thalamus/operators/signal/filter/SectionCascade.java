/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.Denormals;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;

/**
 * Runs second-order sections in direct form II transposed: {@code y = b0 x + s1}, {@code s1 = b1 x
 * + s2 - a1 y}, {@code s2 = b2 x - a2 y}. The state holds, section by section, {@code s1} of all
 * channels and then {@code s2} of all channels.
 *
 * <p>Few channels are taken one by one, two sections at a time, with the state in registers. Many
 * are taken sample by sample, side by side, in loops that the compiler turns into vector
 * instructions; it does so only if each writes one array, and indexes all with the counter alone.
 */
final class SectionCascade implements PreparedTransform {
    /** So many channels are taken side by side; measured. */
    private static final int MANY = 16;

    /** After each so many samples of the segment, what has all but decayed is set to zero. */
    private static final int FLUSH_INTERVAL = 1024;

    private final StreamShape shape;
    private final SecondOrderSections sections;
    private final int channels;

    /** For many channels: a row of samples before and behind each section, and the two states. */
    private final double[][] rows;

    private final double[][] first;
    private final double[][] second;

    SectionCascade(StreamShape shape, SecondOrderSections sections) {
        this.shape = shape;
        this.sections = sections;
        this.channels = shape.channels().size();
        int width = channels >= MANY ? channels : 0;
        this.rows = new double[sections.count() + 1][width];
        this.first = new double[sections.count()][width];
        this.second = new double[sections.count()][width];
    }

    @Override
    public StreamShape outputShape() {
        return shape;
    }

    @Override
    public double groupDelay() {
        return Double.NaN;
    }

    @Override
    public TransformState start() {
        return TransformState.zeros(1, 2 * sections.count() * channels);
    }

    @Override
    public void apply(SampleBlock in, TransformState state, SampleBlock out) {
        int at = out.extend(in.length());
        double[] values = out.values();
        System.arraycopy(in.values(), 0, values, at, in.length() * channels);
        int done = 0;
        while (done < in.length()) {
            long seen = state.counters()[0];
            int untilFlush = FLUSH_INTERVAL - (int) (seen % FLUSH_INTERVAL);
            int count = Math.min(untilFlush, in.length() - done);
            if (channels >= MANY) {
                sideBySide(values, at + done * channels, count, state.values());
            } else {
                oneByOne(values, at + done * channels, count, state.values());
            }
            if (count == untilFlush) {
                flush(state.values());
            }
            state.counters()[0] = seen + count;
            done += count;
        }
    }

    private void flush(double[] state) {
        for (int i = 0; i < 2 * sections.count() * channels; i++) {
            state[i] = Denormals.flushed(state[i]);
        }
    }

    private void sideBySide(double[] values, int at, int samples, double[] state) {
        int count = sections.count();
        for (int k = 0; k < count; k++) {
            System.arraycopy(state, 2 * k * channels, first[k], 0, channels);
            System.arraycopy(state, (2 * k + 1) * channels, second[k], 0, channels);
        }
        int from = at;
        for (int n = 0; n < samples; n++) {
            System.arraycopy(values, from, rows[0], 0, channels);
            for (int k = 0; k < count; k++) {
                double[] x = rows[k];
                double[] y = rows[k + 1];
                output(x, y, first[k], sections.b0(k));
                firstState(x, y, first[k], second[k], sections.b1(k), sections.a1(k));
                secondState(x, y, second[k], sections.b2(k), sections.a2(k));
            }
            System.arraycopy(rows[count], 0, values, from, channels);
            from += channels;
        }
        for (int k = 0; k < count; k++) {
            System.arraycopy(first[k], 0, state, 2 * k * channels, channels);
            System.arraycopy(second[k], 0, state, (2 * k + 1) * channels, channels);
        }
    }

    private static void output(double[] x, double[] y, double[] s1, double b0) {
        for (int c = 0; c < x.length; c++) {
            y[c] = b0 * x[c] + s1[c];
        }
    }

    private static void firstState(
            double[] x, double[] y, double[] s1, double[] s2, double b1, double a1) {
        for (int c = 0; c < x.length; c++) {
            s1[c] = b1 * x[c] + s2[c] - a1 * y[c];
        }
    }

    private static void secondState(double[] x, double[] y, double[] s2, double b2, double a2) {
        for (int c = 0; c < x.length; c++) {
            s2[c] = b2 * x[c] - a2 * y[c];
        }
    }

    private void oneByOne(double[] values, int at, int samples, double[] state) {
        int count = sections.count();
        for (int channel = 0; channel < channels; channel++) {
            int k = 0;
            for (; k + 1 < count; k += 2) {
                two(values, at + channel, samples, state, k, channel);
            }
            if (k < count) {
                one(values, at + channel, samples, state, k, channel);
            }
        }
    }

    private void one(double[] values, int from, int samples, double[] state, int k, int channel) {
        int place = 2 * k * channels + channel;
        double b0 = sections.b0(k);
        double b1 = sections.b1(k);
        double b2 = sections.b2(k);
        double a1 = sections.a1(k);
        double a2 = sections.a2(k);
        double s1 = state[place];
        double s2 = state[place + channels];
        int end = from + samples * channels;
        for (int i = from; i < end; i += channels) {
            double x = values[i];
            double y = b0 * x + s1;
            s1 = b1 * x + s2 - a1 * y;
            s2 = b2 * x - a2 * y;
            values[i] = y;
        }
        state[place] = s1;
        state[place + channels] = s2;
    }

    /** Sections {@code k} and {@code k + 1}, of which the processor computes parts at once. */
    private void two(double[] values, int from, int samples, double[] state, int k, int channel) {
        int place = 2 * k * channels + channel;
        int next = place + 2 * channels;
        double b0 = sections.b0(k);
        double b1 = sections.b1(k);
        double b2 = sections.b2(k);
        double a1 = sections.a1(k);
        double a2 = sections.a2(k);
        double d0 = sections.b0(k + 1);
        double d1 = sections.b1(k + 1);
        double d2 = sections.b2(k + 1);
        double c1 = sections.a1(k + 1);
        double c2 = sections.a2(k + 1);
        double s1 = state[place];
        double s2 = state[place + channels];
        double t1 = state[next];
        double t2 = state[next + channels];
        int end = from + samples * channels;
        for (int i = from; i < end; i += channels) {
            double x = values[i];
            double y = b0 * x + s1;
            s1 = b1 * x + s2 - a1 * y;
            s2 = b2 * x - a2 * y;
            double z = d0 * y + t1;
            t1 = d1 * y + t2 - c1 * z;
            t2 = d2 * y - c2 * z;
            values[i] = z;
        }
        state[place] = s1;
        state[place + channels] = s2;
        state[next] = t1;
        state[next + channels] = t2;
    }
}
