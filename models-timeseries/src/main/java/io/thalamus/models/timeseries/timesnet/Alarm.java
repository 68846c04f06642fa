/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.ExactLongs;
import io.thalamus.operators.signal.detection.ThresholdRule;
import io.thalamus.operators.signal.detection.ThresholdState;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.Map;

/**
 * Whether scores of a stream are too high to be learned from: by the rule that finds its anomalies,
 * which sees each sample's score once, as it does there. While that has no threshold yet, none is.
 */
final class Alarm {
    private static final String PLACE = "alarm.place";
    private static final String STATE = "alarm.state";

    /** What is kept of the place, number by number. */
    private static final int SEGMENT = 0;

    private static final int NEXT = 1;
    private static final int NAME = 2;
    private static final int NUMERATOR = 3;
    private static final int DENOMINATOR = 4;
    private static final int NUMBERS = 5;

    private final ThresholdRule rule;
    private final long name;

    Alarm(ThresholdRule rule) {
        this.rule = rule;
        this.name = rule.toString().hashCode();
    }

    private static long number(float[] place, int which) {
        return ExactLongs.read(place, which * ExactLongs.FLOATS);
    }

    private static void put(long number, float[] place, int which) {
        ExactLongs.write(number, place, which * ExactLongs.FLOATS);
    }

    /**
     * Takes the scores of the samples that a window adds.
     *
     * @param memory of the stream, in which the rule's state is replaced
     * @param output what the network made of the window, with what the stream has learned
     * @return whether one of them is above the threshold
     */
    boolean sounds(Map<String, float[]> memory, SignalFrame window, float[] output) {
        float[] place = memory.get(PLACE);
        boolean goesOn = place != null && number(place, NAME) == name;
        // As detection does, it goes on at another rate with what it knows.
        SampleRate rate =
                goesOn
                        ? new SampleRate(number(place, NUMERATOR), number(place, DENOMINATOR))
                        : window.rate();
        ThresholdState state = rule.start(rate);
        long from = window.sequence();
        if (goesOn) {
            read(memory.get(STATE), state);
            if (number(place, SEGMENT) == window.segment()) {
                from = Math.max(from, number(place, NEXT));
            }
        }
        float[] joint = AnomalyScore.of(window, window.squaredErrors(output), "").joint();
        boolean sounds = false;
        for (int i = (int) (from - window.sequence()); i < joint.length; i++) {
            sounds |= joint[i] > rule.threshold(state);
            rule.take(joint[i], state);
        }
        float[] next = new float[NUMBERS * ExactLongs.FLOATS];
        put(window.segment(), next, SEGMENT);
        put(Math.max(from, window.nextSequence()), next, NEXT);
        put(name, next, NAME);
        put(rate.numerator(), next, NUMERATOR);
        put(rate.denominator(), next, DENOMINATOR);
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
