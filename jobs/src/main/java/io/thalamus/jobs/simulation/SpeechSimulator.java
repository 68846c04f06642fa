/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.SampleRate;
import java.util.List;

/**
 * Makes up what a microphone hears of someone who speaks nonsense beside a badly shielded cable:
 * one channel, in the steps of a converter of 16 bits, whose range is -1 to 1 below.
 *
 * <p>The {@link Voice} has a pitch of 120 Hz. With {@code e} independent normal deviates, the
 * microphone gives
 *
 * <pre>
 * x(t) = voice(t) + 0.03 sin(2 pi 50 t) + 0.015 sin(2 pi 150 t) + 0.02 + 0.002 e
 * </pre>
 *
 * @param seed the same seed makes the same signal
 * @param hertz the sample rate
 * @param seconds how long it is
 */
public record SpeechSimulator(long seed, int hertz, double seconds) implements SignalSimulator {
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final double PITCH = 120;

    public SpeechSimulator {
        if (hertz < 1000) {
            throw new IllegalArgumentException(
                    "speech is sampled at least 1000 times a second, not " + hertz);
        }
        SignalSimulator.samples(SampleRate.ofHertz(hertz), seconds);
    }

    @Override
    public List<String> channels() {
        return List.of("microphone");
    }

    @Override
    public SampleRate rate() {
        return SampleRate.ofHertz(hertz);
    }

    @Override
    public int decimals() {
        return 0;
    }

    @Override
    public short[][] steps() {
        Noise noise = new Noise(seed);
        Voice voice = new Voice(noise, hertz, PITCH);
        Noise amplifier = noise.branch(3);
        short[] steps = new short[SignalSimulator.samples(rate(), seconds)];
        for (int n = 0; n < steps.length; n++) {
            double t = (double) n / hertz;
            double hum =
                    0.03 * StrictMath.sin(TWO_PI * 50 * t)
                            + 0.015 * StrictMath.sin(TWO_PI * 150 * t);
            double x = voice.next() + hum + 0.02 + 0.002 * amplifier.normal();
            steps[n] = SignalSimulator.convert(x * Short.MAX_VALUE);
        }
        return new short[][] {steps};
    }
}
