/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A transform of all channels but the trigger, which goes past it in time: it comes last in the
 * output, with the highest of the values that it had since the output sample before; between two
 * input samples, with that of the first. So it rises at the first output sample that is not earlier
 * than the rise in the input, however short it was high.
 *
 * @param transform of the other channels
 * @param trigger the channel
 */
public record BesideTrigger(SignalTransform transform, Trigger trigger) implements SignalTransform {

    @Override
    public PreparedTransform prepare(StreamShape input) {
        PreparedTransform inner = transform.prepare(trigger.without(input));
        return new Beside(inner, input, trigger.indexIn(input), trigger.channel());
    }

    @Override
    public SignalTransform forStream(String streamId) {
        SignalTransform own = transform.forStream(streamId);
        return own == transform ? this : new BesideTrigger(own, trigger);
    }

    /** Remembers the trigger's values until the output samples of their time have come. */
    private static final class Beside implements PreparedTransform {
        private static final int SEEN = 0;
        private static final int GIVEN = 1;
        private static final int OWN_COUNTERS = 2;

        /** Input samples that the transform inside is given at once. */
        private static final int AT_ONCE = 64;

        private final PreparedTransform inner;
        private final StreamShape outputShape;
        private final int trigger;
        private final RateRatio ratio;

        /** The trigger's values that are remembered. */
        private final int remembered;

        private final SampleBlock others;
        private final SampleBlock made;

        Beside(PreparedTransform inner, StreamShape input, int trigger, String name) {
            this.inner = inner;
            this.trigger = trigger;
            StreamShape given = inner.outputShape();
            List<String> channels = new ArrayList<>(given.channels());
            channels.add(name);
            this.outputShape = new StreamShape(channels, given.rate());
            this.ratio = RateRatio.of(input.rate(), given.rate());
            this.remembered =
                    Math.toIntExact(
                            inner.latency() + AT_ONCE + ratio.inputs() / ratio.outputs() + 2);
            this.others = new SampleBlock(input.channels().size() - 1);
            this.made = new SampleBlock(given.channels().size());
        }

        @Override
        public StreamShape outputShape() {
            return outputShape;
        }

        @Override
        public int latency() {
            return inner.latency();
        }

        @Override
        public double groupDelay() {
            return inner.groupDelay();
        }

        /** Behind the state of the transform inside: what was seen and given, and the values. */
        @Override
        public TransformState start() {
            return widened(inner.start());
        }

        @Override
        public TransformState startOf(SignalFrame first) {
            return widened(inner.startOf(first));
        }

        private TransformState widened(TransformState own) {
            return new TransformState(
                    Arrays.copyOf(own.counters(), own.counters().length + OWN_COUNTERS),
                    Arrays.copyOf(own.values(), own.values().length + remembered));
        }

        /**
         * Where its own counters begin; a state of before may hold less of the transform inside.
         */
        private static int countersAt(TransformState state) {
            return state.counters().length - OWN_COUNTERS;
        }

        @Override
        public void apply(SampleBlock in, TransformState state, SampleBlock out) {
            for (int from = 0; from < in.length(); from += AT_ONCE) {
                others.clear();
                others.mark(in.quality());
                for (int n = from; n < Math.min(from + AT_ONCE, in.length()); n++) {
                    take(in, n, state);
                }
                made.clear();
                inner.apply(others, state, made);
                give(state, out);
            }
        }

        @Override
        public void finish(TransformState state, SampleBlock out) {
            made.clear();
            inner.finish(state, made);
            give(state, out);
        }

        private void take(SampleBlock in, int sample, TransformState state) {
            int at = others.extend(1);
            int from = sample * in.channels();
            System.arraycopy(in.values(), from, others.values(), at, trigger);
            System.arraycopy(
                    in.values(),
                    from + trigger + 1,
                    others.values(),
                    at + trigger,
                    others.channels() - trigger);
            long seen = state.counters()[countersAt(state) + SEEN]++;
            state.values()[slot(seen, state)] = in.values()[from + trigger];
        }

        private int slot(long sample, TransformState state) {
            return state.values().length - remembered + (int) (sample % remembered);
        }

        private void give(TransformState state, SampleBlock out) {
            out.mark(made.quality());
            long[] counters = state.counters();
            for (int n = 0; n < made.length(); n++) {
                int at = out.extend(1);
                System.arraycopy(
                        made.values(), n * made.channels(), out.values(), at, made.channels());
                long given = counters[countersAt(state) + GIVEN]++;
                out.values()[at + made.channels()] = highest(state, given);
            }
        }

        /** The highest value since the output sample before; NaN if all are missing. */
        private double highest(TransformState state, long given) {
            long seen = state.counters()[countersAt(state) + SEEN];
            long to = Math.min(ratio.inputAtOrBefore(given), seen - 1);
            long from = given == 0 ? 0 : Math.min(ratio.inputAtOrBefore(given - 1) + 1, to);
            if (seen - from > remembered) {
                throw new IllegalStateException(
                        "output sample %d came after %d input samples, %d after the trigger's"
                                .formatted(given, seen, seen - from));
            }
            double highest = Double.NaN;
            for (long sample = from; sample <= to; sample++) {
                double value = state.values()[slot(sample, state)];
                // false for a value that is missing
                if (value > highest || Double.isNaN(highest)) {
                    highest = value;
                }
            }
            return highest;
        }
    }
}
