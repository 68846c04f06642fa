/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * How streams are joined on one clock. A stream with the id {@code <group>.<member>} is that member
 * of that group, where {@code member} is what comes after the last full stop; {@code call.7.mic} is
 * {@code mic} of the group {@code call.7}. What the members of a group are joined into is the
 * stream {@code <group>}, whose channels are those of the members, one member after the other,
 * named {@code <member>.<channel>}.
 *
 * @param members the members' names, in the order that their channels have in the joined stream
 * @param rate the sample rate of the joined stream, whose samples are at the multiples of its
 *     period since the epoch
 * @param missing what is done where a member has no samples
 * @param limit how much later than another member's a sample may come, in event time
 * @param hold up to which lead, in event time, a member's samples are kept for a member that is
 *     behind; at least the limit
 */
public record Alignment(
        List<String> members, SampleRate rate, Missing missing, Duration limit, Duration hold)
        implements Serializable {
    private static final char SEPARATOR = '.';

    private static final long USUAL_POINTS = 1 << 20;

    private static final long LONGEST_SECONDS = 36_500L * 86_400;

    /** Most samples of a channel that may have to be kept. */
    private static final long MOST_POINTS = 1 << 24;

    /** What is done where a member has no samples and another has. */
    public enum Missing {
        /** The joined segment ends; the next begins where all members are there again. */
        SPLIT,
        /** The joined segment goes on, in which the channels of the missing member are NaN. */
        MARK,
        /** It is an error, as is any other end of a joined segment before the input's. */
        FAIL
    }

    public Alignment {
        members = List.copyOf(members);
        if (members.size() < 2 || new HashSet<>(members).size() < members.size()) {
            throw new InvalidInputException(
                    "align: the members are %s; name at least two, each once".formatted(members));
        }
        for (String member : members) {
            if (member.isEmpty() || member.indexOf(SEPARATOR) >= 0) {
                throw new InvalidInputException(
                        ("align: '%s' cannot be a member; a name is what comes after the last full"
                                        + " stop of a stream's id")
                                .formatted(member));
            }
        }
        if (limit.isNegative() || limit.isZero() || hold.compareTo(limit) < 0) {
            throw new InvalidInputException(
                    "align: limit is %s and hold %s; give a limit above 0, and hold at least it"
                            .formatted(limit, hold));
        }
        if (hold.getSeconds() > LONGEST_SECONDS || hold.getSeconds() * rate.hertz() > MOST_POINTS) {
            throw new InvalidInputException(
                    "align: %s at %s are more than a century or %d samples; hold less"
                            .formatted(hold, rate, MOST_POINTS));
        }
    }

    /**
     * What to hold where nothing else is known, a million samples, which take some megabytes, and
     * at least the limit.
     */
    public static Duration usualHold(SampleRate rate, Duration limit) {
        double seconds = Math.min(USUAL_POINTS / rate.hertz(), LONGEST_SECONDS);
        Duration usual = Duration.ofMillis((long) (seconds * 1000));
        return limit.compareTo(usual) > 0 ? limit : usual;
    }

    /** The place of a stream among the members; -1 if it is none. */
    public int memberOf(String streamId) {
        int separator = streamId.lastIndexOf(SEPARATOR);
        return separator <= 0 ? -1 : members.indexOf(streamId.substring(separator + 1));
    }

    /** The group that a stream is a member of; the stream itself if it is a member of none. */
    public String groupOf(String streamId) {
        return memberOf(streamId) < 0
                ? streamId
                : streamId.substring(0, streamId.lastIndexOf(SEPARATOR));
    }

    /** The name that a member's channel has in the joined stream. */
    public String channel(int member, String channel) {
        return members.get(member) + SEPARATOR + channel;
    }

    /** The time that is earlier than another by the limit, or the earliest there is. */
    long limitBefore(long nanos) {
        return before(nanos, limit);
    }

    /** The time that is earlier than another by the hold, or the earliest there is. */
    long holdBefore(long nanos) {
        return before(nanos, hold);
    }

    private static long before(long nanos, Duration duration) {
        long by = duration.toNanos();
        return nanos < Long.MIN_VALUE + by ? Long.MIN_VALUE : nanos - by;
    }
}
