/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.ExactLongs;
import io.thalamus.operators.signal.detection.ThresholdRule;
import io.thalamus.operators.signal.detection.ThresholdState;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/**
 * Whether scores of a stream are too high to be learned from: by the rule that finds its anomalies,
 * which sees each sample's score once, as it does there. While that has no threshold yet, none is.
 */
final class Alarm {
    private static final String PLACE = "alarm.place";
    private static final String STATE = "alarm.state";

    private final ThresholdRule rule;

    Alarm(ThresholdRule rule) {
        this.rule = rule;
    }

    /**
     * Takes the scores of the samples that a window adds.
     *
     * @param memory of the stream, in which the rule's state is replaced
     * @param output what the network made of the window, with what the stream has learned
     * @return whether one of them is above the threshold
     */
    boolean sounds(Map<String, float[]> memory, SignalFrame window, float[] output) {
        ThresholdState state = rule.start(window.rate());
        // a rule of durations counts as many samples as the rate says: its state fits no other rate
        long name = (rule + " at " + window.rate()).hashCode();
        long from = window.sequence();
        float[] place = memory.get(PLACE);
        if (place != null && ExactLongs.read(place, 2 * ExactLongs.FLOATS) == name) {
            read(memory.get(STATE), state);
            if (ExactLongs.read(place, 0) == window.segment()) {
                from = Math.max(from, ExactLongs.read(place, ExactLongs.FLOATS));
            }
        }
        float[] joint = AnomalyScore.of(window, window.squaredErrors(output), "").joint();
        boolean sounds = false;
        for (int i = (int) (from - window.sequence()); i < joint.length; i++) {
            sounds |= joint[i] > rule.threshold(state);
            rule.take(joint[i], state);
        }
        float[] next = new float[3 * ExactLongs.FLOATS];
        ExactLongs.write(window.segment(), next, 0);
        ExactLongs.write(Math.max(from, window.nextSequence()), next, ExactLongs.FLOATS);
        ExactLongs.write(name, next, 2 * ExactLongs.FLOATS);
        memory.put(PLACE, next);
        memory.put(STATE, written(state));
        return sounds;
    }

    private static double[][] figures(ThresholdState state) {
        return new double[][] {state.figures(), state.highest(), state.recent()};
    }

    private static float[] written(ThresholdState state) {
        float[] values = new float[state.bytes() / Long.BYTES * ExactLongs.FLOATS];
        int at = 0;
        for (long counter : state.counters()) {
            ExactLongs.write(counter, values, at);
            at += ExactLongs.FLOATS;
        }
        for (double[] some : figures(state)) {
            for (double figure : some) {
                ExactLongs.write(Double.doubleToRawLongBits(figure), values, at);
                at += ExactLongs.FLOATS;
            }
        }
        return values;
    }

    private static void read(float[] values, ThresholdState state) {
        int at = 0;
        for (int i = 0; i < state.counters().length; i++, at += ExactLongs.FLOATS) {
            state.counters()[i] = ExactLongs.read(values, at);
        }
        for (double[] some : figures(state)) {
            for (int i = 0; i < some.length; i++, at += ExactLongs.FLOATS) {
                some[i] = Double.longBitsToDouble(ExactLongs.read(values, at));
            }
        }
    }
}
