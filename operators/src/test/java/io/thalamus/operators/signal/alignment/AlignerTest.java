/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.thalamus.operators.signal.alignment.Alignment.Missing;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlignerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND;
    private static final SampleRate VOICE = SampleRate.ofHertz(16_000);
    private static final SampleRate CD = SampleRate.ofHertz(44_100);
    private static final SampleRate TENTHS = SampleRate.ofHertz(10);
    private static final float N = Float.NaN;

    private final Joined out = new Joined();
    private final List<SignalFrame> arrivals = new ArrayList<>();

    private static Alignment tenths(Missing missing) {
        return new Alignment(
                List.of("mic", "far"),
                TENTHS,
                missing,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }

    /**
     * The error of the interpolation is 3e-5 of the amplitude, that of its stop-band of 90 dB; what
     * comes beside it is that of float32, and of 44.1 kHz counted in whole nanoseconds.
     */
    @ParameterizedTest
    @ValueSource(doubles = {50, 997, 3_000, 7_200})
    void sinesOfOtherRatesAndOffsetsAgreeWithTheirFormula(double hertz) {
        long third = 23_125; // 0.37 samples of 16 kHz
        double phase = 0.7;
        Alignment alignment =
                new Alignment(
                        List.of("cd", "voice", "offset"),
                        VOICE,
                        Missing.SPLIT,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        arrivals.addAll(sine("call.cd", CD, 0, hertz, phase));
        arrivals.addAll(sine("call.voice", VOICE, 0, hertz, 2 * phase));
        arrivals.addAll(sine("call.offset", VOICE, third, hertz, 3 * phase));
        run(alignment, byTime());

        int reach = 90; // 32 samples of 16 kHz are 88.2 of 44.1 kHz
        int points = 0;
        for (SignalFrame frame : out.frames) {
            assertThat(frame.streamId()).isEqualTo("call");
            assertThat(frame.channels()).containsExactly("cd.x", "voice.x", "offset.x");
            assertThat(frame.segment()).isZero();
            for (int n = 0; n < frame.length(); n++) {
                long time = frame.startNanos() + VOICE.nanosOf(n) - START;
                assertThat(Math.floorMod(time, 62_500L)).isZero();
                points++;
                if (frame.sequence() + n < reach || frame.sequence() + n > 8_000 - reach) {
                    continue;
                }
                for (int member = 0; member < 3; member++) {
                    double angle = 2 * Math.PI * hertz * (time / 1e9) + (member + 1) * phase;
                    assertThat((double) frame.sample(member, n))
                            .as("member %d at %d ns", member, time)
                            .isCloseTo(Math.sin(angle), within(3e-5 + 2e-7));
                }
                assertThat(frame.sample(1, n)).isEqualTo(voice(time, hertz, 2 * phase));
            }
        }
        assertThat(points).isEqualTo(7_999); // from the offset's first sample to the others' last
    }

    private static float voice(long time, double hertz, double phase) {
        return (float) Math.sin(2 * Math.PI * hertz * (time / 1e9) + phase);
    }

    private static List<SignalFrame> sine(
            String id, SampleRate rate, long offset, double hertz, double phase) {
        int count = (int) rate.numerator() / 2;
        float[] samples = new float[count];
        for (int n = 0; n < count; n++) {
            double time = n / rate.hertz() + offset / 1e9;
            samples[n] = (float) Math.sin(2 * Math.PI * hertz * time + phase);
        }
        SignalFrame whole =
                new SignalFrame(id, 0, 0, START + offset, rate, List.of("x"), samples, 0);
        List<SignalFrame> frames = new ArrayList<>();
        for (int from = 0; from < count; from += 331) {
            frames.add(whole.slice(from, Math.min(from + 331, count)));
        }
        return frames;
    }

    @Test
    void samplesOnTheClockComeOutAsTheyAreWithoutDelay() {
        Aligner aligner = new Aligner(tenths(Missing.SPLIT));
        AlignmentState state = aligner.before("call");
        state = aligner.take(frame("mic", 0, 0, 1, 2, 3), Long.MAX_VALUE, state, out);
        assertThat(out.frames).isEmpty();
        aligner.take(frame("far", 0, 1, 1e-20f, 1e20f, 7), Long.MAX_VALUE, state, out);
        assertThat(out.frames)
                .singleElement()
                .satisfies(
                        all -> {
                            assertThat(all.channels()).containsExactly("mic.x", "far.x");
                            assertThat(all.samples()).containsExactly(2, 3, 1e-20f, 1e20f);
                            assertThat(all.startNanos()).isEqualTo(START + SECOND / 10);
                            assertThat(all.sequence()).isZero();
                        });
    }

    /** Segment 1 begins where segment 0 ends, as after a change of rate; not a point is missing. */
    @ParameterizedTest
    @CsvSource({"SPLIT, 3", "MARK, 3", "SPLIT, 5", "MARK, 5"})
    void aBreakOfAMemberIsABreakOfTheJoinedStream(Missing missing, int resumes) {
        arrivals.add(frame("mic", 0, 0, 0, 1, 2, 3, 4, 5, 6, 7));
        arrivals.add(frame("far", 0, 0, 10, 11, 12));
        arrivals.add(frame("far", 1, resumes, 20, 21));
        run(tenths(missing), arrivals);

        List<String> segments =
                out.frames.stream()
                        .map(f -> f.segment() + ":" + f.sequence() + "+" + f.length())
                        .toList();
        if (missing == Missing.MARK && resumes == 5) {
            assertThat(segments).containsExactly("0:0+3", "0:3+2", "1:5+2", "1:7+1");
            assertThat(out.frames.get(1).samples()).containsExactly(3, 4, N, N);
            assertThat(Quality.MISSING.in(out.frames.get(1).quality())).isTrue();
        } else if (missing == Missing.MARK) {
            assertThat(segments).containsExactly("0:0+3", "1:3+2", "1:5+3");
        } else {
            assertThat(segments).containsExactly("0:0+3", "1:" + resumes + "+2");
            assertThat(out.frames.get(1).startNanos()).isEqualTo(START + resumes * SECOND / 10);
        }
        assertThat(out.missing).isEqualTo(3);
        assertThat(out.interruptions)
                .containsExactly(
                        "far %s from %d to %d"
                                .formatted(
                                        resumes == 3
                                                ? "goes on with its next segment"
                                                : "is missing",
                                        START + 3 * SECOND / 10,
                                        START + resumes * SECOND / 10));
    }

    @Test
    void aPartnerIsWaitedForUpToTheLimitAndNoFurther() {
        Aligner aligner = new Aligner(tenths(Missing.MARK));
        AlignmentState state = aligner.before("call");
        state = aligner.take(frame("far", 0, 0, 5, 6), Long.MAX_VALUE, state, out);
        // The next of far is due at 0.2 s, and waited for until mic is at more than 2.2 s.
        for (int i = 0; i <= 22; i++) {
            state = aligner.take(frame("mic", 0, i, i), Long.MAX_VALUE, state, out);
        }
        assertThat(out.samples()).hasSize(2);
        state = aligner.take(frame("mic", 0, 23, 23), Long.MAX_VALUE, state, out);
        assertThat(out.samples()).hasSize(3);
        assertThat(out.frames.get(2).samples()).containsExactly(2, N);

        // Of what comes now, the first is late, and the rest a segment of its own.
        state = aligner.take(frame("far", 0, 2, 7, 8, 9), Long.MAX_VALUE, state, out);
        assertThat(out.late).singleElement().isEqualTo(frame("far", 0, 2, 7));
        aligner.finish(state, out);
        assertThat(out.frames.get(3).segment()).isEqualTo(1);
        assertThat(out.frames.get(3).samples()).containsExactly(3, 8);
        assertThat(out.frames.get(4).samples()).containsExactly(4, 9);
        assertThat(out.frames.get(5).samples()).containsExactly(5, N);
        assertThat(out.samples()).hasSize(24);
        assertThat(out.interruptions).hasSize(1); // nothing was 2 s behind where the input ended
    }

    /**
     * What the transport does to one partner is no reason to go on without it; but it is bounded.
     */
    @Test
    void aWatermarkThatLagsBehindIsWaitedForWithinWhatIsHeld() {
        Aligner aligner = new Aligner(tenths(Missing.SPLIT));
        AlignmentState state = aligner.before("call");
        long watermark = START + SECOND;
        int most = 0;
        for (int i = 0; i < 1000; i++) {
            state = aligner.take(frame("mic", 0, i, i), watermark, state, out);
            int held = 0;
            for (Points piece : state.members().get(0).runs().get(0).points()) {
                held += piece.flags().length;
            }
            most = Math.max(most, held);
            if (i == 299) {
                aligner.finish(aligner.take(frame("far", 0, 0, 1), watermark, state, out), out);
                assertThat(out.frames).singleElement();
                assertThat(out.late).isEmpty();
            }
        }
        assertThat(most).isEqualTo(301);
    }

    @Test
    void aMemberThatNeverComesIsToldOfAtTheEnd() {
        for (int i = 0; i < 50; i++) {
            arrivals.add(frame("mic", 0, i, i));
        }
        run(tenths(Missing.MARK), arrivals);
        assertThat(out.frames).isEmpty();
        assertThat(out.missing).isEqualTo(50);
        assertThat(out.interruptions)
                .containsExactly(
                        "far has not come at all from %d to %d"
                                .formatted(START, START + 5 * SECOND));
    }

    @Test
    void aMemberThatStaysAwayIsToldOfAtTheEnd() {
        arrivals.add(frame("far", 0, 0, 7, 7));
        for (int i = 0; i < 50; i++) {
            arrivals.add(frame("mic", 0, i, i));
        }
        run(tenths(Missing.SPLIT), arrivals);
        assertThat(out.samples()).hasSize(2);
        assertThat(out.interruptions)
                .containsExactly(
                        "far is missing from %d to %d"
                                .formatted(START + SECOND / 5, START + 5 * SECOND));
    }

    @Test
    void missingPartnersCanBeAnError() {
        arrivals.add(frame("mic", 0, 0, 0, 1, 2, 3, 4, 5, 6, 7));
        arrivals.add(frame("far", 0, 1, 10, 11, 12));
        run(tenths(Missing.FAIL), arrivals);
        assertThat(out.samples()).hasSize(3); // they begin and end at other times, which is none

        arrivals.add(frame("far", 1, 6, 20, 21));
        assertThatThrownBy(() -> run(tenths(Missing.FAIL), arrivals))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "stream call: far is missing at %d ns; set align.missing to split or mark"
                                + " to go on",
                        START + 4 * SECOND / 10);

        arrivals.set(2, frame("far", 1, 4, 20, 21));
        assertThatThrownBy(() -> run(tenths(Missing.FAIL), arrivals))
                .hasMessageContaining("far begins its next segment at");

        arrivals.set(2, frame("mic", 0, 8, new float[30]));
        assertThatThrownBy(() -> run(tenths(Missing.FAIL), arrivals))
                .hasMessageContaining("far is missing at");
    }

    @Test
    void whereAllClocksAreSetBackTheJoinedStreamBeginsAnew() {
        arrivals.add(frame("mic", 0, 1000, 1, 2));
        arrivals.add(frame("far", 0, 1000, 3, 4));
        arrivals.add(frame("mic", 1, 0, 5)); // may yet be an error of its own
        arrivals.add(frame("far", 1, 1, 7, 8));
        arrivals.add(frame("mic", 1, 1, 6, 7));
        run(tenths(Missing.SPLIT), arrivals);
        assertThat(out.frames)
                .extracting(SignalFrame::segment, SignalFrame::sequence, SignalFrame::startNanos)
                .containsExactly(
                        tuple(0, 0L, START + 100 * SECOND), tuple(1, 0L, START + SECOND / 10));
        assertThat(out.frames.get(1).samples()).containsExactly(6, 7, 7, 8);
        assertThat(out.late).containsExactly(frame("mic", 1, 0, 5));
        assertThat(out.interruptions)
                .containsExactly(
                        "the clocks of all members are set back from %d to %d"
                                .formatted(START + 100 * SECOND + SECOND / 5, START + SECOND / 10));
    }

    @Test
    void whatIsMissingStaysMissingAndSpoilsNothing() {
        float[] holed = new float[200];
        for (int n = 0; n < 200; n++) {
            holed[n] = n == 100 ? N : n == 110 ? Float.POSITIVE_INFINITY : 1;
        }
        Duration minute = Duration.ofMinutes(1);
        SampleRate fifths = SampleRate.ofHertz(5);
        arrivals.add(frame("mic", 0, 0, new float[400]));
        arrivals.add(new SignalFrame("call.far", 0, 0, START + 1, fifths, List.of("x"), holed, 2));
        run(alignment(List.of("mic", "far"), minute, minute), arrivals);
        assertThat(out.samples()).hasSize(398);
        for (SignalFrame frame : out.frames) {
            assertThat(Quality.FILLED.in(frame.quality())).isTrue();
            for (int n = 0; n < frame.length(); n++) {
                long number = frame.sequence() + n; // at 0.1 (number + 1) s
                if (number >= 198 && number <= 201 || number >= 218 && number <= 221) {
                    assertThat(frame.sample(1, n)).as("%d", number).isNaN();
                } else if (number > 64 && number < 334) {
                    assertThat(frame.sample(1, n)).as("%d", number).isCloseTo(1, within(3e-5f));
                }
            }
        }
    }

    @Test
    void saysWhatCannotBeJoined() {
        Aligner aligner = new Aligner(tenths(Missing.SPLIT));
        assertThat(aligner.objectionTo(frame("mic", 0, 0, 1))).isEmpty();
        assertThat(aligner.objectionTo(frame("other", 0, 0, 1)))
                .contains(
                        "stream call.other is no member of a group; the id of one is the group's, a"
                                + " full stop and one of [mic, far]");
        assertThat(aligner.objectionTo(at("a.mic", SampleRate.ofHertz(500_000_000), START)))
                .hasValueSatisfying(why -> assertThat(why).contains("give at least 1/32768"));
        assertThat(aligner.objectionTo(at("a.mic", TENTHS, Long.MAX_VALUE - SECOND / 5)))
                .hasValueSatisfying(why -> assertThat(why).contains("no place on a clock of 10"));
        SampleRate slow = new SampleRate(1, 31);
        assertThat(aligner.objectionTo(at("a.mic", slow, START)))
                .contains(
                        "1 samples at 1/31 Hz span more than align.hold, 30s; hold more, or send"
                                + " shorter frames");
    }

    @Test
    void groupsAndMembersAreNamedByTheStreams() {
        Alignment alignment = tenths(Missing.SPLIT);
        assertThat(alignment.groupOf("room.7.far")).isEqualTo("room.7");
        assertThat(alignment.memberOf("room.7.far")).isOne();
        for (String other : List.of("far", ".far", "room.near", "room.far.")) {
            assertThat(alignment.memberOf(other)).isEqualTo(-1);
            assertThat(alignment.groupOf(other)).isEqualTo(other);
        }
    }

    @Test
    void saysWhatIsWrongWithItsFigures() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> alignment(List.of("a"), second, second))
                .hasMessage("align: the members are [a]; name at least two, each once");
        assertThatThrownBy(() -> alignment(List.of("a", "a"), second, second))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> alignment(List.of("a", "b.c"), second, second))
                .hasMessage(
                        "align: 'b.c' cannot be a member; a name is what comes after the last full"
                                + " stop of a stream's id");
        assertThatThrownBy(() -> alignment(List.of("a", "b"), Duration.ZERO, second))
                .hasMessage(
                        "align: limit is PT0S and hold PT1S; give a limit above 0, and hold at"
                                + " least it");
        assertThatThrownBy(() -> alignment(List.of("a", "b"), second, Duration.ofMillis(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> alignment(List.of("a", "b"), second, Duration.ofDays(30)))
                .hasMessage(
                        "align: PT720H at 10 Hz are more than a century or 16777216 samples; hold"
                                + " less");
    }

    private static Alignment alignment(List<String> members, Duration limit, Duration hold) {
        return new Alignment(members, TENTHS, Missing.SPLIT, limit, hold);
    }

    private void run(Alignment alignment, List<SignalFrame> frames) {
        Aligner aligner = new Aligner(alignment);
        AlignmentState state = aligner.before(alignment.groupOf(frames.get(0).streamId()));
        for (SignalFrame frame : frames) {
            state = aligner.take(frame, Long.MAX_VALUE, state, out);
        }
        aligner.finish(state, out);
    }

    private List<SignalFrame> byTime() {
        return arrivals.stream().sorted(Comparator.comparingLong(SignalFrame::endNanos)).toList();
    }

    /** Samples at the tenths of a second from one on. */
    private static SignalFrame frame(String member, int segment, int from, float... samples) {
        return new SignalFrame(
                "call." + member,
                from,
                segment,
                START + TENTHS.nanosOf(from),
                TENTHS,
                List.of("x"),
                samples,
                0);
    }

    private static SignalFrame at(String id, SampleRate rate, long nanos) {
        return new SignalFrame(id, 0, 0, nanos, rate, List.of("x"), new float[1], 0);
    }
}
