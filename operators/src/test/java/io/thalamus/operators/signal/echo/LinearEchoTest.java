/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.thalamus.operators.signal.BesideTrigger;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.testing.SignalTransformContract;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearEchoTest {
    private static final int RATE = 8000;
    private static final int HOP = 64;
    private static final StreamShape CALL =
            new StreamShape(List.of("mic", "far"), SampleRate.ofHertz(RATE));

    static class Streamed extends SignalTransformContract {
        @Override
        protected SignalTransform transform() {
            return echo(24, 40, LinearEcho.Reference.FAR_END);
        }

        @Override
        protected int channels() {
            return 2;
        }

        @Override
        protected SampleRate rate() {
            return SampleRate.ofHertz(1000);
        }

        @Override
        protected int samples() {
            return 600;
        }
    }

    static class StreamedWithoutSearch extends Streamed {
        @Override
        protected SignalTransform transform() {
            return echo(24, 0, LinearEcho.Reference.ECHO);
        }
    }

    private static LinearEcho echo(int tail, int delay, LinearEcho.Reference reference) {
        return new LinearEcho(
                Duration.ofMillis(tail), Duration.ofMillis(delay), Duration.ofMillis(8), reference);
    }

    private static double[][] run(LinearEcho transform, double[] microphone, double[] farEnd) {
        return SignalChain.whole(new double[][] {microphone, farEnd}, CALL, List.of(transform));
    }

    private static LinearEcho standard() {
        return echo(64, 500, LinearEcho.Reference.FAR_END);
    }

    /** Down to the noise that the microphone hears besides, 40 dB below the echo. */
    @Test
    void learnsALinearPath() {
        double[] farEnd = noise(1, 6 * RATE);
        double[] echo = convolved(farEnd, response(2, 400));
        double[] microphone = sum(echo, scaled(0.01 * rms(echo), noise(3, echo.length)));
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(enhancement(microphone, left, 1, 2)).isGreaterThan(20);
        assertThat(enhancement(microphone, left, 4, 6)).isBetween(33.0, 40.5);
    }

    /** What is subtracted is the estimate, which is the second channel if asked for. */
    @Test
    void tellsItsEstimate() {
        double[] farEnd = noise(1, 2 * RATE);
        double[] microphone = convolved(farEnd, response(2, 400));
        double[][] out = run(echo(64, 500, LinearEcho.Reference.ECHO), microphone, farEnd);
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(out[0]).isEqualTo(left);
        for (int n = 0; n < left.length; n++) {
            assertThat(out[0][n]).isEqualTo(microphone[n] - out[1][n]);
        }
    }

    @Test
    void goesOnWhileTheNearEndTalks() {
        double[] farEnd = noise(1, 8 * RATE);
        double[] echo = convolved(farEnd, response(2, 400));
        double[] nearEnd = scaled(rms(echo), noise(5, echo.length));
        Arrays.fill(nearEnd, 0, 3 * RATE, 0);
        double[] left = run(standard(), sum(echo, nearEnd), farEnd)[0];
        double[] echoLeft = sum(left, scaled(-1, nearEnd));
        for (int second = 3; second < 8; second++) {
            assertThat(enhancement(echo, echoLeft, second, second + 1)).isGreaterThan(12);
        }
    }

    /** With a tail that is much shorter than the delay. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 8, 50, 100, 333, 500})
    void findsTheDelay(int milliseconds) {
        int delay = milliseconds * RATE / 1000;
        double[] farEnd = noise(1, 5 * RATE);
        double[] microphone = convolved(delayed(farEnd, delay), response(2, 200));
        double[][] out = run(echo(32, 500, LinearEcho.Reference.FAR_END), microphone, farEnd);
        assertThat(enhancement(microphone, out[0], 3, 5)).isGreaterThan(25);
        int blocks = Math.max(0, delay - HOP / 2) / HOP;
        // A block that begins at most one earlier would do as well.
        double[] before = delayed(farEnd, Math.max(0, blocks - 1) * HOP);
        int last = 4 * RATE;
        if (out[1][last] != before[last]) {
            before = delayed(farEnd, blocks * HOP);
        }
        assertThat(Arrays.copyOfRange(out[1], last, 5 * RATE))
                .isEqualTo(Arrays.copyOfRange(before, last, 5 * RATE));
    }

    /** A loudspeaker may be the wrong way round. */
    @Test
    void findsTheDelayOfAnInvertedEcho() {
        double[] farEnd = noise(1, 4 * RATE);
        double[] microphone = scaled(-0.5, delayed(farEnd, 2000));
        double[] left = run(echo(32, 500, LinearEcho.Reference.FAR_END), microphone, farEnd)[0];
        assertThat(enhancement(microphone, left, 2, 4)).isGreaterThan(30);
    }

    /** What does not come from the far end moves nothing, before or after an echo. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void findsNoDelayInNoise(int seconds) {
        double[] farEnd = noise(1, 20 * RATE);
        double[] microphone = delayed(farEnd, 2000);
        System.arraycopy(
                noise(2, farEnd.length),
                0,
                microphone,
                seconds * RATE,
                farEnd.length - seconds * RATE);
        double[] out = run(standard(), microphone, farEnd)[1];
        double[] expected = seconds == 0 ? farEnd : delayed(farEnd, 30 * HOP);
        assertThat(Arrays.copyOfRange(out, 2 * RATE, 20 * RATE))
                .isEqualTo(Arrays.copyOfRange(expected, 2 * RATE, 20 * RATE));
    }

    /** Where the delay changes, nothing becomes louder than it came, and it is found again. */
    @Test
    void followsADelayThatJumps() {
        double[] farEnd = noise(1, 9 * RATE);
        double[] response = response(2, 200);
        double[] early = convolved(delayed(farEnd, 400), response);
        double[] late = convolved(delayed(farEnd, 2400), response);
        double[] microphone = early.clone();
        System.arraycopy(late, 3 * RATE, microphone, 3 * RATE, 3 * RATE);
        LinearEcho transform = echo(32, 500, LinearEcho.Reference.FAR_END);
        double[][] out = run(transform, microphone, farEnd);
        for (int second : new int[] {2, 5, 8}) {
            assertThat(enhancement(microphone, out[0], second, second + 1)).isGreaterThan(17);
        }
        for (int block = 0; block < microphone.length / 800; block++) {
            double heard = power(microphone, 800 * block, 800 * block + 800);
            assertThat(power(out[0], 800 * block, 800 * block + 800)).isLessThan(3 * heard + 1e-3);
        }
        assertThat(Arrays.stream(out[1]).map(Math::abs).max().getAsDouble())
                .isLessThanOrEqualTo(Arrays.stream(farEnd).map(Math::abs).max().getAsDouble());
    }

    @Test
    void learnsAnotherPath() {
        double[] farEnd = noise(1, 10 * RATE);
        double[] microphone = convolved(farEnd, response(2, 400));
        double[] other = convolved(farEnd, response(7, 400));
        System.arraycopy(other, 5 * RATE, microphone, 5 * RATE, 5 * RATE);
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(enhancement(microphone, left, 4, 5)).isGreaterThan(30);
        assertThat(enhancement(microphone, left, 7, 8)).isGreaterThan(20);
        assertThat(enhancement(microphone, left, 9, 10)).isGreaterThan(25);
    }

    /**
     * Clocks 100 parts per million apart, which is 32 samples in 20 s at 16 kHz, with delays of
     * 37.5 and 300 ms. The filter alone takes away 15 to 18 dB.
     */
    @ParameterizedTest
    @CsvSource({"100e-6, 600", "-100e-6, 600", "100e-6, 4800", "-100e-6, 4800", "20e-6, 600"})
    void resamplesByADriftingClock(double share, int late) {
        int rate = 2 * RATE;
        StreamShape shape = new StreamShape(CALL.channels(), SampleRate.ofHertz(rate));
        double[] farEnd = voice(1, 20 * rate);
        double[] microphone = stretched(convolved(farEnd, response(2, 800)), share, late);
        LinearEcho transform = echo(250, 500, LinearEcho.Reference.FAR_END);
        double[][] out =
                SignalChain.whole(new double[][] {microphone, farEnd}, shape, List.of(transform));
        for (int second = 10; second < 19; second++) {
            assertThat(enhancement(microphone, out[0], 2 * second, 2 * second + 2))
                    .as("second %d", second)
                    .isGreaterThan(30);
        }
        int hop = 2 * HOP;
        assertThat(late - blocksBehind(out[1], farEnd, 18 * rate, hop) * hop).isBetween(0, 3 * hop);
    }

    /** Where what the interpolator looks ahead is more than a block. */
    @ParameterizedTest
    @ValueSource(doubles = {100e-6, -100e-6})
    void resamplesInShortBlocks(double share) {
        double[] farEnd = voice(1, 20 * RATE);
        double[] microphone = stretched(convolved(farEnd, response(2, 200)), share, 300);
        int hop = 16;
        LinearEcho transform =
                new LinearEcho(
                        Duration.ofMillis(40),
                        Duration.ofMillis(60),
                        Duration.ofMillis(2),
                        LinearEcho.Reference.FAR_END);
        double[][] out = run(transform, microphone, farEnd);
        assertThat(enhancement(microphone, out[0], 10, 19)).isGreaterThan(25);
        int late = (int) (300 + share * 18 * RATE);
        assertThat(late - blocksBehind(out[1], farEnd, 18 * RATE, hop) * hop).isBetween(0, 3 * hop);
    }

    /** At full cutoff the interpolator's own error is what is left. */
    @ParameterizedTest
    @ValueSource(doubles = {100e-6, -100e-6})
    void resamplesNoiseByADriftingClock(double share) {
        double[] farEnd = noise(1, 20 * RATE);
        double[] microphone = stretched(convolved(farEnd, response(2, 400)), share, 300);
        double[] left = run(echo(250, 500, LinearEcho.Reference.ECHO), microphone, farEnd)[0];
        assertThat(enhancement(microphone, left, 10, 19)).isGreaterThan(24);
    }

    /** That it is moved is no drift: what is known of the clocks stays. */
    @Test
    void staysWithADriftingClockWhereALoudspeakerIsMoved() {
        double[] farEnd = voice(1, 24 * RATE);
        double[] echo = stretched(convolved(farEnd, response(2, 400)), 100e-6, 300);
        double[] moved = stretched(convolved(farEnd, response(2, 400)), 100e-6, 304);
        System.arraycopy(moved, 14 * RATE, echo, 14 * RATE, 10 * RATE);
        double[] left = run(echo(250, 500, LinearEcho.Reference.ECHO), echo, farEnd)[0];
        assertThat(enhancement(echo, left, 17, 23)).isGreaterThan(33);
    }

    /**
     * No more is left than if there were one clock; a filter that has to follow leaves 6 dB more.
     */
    @ParameterizedTest
    @ValueSource(doubles = {100e-6, -100e-6})
    void findsADriftingClockWhileTheNearEndTalks(double share) {
        assertThat(enhancementInDoubleTalk(share)).isGreaterThan(enhancementInDoubleTalk(0) - 1.5);
    }

    /** Both ends talk from the beginning, equally loud, at 16 kHz. */
    private static double enhancementInDoubleTalk(double share) {
        int rate = 2 * RATE;
        StreamShape shape = new StreamShape(CALL.channels(), SampleRate.ofHertz(rate));
        double[] farEnd = voice(1, 30 * rate);
        double[] echo = stretched(convolved(farEnd, response(2, 400)), share, 600);
        double[] nearEnd = delayed(voice(5, echo.length), rate / 8);
        nearEnd = scaled(rms(echo) / rms(nearEnd), nearEnd);
        double[][] call = {sum(echo, nearEnd), farEnd};
        double[] left = SignalChain.whole(call, shape, List.of(standard()))[0];
        double[] echoLeft = sum(left, scaled(-1, nearEnd));
        return enhancement(echo, echoLeft, 2 * 12, 2 * 29);
    }

    /**
     * What was known of the clocks holds while the far end says nothing, and the microphone is off.
     */
    @Test
    void staysWithADriftingClockThroughAPause() {
        double[] farEnd = voice(1, 50 * RATE);
        Arrays.fill(farEnd, 20 * RATE, 40 * RATE, 0);
        double[] microphone = stretched(convolved(farEnd, response(2, 200)), 100e-6, 300);
        Arrays.fill(microphone, 20 * RATE + 1000, 40 * RATE, 0);
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(Arrays.copyOfRange(left, 21 * RATE, 40 * RATE)).containsOnly(0);
        assertThat(enhancement(microphone, left, 40.1, 42)).isGreaterThan(25);
    }

    /**
     * Where the echo comes to be too early to be resampled for, after 45 s, the filter follows as
     * well as it can. What it has learnt moves along, if not to the sample.
     */
    @Test
    void followsAClockUntilTheEchoHasCaughtUp() {
        double[] farEnd = noise(1, 90 * RATE);
        double[] microphone = stretched(convolved(farEnd, response(2, 200)), -100e-6, 120);
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(enhancement(microphone, left, 12, 44)).isGreaterThan(23);
        assertThat(enhancement(microphone, left, 46, 47)).isGreaterThan(18);
        for (int second = 48; second < 89; second++) {
            assertThat(enhancement(microphone, left, second, second + 1))
                    .as("second %d", second)
                    .isGreaterThan(12);
        }
    }

    /**
     * An echo that all at once comes too early to be resampled for is heard again within seconds,
     * and followed as well as the filter can.
     */
    @ParameterizedTest
    @CsvSource({"100e-6, 40", "-100e-6, 40", "100e-6, 3", "100e-6, 100", "-100e-6, 100"})
    void comesBackFromResamplingWhereTheEchoJumpsAhead(double share, int early) {
        int rate = 2 * RATE;
        StreamShape shape = new StreamShape(CALL.channels(), SampleRate.ofHertz(rate));
        double[] farEnd = voice(1, 24 * rate);
        double[] echo = convolved(farEnd, response(2, 400));
        double[] microphone = stretched(echo, share, 300);
        double[] jumped = stretched(echo, share, early);
        int jump = 12 * rate;
        System.arraycopy(jumped, jump, microphone, jump, microphone.length - jump);
        double[][] call = {microphone, farEnd};
        double[] left = SignalChain.whole(call, shape, List.of(standard()))[0];
        assertThat(enhancement(microphone, left, 2 * 8, 2 * 12)).isGreaterThan(30);
        for (int second = 14; second < 23; second++) {
            assertThat(enhancement(microphone, left, 2 * second, 2 * second + 2))
                    .as("second %d", second)
                    .isGreaterThan(14);
        }
    }

    /** What the search has found but once, as in the counters for it, tells of no room. */
    @Test
    void isNotMisledByALagThatWasFoundOnce() {
        double[] farEnd = voice(1, 14 * RATE);
        double[] microphone = stretched(convolved(farEnd, response(2, 200)), 100e-6, 40);
        double[] expected = run(standard(), microphone, farEnd)[0];
        PreparedTransform prepared = standard().prepare(CALL);
        TransformState state = prepared.start();
        SampleBlock out = new SampleBlock(2);
        SampleBlock in = new SampleBlock(2);
        for (int n = 0; n < farEnd.length; n++) {
            if (n == 12 * RATE) {
                state.counters()[4] = 400;
                state.counters()[5] = 1;
            }
            in.clear();
            int at = in.extend(1);
            in.values()[at] = microphone[n];
            in.values()[at + 1] = farEnd[n];
            prepared.apply(in, state, out);
        }
        assertThat(out.toArrays()[0]).isEqualTo(expected);
    }

    /**
     * A call of one clock is heard as it comes, whatever happens in it: to the bit what comes of a
     * state in which nothing is kept of clocks, as versions before had it.
     */
    @Test
    void leavesTheFarEndOfOneClockAsItIs() {
        double[] farEnd = voice(1, 40 * RATE);
        double[] echo = convolved(delayed(farEnd, 300), response(2, 400));
        for (int move = 1; move <= 3; move++) { // a loudspeaker, three times the same way
            int from = (4 + 6 * move) * RATE;
            double[] moved = convolved(delayed(farEnd, 300 + 4 * move), response(2, 400));
            System.arraycopy(moved, from, echo, from, echo.length - from);
        }
        double[] other = convolved(delayed(farEnd, 500), response(7, 400));
        System.arraycopy(other, 30 * RATE, echo, 30 * RATE, 10 * RATE);
        double[] nearEnd = voice(5, echo.length);
        Arrays.fill(nearEnd, 0, 6 * RATE, 0);
        double[] microphone = sum(sum(echo, nearEnd), scaled(0.01, noise(3, echo.length)));
        double[][] now = run(standard(), microphone, farEnd);
        double[][] before = fromBefore(standard(), microphone, farEnd);
        assertThat(before[0]).isEqualTo(now[0]);
        assertThat(before[1]).isEqualTo(now[1]);
    }

    /** A state of before goes on, whatever the delays and the blocks. */
    @ParameterizedTest
    @CsvSource({"0, 8", "8, 8", "16, 8", "40, 8", "0, 2", "2, 2", "10, 2", "18, 2", "20, 2"})
    void goesOnWithAStateOfBefore(int delay, int block) {
        double[] farEnd = voice(1, 4 * RATE);
        double[] microphone = convolved(delayed(farEnd, 12), response(2, 200));
        LinearEcho transform =
                new LinearEcho(
                        Duration.ofMillis(40),
                        Duration.ofMillis(delay),
                        Duration.ofMillis(block),
                        LinearEcho.Reference.FAR_END);
        double[][] now = run(transform, microphone, farEnd);
        double[][] before = fromBefore(transform, microphone, farEnd);
        assertThat(before[0]).isEqualTo(now[0]);
        assertThat(before[1]).isEqualTo(now[1]);
        assertThat(enhancement(microphone, now[0], 2, 4)).isGreaterThan(20);
    }

    /** Beside a trigger too, whose own memory lies behind the state. */
    @ParameterizedTest
    @ValueSource(ints = {0, 40, 500})
    void goesOnWithAStateOfBeforeBesideATrigger(int delay) {
        double[] farEnd = voice(1, 4 * RATE);
        double[] microphone = convolved(delayed(farEnd, 12), response(2, 200));
        double[] trigger = noise(4, farEnd.length);
        LinearEcho transform = echo(40, delay, LinearEcho.Reference.FAR_END);
        StreamShape shape = new StreamShape(List.of("mic", "far", "trigger"), CALL.rate());
        PreparedTransform prepared =
                new BesideTrigger(transform, new Trigger("trigger", 0.5, Duration.ZERO))
                        .prepare(shape);
        TransformState alone = transform.prepare(CALL).start();
        TransformState now = prepared.start();
        TransformState before = stateOfBefore(transform);
        int counters = now.counters().length - alone.counters().length;
        int values = now.values().length - alone.values().length;
        before =
                new TransformState(
                        Arrays.copyOf(before.counters(), before.counters().length + counters),
                        Arrays.copyOf(before.values(), before.values().length + values));
        SampleBlock in = SampleBlock.of(new double[][] {microphone, farEnd, trigger});
        SampleBlock out = new SampleBlock(3);
        prepared.apply(in, before, out);
        double[][] expected = run(transform, microphone, farEnd);
        for (int channel = 0; channel < 2; channel++) {
            assertThat(out.toArrays()[channel]).isEqualTo(expected[channel]);
        }
        assertThat(out.toArrays()[2]).isEqualTo(trigger);
    }

    private static double[][] fromBefore(
            LinearEcho transform, double[] microphone, double[] farEnd) {
        PreparedTransform prepared = transform.prepare(CALL);
        TransformState state = stateOfBefore(transform);
        SampleBlock out = new SampleBlock(2);
        prepared.apply(SampleBlock.of(new double[][] {microphone, farEnd}), state, out);
        prepared.finish(state, out);
        return out.toArrays();
    }

    /** The state at the start as versions had it that did not follow clocks. */
    private static TransformState stateOfBefore(LinearEcho transform) {
        int hop = samples(transform.block());
        int partitions = (samples(transform.tail()) + hop - 1) / hop;
        int delays = (samples(transform.maximalDelay()) + hop - 1) / hop;
        int bins = hop + 1;
        int filterAt = hop + (delays + 2) * hop;
        int length = filterAt + bins + 3 * partitions * bins + 2 * (partitions + delays) * bins;
        if (delays > 0) {
            int searched = 2 * Integer.highestOneBit(delays) * hop;
            length += 3 * searched + 2 * (searched + 1);
        }
        double[] values = new double[length];
        for (int p = 0; p < partitions; p++) { // all that is not zero at the start
            int at = filterAt + bins + (2 * partitions + p) * bins;
            double uncertainty = 0.02 * StrictMath.exp(-p * (hop / (double) RATE) / 0.08);
            Arrays.fill(values, at, at + bins, uncertainty);
        }
        return new TransformState(new long[6], values);
    }

    private static int samples(Duration duration) {
        return (int) duration.toMillis() * RATE / 1000;
    }

    @Test
    void allocatesNothingWhileItResamples() {
        double[] farEnd = voice(1, 30 * RATE);
        double[] microphone = stretched(convolved(farEnd, response(2, 200)), 100e-6, 300);
        PreparedTransform prepared = standard().prepare(CALL);
        TransformState state = prepared.start();
        SampleBlock out = new SampleBlock(2);
        SampleBlock[] seconds = new SampleBlock[30];
        for (int n = 0; n < seconds.length; n++) {
            seconds[n] =
                    SampleBlock.of(
                            new double[][] {
                                Arrays.copyOfRange(microphone, n * RATE, (n + 1) * RATE),
                                Arrays.copyOfRange(farEnd, n * RATE, (n + 1) * RATE)
                            });
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int n = 0; n < seconds.length; n++) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            out.clear();
            prepared.apply(seconds[n], state, out);
            allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
            least = n < 10 ? least : Math.min(least, allocated);
        }
        assertThat(least).as("bytes in a second").isLessThan(20 * 16);
    }

    /** As before the first sound, so after the last has died away. */
    @Test
    void leavesTheMicrophoneAloneWhileTheFarEndIsSilent() {
        double[] farEnd = noise(1, 6 * RATE);
        Arrays.fill(farEnd, 0, RATE, 0);
        Arrays.fill(farEnd, 3 * RATE, 6 * RATE, 0);
        double[] microphone = sum(convolved(farEnd, response(2, 400)), noise(4, farEnd.length));
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(Arrays.copyOf(left, RATE)).isEqualTo(Arrays.copyOf(microphone, RATE));
        assertThat(Arrays.copyOfRange(left, 4 * RATE, 6 * RATE))
                .isEqualTo(Arrays.copyOfRange(microphone, 4 * RATE, 6 * RATE));
    }

    /** A long talk of the near end leaves it able to learn. */
    @Test
    void learnsAfterALongSilence() {
        double[] farEnd = noise(1, 64 * RATE);
        Arrays.fill(farEnd, 0, 60 * RATE, 0);
        double[] echo = convolved(farEnd, response(2, 400));
        double[] nearEnd = noise(4, farEnd.length);
        Arrays.fill(nearEnd, 60 * RATE, 64 * RATE, 0);
        double[] left = run(standard(), sum(echo, nearEnd), farEnd)[0];
        assertThat(enhancement(echo, left, 62, 64)).isGreaterThan(20);
    }

    /** With a delay that is found on the way, and a state that is handed on. */
    @Test
    void givesTheSameBitsForAnyCutting() {
        double[] farEnd = noise(1, 2 * RATE);
        double[] microphone = convolved(delayed(farEnd, 1000), response(2, 200));
        microphone[5000] = Double.NaN;
        farEnd[7000] = Double.NaN;
        assertThat(cutGivesTheSameBits(microphone, farEnd)[RATE]).isNotEqualTo(farEnd[RATE]);
    }

    /** The same where it is found on the way that the clocks differ. */
    @ParameterizedTest
    @ValueSource(doubles = {100e-6, -100e-6})
    void givesTheSameBitsForAnyCuttingOfADriftingCall(double share) {
        double[] farEnd = voice(1, 14 * RATE);
        double[] microphone = stretched(convolved(farEnd, response(2, 200)), share, 300);
        microphone[9 * RATE] = Double.NaN;
        farEnd[9 * RATE + 7] = Double.NaN;
        cutGivesTheSameBits(microphone, farEnd);
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(enhancement(microphone, left, 9.1, 13.9)).isGreaterThan(34);
    }

    /** The second channel that comes. */
    private static double[] cutGivesTheSameBits(double[] microphone, double[] farEnd) {
        double[][] whole = run(standard(), microphone, farEnd);
        Random random = new Random(1);
        PreparedTransform prepared = standard().prepare(CALL);
        TransformState state = prepared.start();
        SampleBlock out = new SampleBlock(2);
        for (int n = 0; n < farEnd.length; ) {
            int to = Math.min(farEnd.length, n + 1 + random.nextInt(300));
            double[] part = Arrays.copyOfRange(microphone, n, to);
            double[] other = Arrays.copyOfRange(farEnd, n, to);
            prepared.apply(SampleBlock.of(new double[][] {part, other}), state, out);
            state = new TransformState(state.counters().clone(), state.values().clone());
            prepared = standard().prepare(CALL);
            n = to;
        }
        prepared.finish(state, out);
        assertThat(out.toArrays()[0]).isEqualTo(whole[0]);
        assertThat(out.toArrays()[1]).isEqualTo(whole[1]);
        return whole[1];
    }

    /** What is missing of the far end is missing again where it is delayed to. */
    @Test
    void keepsWhatIsMissing() {
        double[] farEnd = noise(1, 4 * RATE);
        double[] microphone = convolved(delayed(farEnd, 100 * HOP / 4), response(2, 200));
        microphone[3 * RATE] = Double.POSITIVE_INFINITY;
        farEnd[3 * RATE + 100] = Double.NaN;
        double[][] out = run(standard(), microphone, farEnd);
        for (int n = 0; n < 4 * RATE; n++) {
            assertThat(Double.isNaN(out[0][n])).as("sample %d", n).isEqualTo(n == 3 * RATE);
        }
        int delay = 24 * HOP;
        for (int n = 0; n < 4 * RATE; n++) {
            assertThat(Double.isNaN(out[1][n]))
                    .as("sample %d", n)
                    .isEqualTo(n == 3 * RATE + 100 + delay);
        }
        assertThat(enhancement(microphone, out[0], 3.5, 4)).isGreaterThan(25);
    }

    /** A block of which something is missing, though not heard as silence, teaches nothing. */
    @Test
    void learnsNothingFromWhatIsMissing() {
        double[] farEnd = noise(1, 4 * RATE);
        double[] microphone = convolved(farEnd, response(2, 400));
        for (int n = 3 * RATE; n < 3.5 * RATE; n += 50) {
            microphone[n] = Double.NaN;
        }
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(enhancement(microphone, left, 3.51, 3.55)).isGreaterThan(40);
    }

    /** Neither what it gives nor what it has learnt hears of a microphone that is switched off. */
    @Test
    void passesAMutedMicrophone() {
        double[] farEnd = noise(1, 6 * RATE);
        double[] echo = convolved(farEnd, response(2, 400));
        double[] microphone = sum(echo, scaled(0.01 * rms(echo), noise(3, echo.length)));
        Arrays.fill(microphone, 3 * RATE, 5 * RATE, 0);
        double[] left = run(standard(), microphone, farEnd)[0];
        assertThat(Arrays.copyOfRange(left, 3 * RATE, 5 * RATE)).containsOnly(0);
        assertThat(enhancement(microphone, left, 5, 5.2)).isGreaterThan(33);
    }

    @Test
    void worksAtOtherRates() {
        for (int rate : new int[] {16000, 44100, 48000}) {
            StreamShape shape = new StreamShape(CALL.channels(), SampleRate.ofHertz(rate));
            double[] farEnd = noise(1, 4 * rate);
            double[] microphone = convolved(delayed(farEnd, rate / 4), response(2, 400));
            double[] left =
                    SignalChain.whole(
                            new double[][] {microphone, farEnd}, shape, List.of(standard()))[0];
            double heard = power(microphone, 3 * rate, 4 * rate);
            assertThat(10 * Math.log10(heard / power(left, 3 * rate, 4 * rate)))
                    .as("%d Hz", rate)
                    .isGreaterThan(25);
        }
    }

    @Test
    void hasTheLatencyOfABlock() {
        PreparedTransform prepared = standard().prepare(CALL);
        assertThat(prepared.latency()).isEqualTo(HOP - 1);
        assertThat(prepared.groupDelay()).isZero();
        assertThat(prepared.outputShape()).isEqualTo(CALL);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> echo(0, 500, LinearEcho.Reference.ECHO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("linear-echo: tail is 0 ms and block is 8 ms; give times above zero");
        assertThatThrownBy(() -> echo(64, -1, LinearEcho.Reference.ECHO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("linear-echo: max-delay is -1 ms; give zero or above");
        StreamShape three = new StreamShape(List.of("a", "b", "c"), SampleRate.ofHertz(RATE));
        assertThatThrownBy(() -> standard().prepare(three))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "linear-echo: the channels are [a, b, c]; give two, the microphone and the"
                                + " far end");
        StreamShape slow = new StreamShape(CALL.channels(), SampleRate.ofHertz(100));
        assertThatThrownBy(() -> standard().prepare(slow))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("block is 8 ms, which is 1 samples at 100 Hz");
        assertThatThrownBy(() -> echo(60_000, 0, LinearEcho.Reference.ECHO).prepare(CALL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("tail and max-delay are 7500 blocks; at most 1024");
    }

    private static double[] noise(int seed, int length) {
        Random random = new Random(seed);
        double[] noise = new double[length];
        Arrays.setAll(noise, n -> 0.1 * random.nextGaussian());
        return noise;
    }

    /** Noise that falls by 6 dB an octave from 134 Hz on, and swells twice a second. */
    private static double[] voice(int seed, int length) {
        double[] voice = noise(seed, length);
        double share = 1 - Math.exp(-2 * Math.PI * 134 / RATE);
        double last = 0;
        for (int n = 0; n < length; n++) {
            last += share * (voice[n] - last);
            voice[n] = 6 * last * Math.pow(Math.sin(2 * Math.PI * n / RATE), 2);
        }
        return voice;
    }

    /** By how many whole blocks the far end is delayed that came out as of a sample. */
    private static int blocksBehind(double[] out, double[] farEnd, int from, int hop) {
        double[] part = Arrays.copyOfRange(out, from, from + hop);
        int blocks = 0;
        while (!Arrays.equals(
                part, Arrays.copyOfRange(farEnd, from - blocks * hop, from - blocks * hop + hop))) {
            blocks++;
        }
        return blocks;
    }

    /** A response that dies away by 60 dB over its length, with its greatest tap at the start. */
    private static double[] response(int seed, int taps) {
        Random random = new Random(seed);
        double[] response = new double[taps];
        Arrays.setAll(response, n -> 0.1 * random.nextGaussian() * Math.pow(10, -3.0 * n / taps));
        response[0] = 0.5;
        return response;
    }

    private static double[] convolved(double[] signal, double[] response) {
        double[] out = new double[signal.length];
        for (int n = 0; n < out.length; n++) {
            for (int k = 0; k < Math.min(response.length, n + 1); k++) {
                out[n] += response[k] * signal[n - k];
            }
        }
        return out;
    }

    private static double[] delayed(double[] signal, int samples) {
        double[] out = new double[signal.length];
        System.arraycopy(signal, 0, out, samples, signal.length - samples);
        return out;
    }

    /**
     * The signal as a clock reads it that is fast by a share, and late by some samples at first.
     */
    private static double[] stretched(double[] signal, double share, int late) {
        double[] out = new double[signal.length];
        for (int n = late + 32; n < out.length - 64; n++) {
            double place = n * (1 - share) - late;
            int whole = (int) Math.floor(place);
            for (int k = whole - 15; k <= whole + 16; k++) {
                double x = Math.PI * (place - k);
                double window = Math.cos(x / 34);
                double sinc = x == 0 ? 1 : Math.sin(x) / x;
                out[n] += k < 0 ? 0 : signal[k] * sinc * window * window;
            }
        }
        return out;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, n -> a[n] + b[n]);
        return sum;
    }

    private static double[] scaled(double factor, double[] signal) {
        return Arrays.stream(signal).map(value -> factor * value).toArray();
    }

    /** Of noise of a tenth, by what it has to be multiplied to be as strong as a signal. */
    private static double rms(double[] signal) {
        return Math.sqrt(power(signal, 0, signal.length)) / 0.1;
    }

    private static double power(double[] signal, int from, int to) {
        double sum = 0;
        for (int n = from; n < to; n++) {
            sum += signal[n] * signal[n];
        }
        return sum / (to - from);
    }

    /** By how many dB it is less, between two times in seconds. */
    private static double enhancement(double[] before, double[] after, double from, double to) {
        int first = (int) (from * RATE);
        int last = (int) (to * RATE);
        return 10 * Math.log10(power(before, first, last) / power(after, first, last));
    }
}
