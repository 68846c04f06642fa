/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.schemas.ControlCommand;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The bundles that take over from the pipeline's own at some time: which is in force follows from
 * the time alone. A bundle is opened when a window needs it first.
 *
 * <p>A swap is of the bundle that the pipeline named when the command was checked. A restart with
 * another makes it void.
 */
final class Swaps implements AutoCloseable {
    /** Of swaps at one time the last is in force. */
    private static final Comparator<CheckedCommand> ORDER =
            Comparator.comparing(CheckedCommand::command, CommandLog.ORDER);

    /** Opens what a swap names. */
    @FunctionalInterface
    interface Opener {
        OpenModel open(CheckedCommand swap) throws Exception;
    }

    private final OpenModel own;
    private final Opener opener;
    private final NavigableMap<Long, CheckedCommand> byTime = new TreeMap<>();

    /** By digest; that which was needed last comes last. */
    private final Map<String, OpenModel> open =
            new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);

    /**
     * @param own the pipeline's own model, which is not closed here
     */
    Swaps(OpenModel own, Opener opener) {
        this.own = own;
        this.opener = opener;
    }

    /**
     * Takes a swap in.
     *
     * @return the one that is of no use any more: this, or another that was taken in
     */
    Optional<ControlCommand> add(CheckedCommand swap) {
        long time = swap.command().effectiveNanos();
        CheckedCommand there = byTime.get(time);
        if (!swap.replaced().equals(own.digest())
                || there != null && ORDER.compare(there, swap) > 0) {
            return Optional.of(swap.command());
        }
        byTime.put(time, swap);
        if (there == null && byTime.size() > CommandLog.MOST) {
            there = byTime.pollFirstEntry().getValue();
        }
        return Optional.ofNullable(there).map(CheckedCommand::command);
    }

    /** The model for windows that end at a time. */
    OpenModel at(long nanos) throws Exception {
        if (byTime.isEmpty()) {
            return own;
        }
        Map.Entry<Long, CheckedCommand> inForce = byTime.floorEntry(nanos);
        if (inForce == null || inForce.getValue().bundle().equals(own.digest())) {
            return own;
        }
        CheckedCommand swap = inForce.getValue();
        OpenModel model = open.get(swap.bundle());
        if (model == null) {
            model = opener.open(swap);
            open.put(swap.bundle(), model);
        }
        return model;
    }

    /**
     * Closes what windows from a time on do not need, but for the one that was needed last, as
     * streams lag behind. A window of before that opens what is closed again.
     */
    void closeBefore(long nanos) {
        if (open.isEmpty()) {
            return;
        }
        Long inForce = byTime.floorKey(nanos);
        Set<String> needed =
                (inForce == null ? byTime : byTime.tailMap(inForce, true))
                        .values().stream()
                                .map(CheckedCommand::bundle)
                                .collect(Collectors.toUnmodifiableSet());
        List<String> former =
                open.keySet().stream().filter(bundle -> !needed.contains(bundle)).toList();
        for (String bundle : former.subList(0, Math.max(0, former.size() - 1))) {
            open.remove(bundle).close();
        }
    }

    @Override
    public void close() {
        open.values().forEach(OpenModel::close);
    }
}
