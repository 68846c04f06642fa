/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes up a call over a loudspeaker at 16 kHz: what the microphone hears, and what the far end
 * said, which the microphone hears too, in the steps of a converter of 16 bits, whose range is -1
 * to 1 below.
 *
 * <p>In the first third only the far end speaks, in the second only the near end, in the last both;
 * each {@link Voice} rises and falls over 10 ms at the ends of its thirds. The far end has a pitch
 * of 120 Hz, the near end of 200 Hz. The loudspeaker bends the far end {@code x} to {@code l =
 * tanh(2 x) / 2}, and the room answers 40 ms later, with 80 echoes within a tenth of a second. With
 * {@code e} independent normal deviates, the microphone gives
 *
 * <pre>
 * y(n) = v(n) + 0.7 l(n - 640) + sum_j 0.2 exp(-m_j / 500) e_j l(n - 640 - m_j) + 0.001 e(n)
 * </pre>
 *
 * where {@code v} is the near end's voice and the {@code m_j} are drawn from 1 to 1600.
 *
 * @param seed the same seed makes the same call
 * @param seconds how long it is
 */
public record CallSimulator(long seed, double seconds) implements SignalSimulator {
    /** The channels, and the streams that they may come as. */
    public static final List<String> MEMBERS = List.of("microphone", "far-end");

    private static final int HERTZ = 16_000;
    private static final int DELAY = 640;
    private static final int LONGEST_ECHO = 1600;
    private static final int ECHOES = 80;
    private static final int FRAME = 1600;
    private static final float FULL_SCALE = 0x1p15f;

    public CallSimulator {
        SignalSimulator.samples(SampleRate.ofHertz(HERTZ), seconds);
    }

    @Override
    public List<String> channels() {
        return MEMBERS;
    }

    @Override
    public SampleRate rate() {
        return SampleRate.ofHertz(HERTZ);
    }

    @Override
    public int decimals() {
        return 0;
    }

    @Override
    public short[][] steps() {
        double[] farEnd = farEnd();
        double[] heard = nearEnd();
        double[] echo = echo(farEnd);
        Noise noise = new Noise(seed).branch(3);
        short[][] steps = new short[2][heard.length];
        for (int n = 0; n < heard.length; n++) {
            double microphone = heard[n] + echo[n] + 0.001 * noise.normal();
            steps[0][n] = SignalSimulator.convert(microphone * Short.MAX_VALUE);
            steps[1][n] = SignalSimulator.convert(farEnd[n] * Short.MAX_VALUE);
        }
        return steps;
    }

    /** Speaks in the first third and in the last. */
    private double[] farEnd() {
        double third = seconds / 3;
        double[] voice = voice(4, 120);
        for (int n = 0; n < voice.length; n++) {
            double t = (double) n / HERTZ;
            voice[n] *= t < third ? Voice.edge(t, 0, third) : gate(t, 2 * third, seconds);
        }
        return voice;
    }

    /** Speaks in the second third and in the last. */
    private double[] nearEnd() {
        double[] voice = voice(5, 200);
        for (int n = 0; n < voice.length; n++) {
            voice[n] *= gate((double) n / HERTZ, seconds / 3, seconds);
        }
        return voice;
    }

    private static double gate(double t, double start, double end) {
        return t < start ? 0 : Voice.edge(t, start, end);
    }

    private double[] voice(int branch, double pitch) {
        Voice voice = new Voice(new Noise(seed).branch(branch), HERTZ, pitch);
        double[] samples = new double[SignalSimulator.samples(rate(), seconds)];
        for (int n = 0; n < samples.length; n++) {
            samples[n] = voice.next();
        }
        return samples;
    }

    /** What the room makes of the far end. */
    private double[] echo(double[] farEnd) {
        Noise room = new Noise(seed).branch(6);
        int[] delays = new int[1 + ECHOES];
        double[] gains = new double[1 + ECHOES];
        delays[0] = DELAY;
        gains[0] = 0.7;
        for (int j = 1; j < delays.length; j++) {
            int later = room.between(1, LONGEST_ECHO);
            delays[j] = DELAY + later;
            gains[j] = 0.2 * StrictMath.exp(-later / 500.0) * room.normal();
        }
        double[] echo = new double[farEnd.length];
        for (int j = 0; j < delays.length; j++) {
            for (int n = delays[j]; n < echo.length; n++) {
                echo[n] += gains[j] * StrictMath.tanh(2 * farEnd[n - delays[j]]) / 2;
            }
        }
        return echo;
    }

    /** One channel of a frame, as a frame of its own stream: {@code STREAM.MEMBER}. */
    public static SignalFrame member(SignalFrame frame, int channel) {
        int length = frame.length();
        return new SignalFrame(
                frame.streamId() + "." + MEMBERS.get(channel),
                frame.sequence(),
                frame.segment(),
                frame.startNanos(),
                frame.rate(),
                List.of(MEMBERS.get(channel)),
                Arrays.copyOfRange(frame.samples(), channel * length, (channel + 1) * length),
                frame.quality());
    }

    /** The whole call as frames of one stream. */
    public List<SignalFrame> frames(String streamId) {
        short[][] steps = steps();
        List<SignalFrame> frames = new ArrayList<>();
        for (int first = 0; first < steps[0].length; first += FRAME) {
            int length = Math.min(FRAME, steps[0].length - first);
            float[] samples = new float[2 * length];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = steps[i / length][first + i % length] / FULL_SCALE;
            }
            frames.add(
                    new SignalFrame(
                            streamId,
                            first,
                            0,
                            rate().nanosOf(first),
                            rate(),
                            channels(),
                            samples,
                            0));
        }
        return frames;
    }
}
