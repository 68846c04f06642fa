/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import io.thalamus.operators.signal.alignment.Alignment.Missing;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Joins the points of which it is known what each member has there. Goes from stretch to stretch in
 * which the members that are there, and their runs, stay the same.
 */
final class Joining {
    private final Alignment alignment;
    private final AlignmentOutput out;
    private final String group;
    private final List<Member> members;

    /** The point that the joined stream begins at; the largest number while it is not known. */
    private final long begin;

    private long next;
    private int segment;
    private boolean open;
    private long origin;
    private boolean counting;
    private long first;
    private List<String> channels;

    Joining(Alignment alignment, AlignmentState state, AlignmentOutput out) {
        this.alignment = alignment;
        this.out = out;
        this.group = state.group();
        this.members = new ArrayList<>(state.members());
        this.begin = members.stream().mapToLong(Member::firstPoint).max().orElseThrow();
        this.next = state.next();
        this.segment = state.segment();
        this.open = state.open();
        this.origin = state.origin();
        this.counting = state.counting();
        this.first = state.first();
        this.channels = state.channels();
    }

    /** Joins the points before one. */
    AlignmentState upTo(long until) {
        Run[] there = new Run[members.size()];
        while (next < until) {
            long end = next < begin ? Math.min(until, begin) : until;
            for (int i = 0; i < there.length; i++) {
                Run run = members.get(i).runFrom(next);
                boolean begun = run != null && run.firstPoint() <= next;
                there[i] = begun ? run : null;
                if (run != null) {
                    long changes = begun ? run.pieceAt(next).end() : run.firstPoint();
                    end = Math.min(end, changes);
                }
            }
            join(there, end);
            next = end;
        }
        members.replaceAll(member -> member.from(next));
        return new AlignmentState(
                group,
                next,
                segment,
                open,
                origin,
                counting,
                first,
                channels,
                List.copyOf(members));
    }

    /** Joins the points up to one, at which the same runs are there. */
    private void join(Run[] there, long end) {
        int present = 0;
        boolean begins = false;
        for (int i = 0; i < there.length; i++) {
            if (there[i] != null) {
                present++;
                begins |= there[i].number() != members.get(i).joinedRun();
                tellIfInterrupted(i, there[i]);
            }
        }
        if (present > 0) {
            out.missing((there.length - present) * (end - next));
        }
        boolean joins =
                next >= begin
                        && (present == there.length
                                || present > 0 && alignment.missing() == Missing.MARK);
        if (open && (begins || !joins)) {
            checkThatItMayEnd(there);
            open = false;
        }
        for (int i = 0; i < there.length; i++) {
            if (there[i] != null) {
                members.set(i, members.get(i).joined(there[i], end));
            }
        }
        if (joins) {
            give(there, end);
        }
    }

    private void tellIfInterrupted(int place, Run run) {
        Member member = members.get(place);
        if (member.joinedRun() < 0 || member.joinedRun() == run.number() || next <= begin) {
            return;
        }
        long since = Math.max(member.joinedEnd(), begin);
        tell(place, since < next ? "is missing" : "goes on with its next segment", since, next);
    }

    /**
     * Tells of the members that are missing where the input ends, as others went on for longer than
     * the limit.
     */
    void tellOfThoseMissing() {
        long end = members.stream().mapToLong(Member::joinedEnd).max().orElseThrow();
        long start = members.stream().mapToLong(Member::firstPoint).min().orElseThrow();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            boolean came = member.count() > 0;
            long since = came ? Math.max(member.joinedEnd(), begin) : start;
            if (since < end && (!came || isLongBehind(since))) {
                tell(i, came ? "is missing" : "has not come at all", since, end);
            }
        }
    }

    private void tell(int place, String what, long since, long until) {
        out.interrupted(
                alignment.members().get(place) + " " + what,
                alignment.rate().nanosOf(since),
                alignment.rate().nanosOf(until));
    }

    /** Whether a point is behind the most advanced member by more than the limit. */
    private boolean isLongBehind(long point) {
        long newest = members.stream().mapToLong(Member::newestNanos).max().orElseThrow();
        return alignment.rate().nanosOf(point) < alignment.limitBefore(newest);
    }

    /** That all members end, some a little later than others, is no error; all else may be one. */
    private void checkThatItMayEnd(Run[] there) {
        if (alignment.missing() != Missing.FAIL) {
            return;
        }
        for (int i = 0; i < there.length; i++) {
            boolean missing = there[i] == null;
            boolean restarts = !missing && there[i].number() != members.get(i).joinedRun();
            if (restarts
                    || missing && (members.get(i).runFrom(next) != null || isLongBehind(next))) {
                throw new InvalidInputException(
                        String.format(
                                Locale.ROOT,
                                "stream %s: %s %s at %d ns; set align.missing to split or mark to"
                                        + " go on",
                                group,
                                alignment.members().get(i),
                                missing ? "is missing" : "begins its next segment",
                                alignment.rate().nanosOf(next)));
            }
        }
    }

    private void give(Run[] there, long end) {
        int flags = 0;
        if (!open) {
            begin();
            flags = segment > 0 ? Quality.RESUMED.bit() : 0;
        }
        int length = (int) (end - next);
        float[] samples = new float[channels.size() * length];
        int at = 0;
        for (int i = 0; i < there.length; i++) {
            int count = members.get(i).channels().size();
            if (there[i] == null) {
                Arrays.fill(samples, at, at + count * length, Float.NaN);
            } else {
                Points points = there[i].pieceAt(next);
                int from = (int) (next - points.first());
                for (int n = 0; n < length; n++) {
                    flags |= points.flags()[from + n];
                    for (int channel = 0; channel < count; channel++) {
                        samples[at + channel * length + n] =
                                points.values()[(from + n) * count + channel];
                    }
                }
            }
            at += count * length;
        }
        out.joined(
                new SignalFrame(
                        group,
                        next - origin,
                        segment,
                        alignment.rate().nanosOf(first) + alignment.rate().nanosOf(next - first),
                        alignment.rate(),
                        channels,
                        samples,
                        Quality.of(samples, flags)));
    }

    /** Begins the next segment. */
    private void begin() {
        segment++;
        open = true;
        first = next;
        if (!counting) {
            counting = true;
            origin = next;
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            for (String channel : members.get(i).channels()) {
                names.add(alignment.channel(i, channel));
            }
        }
        channels = List.copyOf(names);
    }
}
