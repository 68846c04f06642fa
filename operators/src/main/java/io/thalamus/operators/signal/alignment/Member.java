/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import java.util.ArrayList;
import java.util.List;

/**
 * How far one member is. Immutable.
 *
 * @param runs those that are not joined completely, in their order; only the last may be open
 * @param count how many runs have begun
 * @param firstPoint the first point of the first one; the largest number if none has begun
 * @param channels the channels of the last run that has been joined; until one was, of the first
 * @param settledNanos before this time no run can begin
 * @param newestNanos the time of the last sample that came, in whatever run; the smallest number if
 *     none has come
 * @param joinedRun the last run of which points have been joined, or passed over; -1 if none
 * @param joinedEnd the point after the last of those
 */
public record Member(
        List<Run> runs,
        int count,
        long firstPoint,
        List<String> channels,
        long settledNanos,
        long newestNanos,
        int joinedRun,
        long joinedEnd) {

    /** Before its first sample. */
    static final Member UNSEEN =
            new Member(
                    List.of(),
                    0,
                    Long.MAX_VALUE,
                    List.of(),
                    Long.MIN_VALUE,
                    Long.MIN_VALUE,
                    -1,
                    Long.MIN_VALUE);

    /** The run that may go on; null if there is none. */
    Run openRun() {
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        return last != null && last.open() ? last : null;
    }

    /** With another run in place of the open one. */
    Member withOpen(Run run) {
        List<Run> all = new ArrayList<>(runs);
        all.set(all.size() - 1, run);
        return with(all, settledNanos);
    }

    /** With a further run, which the others are over before. */
    Member and(Run run) {
        List<Run> all = new ArrayList<>(runs);
        all.add(run);
        return new Member(
                List.copyOf(all),
                count + 1,
                count == 0 ? run.firstPoint() : firstPoint,
                count == 0 ? run.shape().channels() : channels,
                settledNanos,
                newestNanos,
                joinedRun,
                joinedEnd);
    }

    Member settled(long nanos) {
        return with(runs, Math.max(settledNanos, nanos));
    }

    Member seen(long nanos) {
        return new Member(
                runs, count, firstPoint, channels, settledNanos, nanos, joinedRun, joinedEnd);
    }

    /** After points of a run have been joined, up to one. */
    Member joined(Run run, long end) {
        return new Member(
                runs,
                count,
                firstPoint,
                run.shape().channels(),
                settledNanos,
                newestNanos,
                run.number(),
                end);
    }

    /** Without what lies before a point. */
    Member from(long point) {
        List<Run> left = new ArrayList<>();
        for (Run run : runs) {
            if (!run.isOver(point)) {
                left.add(run.from(point));
            }
        }
        return with(left, settledNanos);
    }

    /** The first of its runs that are not over before a point; null if there is none. */
    Run runFrom(long point) {
        for (Run run : runs) {
            if (!run.isOver(point)) {
                return run;
            }
        }
        return null;
    }

    private Member with(List<Run> which, long settled) {
        return new Member(
                List.copyOf(which),
                count,
                firstPoint,
                channels,
                settled,
                newestNanos,
                joinedRun,
                joinedEnd);
    }
}
