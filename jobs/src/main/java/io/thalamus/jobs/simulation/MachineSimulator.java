/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes up what sensors on a machine with a motor record: its vibration across the shaft in two
 * directions, in m/s^2, and the motor's current, in ampere; in steps of 0.001. It goes from one of
 * the {@linkplain MachineState states} to another by chance, and stays in each from 3 to 9 seconds;
 * within a second at a change, everything goes over from the one to the other.
 *
 * <p>With the turns {@code R(t)}, the integral of the speed {@code f(t)} (that of the state, times
 * {@code 1 + 0.01 slow_0}), {@code L(t)} and {@code slow_i(t)} first-order processes of deviation 1
 * with a memory of ten seconds, {@code e} independent normal deviates, and {@code V}, {@code N},
 * {@code U}, {@code B} and {@code I} the state's vibration, roughness, unbalance, impact and
 * current,
 *
 * <pre>
 * x(t) = a_x (0.4 V sin(2 pi R) + 0.25 V sin(4 pi R + 1) + U sin(2 pi R + 0.5)) + ring(t) + N e
 * y(t) = a_y (0.3 V cos(2 pi R) + 0.35 V sin(4 pi R + 2) + 0.8 U cos(2 pi R + 0.5)) + 0.6 ring(t) + N e'
 * i(t) = I (1 + 0.05 slow_3) sin(2 pi 50 t) (1 + 0.02 U sin(2 pi R) + 0.03 N sin(2 pi 3.1 t)) + 0.05 e''
 * a_x  = 1 + 0.1 slow_1,  a_y = 1 + 0.1 slow_2
 * </pre>
 *
 * where the balls hit the damage whenever {@code 3.57 R} (with a slip of 1 % by chance) passes a
 * whole number, and each time the casing rings, {@code B (0.8 + 0.4 u) exp(-(t - t_k) / 0.004)
 * sin(2 pi f_ring (t - t_k))}, {@code f_ring} being 0.36 of the sample rate and {@code u} uniform.
 *
 * @param seed the same seed makes the same signal
 * @param hertz the sample rate, at least 200
 * @param seconds how long it is
 */
public record MachineSimulator(long seed, int hertz, double seconds) implements SignalSimulator {
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final int DECIMALS = 3;
    private static final int STEPS = 1000;
    private static final int SHORTEST_SECONDS = 3;
    private static final int LONGEST_SECONDS = 9;
    private static final double TRANSITION_SECONDS = 0.5;
    private static final double MEMORY_SECONDS = 10;
    private static final double HITS_A_TURN = 3.57;
    private static final double RING_SECONDS = 0.004;

    /** A state from its first sample on. */
    private record Stretch(MachineState state, int first) {}

    public MachineSimulator {
        if (hertz < 200) {
            throw new IllegalArgumentException(
                    "a machine is sampled at least 200 times a second, not " + hertz);
        }
        SignalSimulator.samples(SampleRate.ofHertz(hertz), seconds);
    }

    @Override
    public List<String> channels() {
        return List.of("vibration-x", "vibration-y", "current");
    }

    @Override
    public SampleRate rate() {
        return SampleRate.ofHertz(hertz);
    }

    @Override
    public int decimals() {
        return DECIMALS;
    }

    private List<Stretch> stretches() {
        int samples = SignalSimulator.samples(rate(), seconds);
        Noise noise = new Noise(seed).branch(1);
        MachineState[] states = MachineState.values();
        List<Stretch> stretches = new ArrayList<>();
        int state = noise.between(0, states.length - 1);
        int first = 0;
        while (first < samples) {
            stretches.add(new Stretch(states[state], first));
            double length =
                    SHORTEST_SECONDS + (LONGEST_SECONDS - SHORTEST_SECONDS) * noise.uniform();
            first = (int) Math.min(samples, first + (long) (length * hertz));
            state = (state + noise.between(1, states.length - 1)) % states.length;
        }
        return stretches;
    }

    /**
     * Which state the machine is in when.
     *
     * @param streamId the stream that the labels are on
     * @param startNanos the time of the recording's first sample
     */
    public List<Annotation> labels(String streamId, long startNanos) {
        List<Stretch> stretches = stretches();
        List<Annotation> labels = new ArrayList<>();
        for (int i = 0; i < stretches.size(); i++) {
            int end =
                    i + 1 < stretches.size()
                            ? stretches.get(i + 1).first
                            : SignalSimulator.samples(rate(), seconds);
            long onset = rate().nanosOf(stretches.get(i).first);
            labels.add(
                    new Annotation(
                            streamId,
                            startNanos + onset,
                            rate().nanosOf(end) - onset,
                            stretches.get(i).state.label()));
        }
        return labels;
    }

