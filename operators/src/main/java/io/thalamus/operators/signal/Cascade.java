/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal;

import io.thalamus.schemas.InvalidInputException;
import java.util.List;

/**
 * Several transforms, one after the other, as a single one: a step of a pipeline that is made of
 * others. Its latency is that of all of them together, and so is its lag. What is missing is each
 * transform's own business.
 *
 * @param transforms at least one, the first of which takes the input
 */
public record Cascade(List<SignalTransform> transforms) implements SignalTransform {

    public Cascade {
        transforms = List.copyOf(transforms);
        if (transforms.isEmpty()) {
            throw new InvalidInputException("a cascade has no transforms; give at least one");
        }
    }

    public static Cascade of(SignalTransform... transforms) {
        return new Cascade(List.of(transforms));
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        return new Joined(new SignalChain(input, transforms));
    }

    /** Keeps the states of all in one, each behind the last, and lends them to the chain. */
    private record Joined(SignalChain chain) implements PreparedTransform {

        @Override
        public StreamShape outputShape() {
            return chain.outputShape();
        }

        @Override
        public int latency() {
            return chain.latency();
        }

        @Override
        public double groupDelay() {
            return chain.groupDelay();
        }

        @Override
        public TransformState start() {
            List<TransformState> states = chain.start();
            TransformState joined =
                    TransformState.zeros(
                            states.stream().mapToInt(state -> state.counters().length).sum(),
                            states.stream().mapToInt(state -> state.values().length).sum());
            store(states, joined);
            return joined;
        }

        @Override
        public void apply(SampleBlock in, TransformState state, SampleBlock out) {
            load(state);
            chain.apply(in, out);
            store(chain.states(), state);
        }

        @Override
        public void finish(TransformState state, SampleBlock out) {
            load(state);
            chain.finish(out);
            store(chain.states(), state);
        }

        private void load(TransformState joined) {
            int counter = 0;
            int value = 0;
            for (int i = 0; i < chain.states().size(); i++) {
                TransformState own = chain.states().get(i);
                int counters = own.counters().length;
                int values = own.values().length;
                System.arraycopy(joined.counters(), counter, own.counters(), 0, counters);
                System.arraycopy(joined.values(), value, own.values(), 0, values);
                counter += counters;
                value += values;
            }
        }

        private static void store(List<TransformState> states, TransformState joined) {
            int counter = 0;
            int value = 0;
            for (int i = 0; i < states.size(); i++) {
                TransformState own = states.get(i);
                int counters = own.counters().length;
                int values = own.values().length;
                System.arraycopy(own.counters(), 0, joined.counters(), counter, counters);
                System.arraycopy(own.values(), 0, joined.values(), value, values);
                counter += counters;
                value += values;
            }
        }
    }
}
