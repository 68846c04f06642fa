/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import io.thalamus.operators.signal.RecentlyUsed;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.rate.SincInterpolator;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Joins the members of a group by event time. Each member is read at the points of a common clock,
 * the multiples of the joined stream's period since the epoch, by band-limited interpolation
 * ({@link SincInterpolator}); it has the points from the first sample of a segment to its last. The
 * joined stream begins where the last of the members does. Units stay.
 *
 * <p>A joined segment holds samples of one segment of each member: wherever a member's segment
 * begins, the next joined segment begins, and nothing is bridged. Where a member has no samples, it
 * goes by {@link Alignment.Missing}. Sequence numbers count on over the points in between.
 *
 * <p><b>What is waited for.</b> A point is joined once each member has it, or certainly has not. A
 * member that is silent is waited for until the <em>horizon</em> has passed the time of its next
 * sample; then its segment has ended. The horizon is the time of the most advanced member's last
 * sample less the limit; but it is no later than the watermark less the limit, as long as the lead
 * is within what is held. So a lead that only the transport makes is waited out, and what is kept
 * of a member is never more than spans the hold, the reach of the interpolation (32 samples, of the
 * member or of the common clock, whichever are longer) and a frame.
 *
 * <p><b>What is guaranteed.</b> As long as no sample comes that is earlier than the horizon, the
 * joined samples, their numbers, segments and times are a function of the members' own samples and
 * segments: the same bits whatever the frames, the order in which those of different members come,
 * the watermarks, and wherever the state was stored and restored. Only how the joined stream is cut
 * into frames depends on these, and with it to which frames flags are spread. A sample that comes
 * after the horizon has passed it counts as missing, and as late; what does come of its segment
 * later is a segment of its own. Where all members are set back behind what is joined by more than
 * the hold, all that is owed is given, and the joined stream begins anew.
 *
 * <p>Latency: none beyond waiting for the last member if it has the common clock's rate and its
 * samples lie on the points; else the reach of the interpolation.
 *
 * <p>Used by one thread at a time.
 */
public final class Aligner {
    private final Alignment alignment;
    private final Map<SampleRate, PointReader> readers = new RecentlyUsed<>();

    public Aligner(Alignment alignment) {
        this.alignment = alignment;
    }

    /** The state before the first frame of a group. */
    public AlignmentState before(String group) {
        return AlignmentState.before(group, alignment.members().size(), -1);
    }

    /** Why a frame cannot be joined; empty if it can. */
    public Optional<String> objectionTo(SignalFrame frame) {
        if (alignment.memberOf(frame.streamId()) < 0) {
            return Optional.of(
                    ("stream %s is no member of a group; the id of one is the group's, a full stop"
                                    + " and one of %s")
                            .formatted(frame.streamId(), alignment.members()));
        }
        try {
            if (frame.rate().nanosOf(frame.length()) > alignment.hold().toNanos()) {
                return Optional.of(
                        "%d samples at %s span more than align.hold, %s; hold more, or send shorter frames"
                                .formatted(
                                        frame.length(), frame.rate(), Span.of(alignment.hold())));
            }
            reader(frame.rate());
            alignment.rate().nanosOf(alignment.rate().samplesBefore(frame.startNanos()));
            alignment.rate().nanosOf(alignment.rate().samplesBefore(frame.endNanos()) + 1);
            return Optional.empty();
        } catch (InvalidInputException e) {
            return Optional.of(e.getMessage());
        } catch (ArithmeticException e) {
            return Optional.of(
                    String.format(
                            Locale.ROOT,
                            "%d samples at %s from %d ns on have no place on a clock of %s",
                            frame.length(),
                            frame.rate(),
                            frame.startNanos(),
                            alignment.rate()));
        }
    }

