/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A signal with one more channel, {@link #TRIGGER}, as an amplifier's TTL input gives it: 5 for ten
 * milliseconds from each cue on, and else 0.
 *
 * @param signal what it is added to
 * @param cues when they are, by their onsets, in nanoseconds since the first sample
 */
public record CuedSimulator(SignalSimulator signal, List<Annotation> cues)
        implements SignalSimulator {
    public static final String TRIGGER = "TRIG";

    private static final double HIGH = 5;
    private static final double HIGH_SECONDS = 0.01;

    public CuedSimulator {
        cues = List.copyOf(cues);
    }

    @Override
    public List<String> channels() {
        return Stream.concat(signal.channels().stream(), Stream.of(TRIGGER)).toList();
    }

    @Override
    public SampleRate rate() {
        return signal.rate();
    }

    @Override
    public int decimals() {
        return signal.decimals();
    }

    @Override
    public short[][] steps() {
        List<short[]> steps = new ArrayList<>(Arrays.asList(signal.steps()));
        short[] trigger = new short[steps.get(0).length];
        short high = SignalSimulator.convert(HIGH * StrictMath.pow(10, decimals()));
        int length = Math.max(1, (int) (HIGH_SECONDS * rate().hertz()));
        for (Annotation cue : cues) {
            int first = (int) rate().samplesIn(cue.onsetNanos());
            Arrays.fill(trigger, first, Math.min(first + length, trigger.length), high);
        }
        steps.add(trigger);
        return steps.toArray(short[][]::new);
    }
}
