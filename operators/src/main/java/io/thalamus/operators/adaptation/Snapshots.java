/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The last states of a stream that were good, oldest first.
 *
 * @param kept not to be modified
 */
public record Snapshots(List<Snapshot> kept) {
    private static final Snapshots NONE = new Snapshots(List.of());

    /**
     * What a stream knew.
     *
     * @param timeNanos event time, in nanoseconds since the epoch
     * @param weights what it knew then
     */
    public record Snapshot(long timeNanos, FastWeights weights) {}

    public static Snapshots none() {
        return NONE;
    }

    /** These with one more, without the oldest if there would be more than {@code most}. */
    public Snapshots with(Snapshot newest, int most) {
        List<Snapshot> all = new ArrayList<>(kept);
        all.add(newest);
        return new Snapshots(List.copyOf(all.subList(Math.max(0, all.size() - most), all.size())));
    }

    /** Those until a time. */
    public Snapshots notAfter(long timeNanos) {
        return new Snapshots(
                kept.stream().filter(snapshot -> snapshot.timeNanos() <= timeNanos).toList());
    }

    /** The newest. */
    public Optional<Snapshot> last() {
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(kept.size() - 1));
    }

    /** What a stream goes back to: the newest, or nothing learned. */
    public FastWeights rollBack() {
        return last().map(Snapshot::weights).orElse(FastWeights.none());
    }

    /** These without the newest, which has turned out not to be good. */
    public Snapshots withoutLast() {
        return kept.isEmpty() ? this : new Snapshots(List.copyOf(kept.subList(0, kept.size() - 1)));
    }
}
