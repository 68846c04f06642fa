/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What an {@link Aligner} keeps of one group between two frames. Immutable.
 *
 * @param group the group, and the joined stream
 * @param next the first point of the common clock, counted from the epoch, that is not decided; the
 *     smallest number before any is
 * @param segment the number of the joined stream's current segment, or of the last one while none
 *     is open; -1 before the first
 * @param open whether a segment is open
 * @param origin the point that the joined stream's sequence numbers count from
 * @param counting whether they do already
 * @param first the first point of the segment
 * @param channels its channels
 * @param members how far each member is
 */
public record AlignmentState(
        String group,
        long next,
        int segment,
        boolean open,
        long origin,
        boolean counting,
        long first,
        List<String> channels,
        List<Member> members) {

    /** Before the first frame, or the first of members that were all set back. */
    static AlignmentState before(String group, int members, int lastSegment) {
        return new AlignmentState(
                group,
                Long.MIN_VALUE,
                lastSegment,
                false,
                0,
                false,
                0,
                List.of(),
                Collections.nCopies(members, Member.UNSEEN));
    }

    AlignmentState with(int place, Member member) {
        List<Member> all = new ArrayList<>(members);
        all.set(place, member);
        return with(all);
    }

    AlignmentState with(List<Member> all) {
        return new AlignmentState(
                group, next, segment, open, origin, counting, first, channels, List.copyOf(all));
    }
}