    @Override
    public short[][] steps() {
        int samples = SignalSimulator.samples(rate(), seconds);
        short[][] steps = new short[channels().size()][samples];
        List<Stretch> stretches = stretches();
        Noise noise = new Noise(seed);
        Noise[] sensors = {noise.branch(10), noise.branch(11), noise.branch(12)};
        Slow[] slow = new Slow[4];
        for (int i = 0; i < slow.length; i++) {
            slow[i] = new Slow(noise.branch(20 + i));
        }
        Casing casing = new Casing(noise.branch(30));
        double turns = 0;
        int now = 0;
        for (int n = 0; n < samples; n++) {
            if (now + 1 < stretches.size() && n == stretches.get(now + 1).first) {
                now++;
            }
            Mixture mixture = mixture(stretches, now, n);
            double t = (double) n / hertz;
            turns += mixture.speed * (1 + 0.01 * slow[0].next()) / hertz;
            double ring = casing.next(turns, mixture.impact);
            double once = TWO_PI * turns;
            double x =
                    (1 + 0.1 * slow[1].next())
                                    * (0.4 * mixture.vibration * StrictMath.sin(once)
                                            + 0.25
                                                    * mixture.vibration
                                                    * StrictMath.sin(2 * once + 1)
                                            + mixture.unbalance * StrictMath.sin(once + 0.5))
                            + ring
                            + mixture.roughness * sensors[0].normal();
            double y =
                    (1 + 0.1 * slow[2].next())
                                    * (0.3 * mixture.vibration * StrictMath.cos(once)
                                            + 0.35
                                                    * mixture.vibration
                                                    * StrictMath.sin(2 * once + 2)
                                            + 0.8 * mixture.unbalance * StrictMath.cos(once + 0.5))
                            + 0.6 * ring
                            + mixture.roughness * sensors[1].normal();
            double current =
                    mixture.current
                                    * (1 + 0.05 * slow[3].next())
                                    * StrictMath.sin(TWO_PI * 50 * t)
                                    * (1
                                            + 0.02 * mixture.unbalance * StrictMath.sin(once)
                                            + 0.03
                                                    * mixture.roughness
                                                    * StrictMath.sin(TWO_PI * 3.1 * t))
                            + 0.05 * sensors[2].normal();
            steps[0][n] = SignalSimulator.convert(x * STEPS);
            steps[1][n] = SignalSimulator.convert(y * STEPS);
            steps[2][n] = SignalSimulator.convert(current * STEPS);
        }
        return steps;
    }

    /** What the figures of the states are while one goes over into the next. */
    private record Mixture(
            double speed,
            double vibration,
            double roughness,
            double unbalance,
            double impact,
            double current) {

        static Mixture of(MachineState some, MachineState other, double share) {
            return new Mixture(
                    mix(some.speed, other.speed, share),
                    mix(some.vibration, other.vibration, share),
                    mix(some.roughness, other.roughness, share),
                    mix(some.unbalance, other.unbalance, share),
                    mix(some.impact, other.impact, share),
                    mix(some.current, other.current, share));
        }

        private static double mix(double some, double other, double share) {
            return some + share * (other - some);
        }
    }

    /**
     * Half a second before a change the next state begins to show; half a second behind it is all
     * there.
     */
    private Mixture mixture(List<Stretch> stretches, int now, int sample) {
        double half = TRANSITION_SECONDS * hertz;
        Stretch here = stretches.get(now);
        double sinceChange = sample - here.first;
        if (now > 0 && sinceChange < half) {
            return Mixture.of(
                    stretches.get(now - 1).state, here.state, 0.5 + sinceChange / half / 2);
        }
        if (now + 1 < stretches.size()) {
            double untilChange = stretches.get(now + 1).first - sample;
            if (untilChange < half) {
                return Mixture.of(
                        here.state, stretches.get(now + 1).state, 0.5 - untilChange / half / 2);
            }
        }
        return Mixture.of(here.state, here.state, 0);
    }

    /** A first-order process of mean 0 and deviation 1. */
    private final class Slow {
        private final Noise noise;
        private final double memory = StrictMath.exp(-1 / (MEMORY_SECONDS * hertz));
        private double value;

        Slow(Noise noise) {
            this.noise = noise;
            value = noise.normal();
        }

        double next() {
            value = memory * value + StrictMath.sqrt(1 - memory * memory) * noise.normal();
            return value;
        }
    }

    /** Rings when it is hit: a damped oscillation, sample by sample. */
    private final class Casing {
        private final Noise noise;
        private final double decay = StrictMath.exp(-1 / (RING_SECONDS * hertz));
        private final double sine = StrictMath.sin(TWO_PI * 0.36);
        private final double cosine = StrictMath.cos(TWO_PI * 0.36);
        private double swing;
        private double push;
        private double nextHit = 1;

        Casing(Noise noise) {
            this.noise = noise;
        }

        double next(double turns, double impact) {
            double turned = decay * (cosine * swing + sine * push);
            push = decay * (cosine * push - sine * swing);
            swing = turned;
            if (HITS_A_TURN * turns >= nextHit) {
                push += impact * (0.8 + 0.4 * noise.uniform());
                nextHit += 1 + 0.01 * noise.normal();
            }
            return swing;
        }
    }
}
