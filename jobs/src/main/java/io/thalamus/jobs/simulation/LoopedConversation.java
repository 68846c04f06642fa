/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;

/**
 * Makes a conversation, as long as one likes, of a short recording of each speaker, who says it
 * again and again: for tests of what only time brings about. It is looped, so that it has no more
 * words and no more voices than the recordings.
 *
 * <p>Each speaker goes on for himself: one time in four he pauses for 0.5 to 4 s; then comes his
 * recording from a place in its first half to one in its last quarter, at -6 to 0 dB, which rises
 * and falls over 10 ms at its ends. All of it is drawn uniformly.
 *
 * @param seed the same seed makes the same conversation
 * @param rate of the recordings, and of the conversation
 * @param seconds how long it is
 */
public record LoopedConversation(long seed, SampleRate rate, double seconds) {
    private static final int DECIBELS = 6;

    /** With a quarter that is more than nothing. */
    private static final int SHORTEST = 4;

    public LoopedConversation {
        SignalSimulator.samples(rate, seconds);
    }

    /**
     * What one speaker says.
     *
     * @param speaker his number, which what he does is drawn by
     * @param recording of him, four samples at least
     * @throws InvalidInputException if it is shorter
     */
    public float[] said(int speaker, float[] recording) {
        if (recording.length < SHORTEST) {
            throw new InvalidInputException(
                    "the recording of speaker %d has %d samples; give at least %d"
                            .formatted(speaker, recording.length, SHORTEST));
        }
        Noise noise = new Noise(seed).branch(speaker);
        float[] said = new float[SignalSimulator.samples(rate, seconds)];
        int at = 0;
        while (at < said.length) {
            if (noise.uniform() < 0.25) {
                at += (int) (rate.hertz() * (0.5 + 3.5 * noise.uniform()));
            }
            int from = noise.between(0, recording.length / 2 - 1);
            int to = noise.between(recording.length * 3 / 4, recording.length - 1);
            double gain = StrictMath.pow(10, -DECIBELS * noise.uniform() / 20);
            for (int n = from; n < to && at < said.length; n++) {
                double edge = Voice.edge(n / rate.hertz(), from / rate.hertz(), to / rate.hertz());
                said[at++] = (float) (gain * edge * recording[n]);
            }
        }
        return said;
    }
}
