/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.operators.adaptation.Snapshots.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the guards remember of one stream, as the arrays that it is kept in: a copy of those in
 * {@link FastWeights#memory}, changed while a window is learned from.
 */
final class GuardMemory {
    private static final String GUARD = "guard/";
    private static final String FROZEN = GUARD + "frozen";
    private static final String RESET = GUARD + "reset";
    private static final String CLASSES = GUARD + "classes";
    private static final String SHADOW = GUARD + "shadow";
    private static final String ADAPTED = GUARD + "adapted";
    private static final String SOURCE = GUARD + "source";
    private static final String WINDOWS = GUARD + "windows";
    private static final String GOOD = GUARD + "good";
    private static final String HOLD = GUARD + "hold";
    private static final String DRIFT = GUARD + "drift";
    private static final String SNAPSHOT = GUARD + "snapshot/";
    private static final String DELTA = "/delta/";
    private static final String MEMORY = "/memory/";

    /** Above this a float does not count on. */
    private static final long MOST_COUNTED = 1L << 24;

    private final Map<String, float[]> arrays = new HashMap<>();
    private final Map<String, float[]> ofTheRule = new HashMap<>();

    GuardMemory(FastWeights weights) {
        weights.memory()
                .forEach(
                        (name, values) ->
                                (name.startsWith(GUARD) ? arrays : ofTheRule).put(name, values));
    }

    /** What was learned, without what guards remember. */
    FastWeights without(FastWeights weights) {
        return weights.withMemory(ofTheRule);
    }

    /** With what guards remember now. */
    FastWeights with(FastWeights learned) {
        Map<String, float[]> all = new HashMap<>(learned.memory());
        all.putAll(arrays);
        return learned.withMemory(all);
    }

    boolean isFrozen() {
        return arrays.containsKey(FROZEN);
    }

    void freeze(boolean frozen) {
        if (frozen) {
            arrays.put(FROZEN, new float[0]);
        } else {
            arrays.remove(FROZEN);
        }
    }

    ResetRule.Watch watch() {
        float[] kept = arrays.get(RESET);
        return kept == null
                ? ResetRule.Watch.start()
                : new ResetRule.Watch(
                        new SurpriseGate.Level(kept[0], kept[1]),
                        kept[2],
                        kept[3],
                        (long) kept[4],
                        (int) kept[5]);
    }

    void watch(ResetRule.Watch watch) {
        arrays.put(
                RESET,
                new float[] {
                    (float) watch.level().mean(),
                    (float) watch.level().variance(),
                    (float) watch.fast(),
                    (float) watch.slow(),
                    Math.min(watch.seen(), MOST_COUNTED),
                    watch.holding()
                });
    }

    /** Takes an output into the mean of all, and gives it. */
    double[] classes(CollapseMonitor monitor, double[] classes) {
        return average(CLASSES, monitor, classes);
    }

    /** The same of the outputs that are compared. */
    double[] adapted(CollapseMonitor monitor, double[] classes) {
        return average(ADAPTED, monitor, classes);
    }

    /** The same of the outputs of the bundle's network. */
    double[] source(CollapseMonitor monitor, double[] classes) {
        return average(SOURCE, monitor, classes);
    }

    private double[] average(String name, CollapseMonitor monitor, double[] classes) {
        float[] kept = arrays.get(name);
        double[] before = monitor.start(classes.length);
        for (int i = 0; kept != null && i < before.length; i++) {
            before[i] = kept[i];
        }
        double[] after = monitor.after(before, classes);
        float[] rounded = new float[after.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) after[i];
        }
        arrays.put(name, rounded);
        return after;
    }

    ShadowScore.Tally tally() {
        return ShadowScore.Tally.in(arrays, SHADOW);
    }

    void tally(ShadowScore.Tally tally) {
        tally.putInto(arrays, SHADOW);
    }

    /** Windows since the stream last knew nothing. */
    int windows() {
        return count(WINDOWS);
    }

    void windows(int windows) {
        arrays.put(WINDOWS, new float[] {windows});
    }

    /** Compared windows in a row at which what was learned was good. */
    int good() {
        return count(GOOD);
    }

    void good(int windows) {
        arrays.put(GOOD, new float[] {windows});
    }

    /** Begins to hold still, for so many windows or twice as many as the last time. */
    void hold(int least) {
        float[] kept = arrays.get(HOLD);
        float windows = kept == null ? least : Math.min(2 * kept[1], MOST_COUNTED);
        arrays.put(HOLD, new float[] {windows, windows});
    }

    /** Whether the stream holds still at a window, which is one less to come. */
    boolean holds() {
        float[] kept = arrays.get(HOLD);
        if (kept == null || kept[0] == 0) {
            return false;
        }
        arrays.put(HOLD, new float[] {kept[0] - 1, kept[1]});
        return true;
    }

    /** As if the stream had never gone back. */
    void release() {
        arrays.remove(HOLD);
    }

    /** The highest level of drift that has been told of. */
    int drift() {
        return count(DRIFT);
    }

    void drift(int level) {
        arrays.put(DRIFT, new float[] {level});
    }

    private int count(String name) {
        float[] kept = arrays.get(name);
        return kept == null ? 0 : (int) kept[0];
    }

    /** Begins all watching anew, where the stream is back at an earlier state. */
    void restart() {
        arrays.keySet().removeAll(List.of(CLASSES, SHADOW, ADAPTED, SOURCE, GOOD, DRIFT));
    }

    Snapshots snapshots() {
        List<Snapshot> kept = new ArrayList<>();
        for (int i = 0; arrays.containsKey(SNAPSHOT + i); i++) {
            String prefix = SNAPSHOT + i;
            float[] figures = arrays.get(prefix);
            kept.add(
                    new Snapshot(
                            ExactLongs.read(figures, 0),
                            new FastWeights(
                                    ExactLongs.read(figures, ExactLongs.FLOATS),
                                    below(prefix + DELTA),
                                    below(prefix + MEMORY))));
        }
        return new Snapshots(List.copyOf(kept));
    }

    private Map<String, float[]> below(String prefix) {
        Map<String, float[]> found = new HashMap<>();
        arrays.forEach(
                (name, values) -> {
                    if (name.startsWith(prefix)) {
                        found.put(name.substring(prefix.length()), values);
                    }
                });
        return found;
    }

    void snapshots(Snapshots snapshots) {
        arrays.keySet().removeIf(name -> name.startsWith(SNAPSHOT));
        for (int i = 0; i < snapshots.kept().size(); i++) {
            put(i, snapshots.kept().get(i));
        }
    }

    private void put(int index, Snapshot snapshot) {
        String prefix = SNAPSHOT + index;
        float[] figures = new float[2 * ExactLongs.FLOATS];
        ExactLongs.write(snapshot.timeNanos(), figures, 0);
        ExactLongs.write(snapshot.weights().updates(), figures, ExactLongs.FLOATS);
        arrays.put(prefix, figures);
        snapshot.weights().deltas().forEach((name, v) -> arrays.put(prefix + DELTA + name, v));
        snapshot.weights().memory().forEach((name, v) -> arrays.put(prefix + MEMORY + name, v));
    }

    /**
     * The most bytes that a stream takes, with all that guards remember of it.
     *
     * @param ofTheRule as much as it could know, without windows that wait
     * @param classes of its feedback; 0 if that is of none
     * @param snapshots how many are kept
     */
    static long bytes(FastWeights ofTheRule, int classes, int snapshots) {
        GuardMemory full = new GuardMemory(ofTheRule);
        full.freeze(true);
        full.watch(ResetRule.Watch.start());
        full.tally(ShadowScore.Tally.none());
        full.windows(0);
        full.good(0);
        full.hold(0);
        full.drift(0);
        for (String average : classes > 0 ? List.of(CLASSES, ADAPTED, SOURCE) : List.<String>of()) {
            full.arrays.put(average, new float[classes]);
        }
        long without = full.with(ofTheRule).bytes();
        full.put(snapshots, new Snapshot(0, ofTheRule));
        return without + snapshots * (full.with(ofTheRule).bytes() - without);
    }
}
