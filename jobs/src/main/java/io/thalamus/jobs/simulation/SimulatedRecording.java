/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The recording of a signal, with faults of the kinds that {@link Fault.Kind} names: {@code
 * faultsOfEachKind} of each. Behind the first tenth, the recording is divided into as many parts as
 * there are faults; which part has which fault is drawn. A fault begins, by chance, in the first
 * half of its part, and lasts a quarter of it; missing values, though, 1 to 20 samples. So faults
 * never touch, and each can be told from the others.
 *
 * <p>As CSV, the first column has the seconds since the start, with six decimals at most, and the
 * others a channel each, in the signal's unit.
 */
public final class SimulatedRecording implements Simulator {
    private static final int SHORTEST_PART = 16;
    private static final int LONGEST_MISSING = 20;

    private final SignalSimulator signal;
    private final short[][] steps;
    private final List<Fault> faults = new ArrayList<>();
    private final boolean[][] missing;
    private final boolean[] lost;

    /**
     * @param seed for where the faults lie
     * @throws IllegalArgumentException if the faults do not fit in the signal
     */
    public SimulatedRecording(SignalSimulator signal, long seed, int faultsOfEachKind) {
        this.signal = signal;
        this.steps = signal.steps();
        int samples = steps[0].length;
        this.missing = new boolean[steps.length][samples];
        this.lost = new boolean[samples];
        List<Fault.Kind> kinds = new ArrayList<>();
        for (Fault.Kind kind : Fault.Kind.values()) {
            kinds.addAll(Collections.nCopies(Math.max(0, faultsOfEachKind), kind));
        }
        int start = samples / 10;
        int part = kinds.isEmpty() ? samples : (samples - start) / kinds.size();
        if (faultsOfEachKind < 0 || part < SHORTEST_PART) {
            throw new IllegalArgumentException(
                    "%d faults of each kind do not fit in %d samples"
                            .formatted(faultsOfEachKind, samples));
        }
        Noise noise = new Noise(seed).branch(-1);
        for (int at = start; !kinds.isEmpty(); at += part) {
            Fault.Kind kind = kinds.remove(noise.between(0, kinds.size() - 1));
            int length =
                    kind == Fault.Kind.MISSING
                            ? noise.between(1, Math.min(LONGEST_MISSING, part / 4))
                            : part / 4;
            inject(
                    new Fault(
                            kind,
                            noise.between(0, steps.length - 1),
                            at + noise.between(0, part / 2),
                            length));
        }
    }

    private void inject(Fault fault) {
        short[] channel = steps[fault.channel()];
        for (int n = fault.first(); n < fault.first() + fault.samples(); n++) {
            switch (fault.kind()) {
                case MISSING -> missing[fault.channel()][n] = true;
                case GAP -> lost[n] = true;
                case SATURATION -> channel[n] = (short) (Short.MAX_VALUE - (n & 1));
                case FLAT -> channel[n] = channel[fault.first() - 1];
            }
        }
        faults.add(fault);
    }

    /** The faults, in the order of their times. */
    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void write(Appendable out) throws IOException {
        out.append("time");
        for (String channel : signal.channels()) {
            out.append(',').append(channel);
        }
        out.append('\n');
        for (int n = 0; n < lost.length; n++) {
            if (lost[n]) {
                continue;
            }
            out.append(time(n));
            for (int channel = 0; channel < steps.length; channel++) {
                out.append(',');
                if (!missing[channel][n]) {
                    out.append(value(channel, n));
                }
            }
            out.append('\n');
        }
    }

    private String time(int sample) {
        long micros = Math.floorDiv(signal.rate().nanosOf(sample), 1000);
        return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
    }

    private String value(int channel, int sample) {
        return BigDecimal.valueOf(steps[channel][sample], signal.decimals()).toString();
    }

    /**
     * The recording as frames, which end where samples are lost.
     *
     * @param length samples of a frame at most
     */
    public List<SignalFrame> frames(String streamId, long startNanos, int length) {
        List<SignalFrame> frames = new ArrayList<>();
        int first = 0;
        while (first < lost.length) {
            int end = first;
            while (end < lost.length && end < first + length && !lost[end]) {
                end++;
            }
            if (end > first) {
                frames.add(frame(streamId, startNanos, first, end));
            }
            first = Math.max(end, first + 1);
        }
        return frames;
    }

    private SignalFrame frame(String streamId, long startNanos, int first, int end) {
        float[] samples = new float[steps.length * (end - first)];
        int quality = 0;
        int at = 0;
        for (int channel = 0; channel < steps.length; channel++) {
            for (int n = first; n < end; n++) {
                if (missing[channel][n]) {
                    quality = Quality.MISSING.bit();
                    samples[at++] = Float.NaN;
                } else {
                    samples[at++] = Float.parseFloat(value(channel, n));
                }
            }
        }
        return new SignalFrame(
                streamId,
                first,
                0,
                startNanos + signal.rate().nanosOf(first),
                signal.rate(),
                signal.channels(),
                samples,
                quality);
    }
}