    /**
     * Takes a member's next frame, and gives what can then be joined.
     *
     * @param frame one that there is no {@link #objectionTo objection to}; frames of one segment of
     *     a member follow on one another
     * @param watermarkNanos up to which time all streams have come, as far as is known
     * @return the state after the frame
     * @throws InvalidInputException if a member is missing, or interrupted, and that is an error
     */
    public AlignmentState take(
            SignalFrame frame, long watermarkNanos, AlignmentState before, AlignmentOutput out) {
        int place = alignment.memberOf(frame.streamId());
        long last = frame.startNanos() + frame.rate().nanosOf(frame.length() - 1L);
        AlignmentState state = before.with(place, before.members().get(place).seen(last));
        if (isSetBack(state)) {
            finish(before, out);
            out.interrupted(
                    "the clocks of all members are set back",
                    alignment.rate().nanosOf(before.next()),
                    frame.startNanos());
            state =
                    AlignmentState.before(before.group(), before.members().size(), before.segment())
                            .with(place, Member.UNSEEN.seen(last));
        }
        state = state.with(place, taken(frame, state.members().get(place), out));
        long horizon = horizon(state, watermarkNanos);
        long until = Long.MAX_VALUE;
        List<Member> members = new ArrayList<>();
        for (Member member : state.members()) {
            Member waited = waitedFor(member, horizon);
            members.add(waited);
            until = Math.min(until, knownUpTo(waited));
        }
        return new Joining(alignment, state.with(members), out).upTo(until);
    }

    /** Gives what is owed, now that no further frame of the group comes. */
    public void finish(AlignmentState state, AlignmentOutput out) {
        long until = state.next();
        List<Member> members = new ArrayList<>();
        for (Member member : state.members()) {
            Member ended = ended(member);
            members.add(ended);
            for (Run run : ended.runs()) {
                until = Math.max(until, run.nextPoint());
            }
        }
        Joining joining = new Joining(alignment, state.with(members), out);
        joining.upTo(until);
        joining.tellOfThoseMissing();
    }

    /** Whether all members that have come are behind what is joined, by more than is held. */
    private boolean isSetBack(AlignmentState state) {
        if (state.next() == Long.MIN_VALUE) {
            return false;
        }
        long joined = alignment.rate().nanosOf(state.next());
        return newest(state) < alignment.holdBefore(joined);
    }

    private static long newest(AlignmentState state) {
        return state.members().stream().mapToLong(Member::newestNanos).max().orElseThrow();
    }

    private long horizon(AlignmentState state, long watermarkNanos) {
        long newest = newest(state);
        return Math.max(
                alignment.holdBefore(newest),
                alignment.limitBefore(Math.min(newest, watermarkNanos)));
    }

    private Member taken(SignalFrame frame, Member member, AlignmentOutput out) {
        Run open = member.openRun();
        PointReader reader = reader(frame.rate());
        if (open != null && open.goesOnWith(frame)) {
            return member.withOpen(reader.read(open.and(frame)));
        }
        Member ended = ended(member);
        int late = samplesBefore(ended.settledNanos(), frame);
        if (late > 0) {
            out.late(frame.slice(0, late));
        }
        if (late == frame.length()) {
            return ended;
        }
        SignalFrame rest = frame.slice(late, frame.length());
        return ended.and(reader.read(reader.before(rest, ended.count()).and(rest)));
    }

    private static int samplesBefore(long nanos, SignalFrame frame) {
        if (nanos <= frame.startNanos()) {
            return 0;
        }
        long since = nanos - frame.startNanos();
        return since < 0 // longer than a long holds
                ? frame.length()
                : (int) Math.min(frame.rate().samplesBefore(since), frame.length());
    }

    /** The member whose segment, if one may go on, has ended. */
    private Member ended(Member member) {
        Run open = member.openRun();
        return open == null
                ? member
                : member.withOpen(reader(open.shape().rate()).finish(open))
                        .settled(open.lastNanos() + 1);
    }

    /** The member after everything before the horizon has been waited for. */
    private Member waitedFor(Member member, long horizon) {
        Run open = member.openRun();
        boolean goesOn = open != null && open.dueNanos() >= horizon;
        return goesOn ? member : ended(member).settled(horizon);
    }

    /** The first point of which it is not known whether the member has it, or what. */
    private long knownUpTo(Member member) {
        Run open = member.openRun();
        if (open != null) {
            return open.nextPoint();
        }
        return member.settledNanos() == Long.MIN_VALUE
                ? Long.MIN_VALUE
                : alignment.rate().samplesBefore(member.settledNanos());
    }

    private PointReader reader(SampleRate rate) {
        PointReader known = readers.get(rate);
        if (known == null) {
            known = new PointReader(rate, alignment.rate());
            readers.put(rate, known);
        }
        return known;
    }
}
