/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.operators.adaptation.Snapshots.Snapshot;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Learning within {@link Guards}. What they remember of a stream lies in its {@link
 * FastWeights#memory}, out of the rule's sight.
 *
 * <ul>
 *   <li>What a window was filled up with is no signal: such a window teaches nothing, and shows the
 *       guards nothing.
 *   <li>An output that is no number teaches nothing, and no update is taken that has such values.
 *   <li>Each update is drawn back to the bundle's weights and cut to the leash.
 *   <li>The stream goes back to the bundle's weights when its error rises, or one class takes all.
 *   <li>A share of the windows is inferred by the bundle's network too. If that does better for
 *       long, the stream goes back to what was last found good, and may have to hold still.
 * </ul>
 *
 * <p>A drift is told of when the norm of a difference, as a share of the norm of what it is a
 * difference to, first reaches 1/16, 1/8, 1/4 and so on.
 */
public final class GuardedPlasticity implements AutoCloseable {
    /** Drift below this is not told of. */
    private static final double LEAST_DRIFT = 1.0 / 16;

    private final Plasticity rule;
    private final Guards guards;
    private final ShadowScore shadow;
    private final CollapseMonitor compared;

    public GuardedPlasticity(Plasticity rule, Guards guards) {
        this.rule = rule;
        this.guards = guards;
        this.shadow = rule.shadow(guards.shadow());
        this.compared = new CollapseMonitor(shadow.rate(), 0);
    }

    /**
     * What a stream's next window is to be inferred with, besides what the stream knows: what the
     * rule asks for and, for some windows, the bundle's network.
     */
    public List<FastWeights> probes(FastWeights before, SignalFrame window) {
        GuardMemory memory = new GuardMemory(before);
        if (memory.isFrozen() || isFilledUp(window)) {
            return List.of();
        }
        FastWeights known = memory.without(before);
        List<FastWeights> probes = new ArrayList<>(rule.probes(known, window));
        if (compares(memory, known, window)) {
            probes.add(FastWeights.none());
        }
        return probes;
    }

    private static boolean isFilledUp(SignalFrame window) {
        return Quality.PADDED.in(window.quality());
    }

    private boolean compares(GuardMemory memory, FastWeights known, SignalFrame window) {
        return !known.deltas().isEmpty()
                && shadow.compares(memory.windows() + 1)
                && rule.judge().judges(window);
    }

    /**
     * What the stream knows after a window, a pure function: the same arguments give the same bits.
     *
     * @param before what it knew when the window was inferred
     * @param window the input, as the model was given it
     * @param output what the model made of it
     * @param probed what it made of it with each of the {@link #probes}
     */
    public Lesson learn(
            FastWeights before, SignalFrame window, float[] output, List<float[]> probed) {
        GuardMemory memory = new GuardMemory(before);
        FastWeights known = memory.without(before);
        if (memory.isFrozen() || isFilledUp(window)) {
            return Lesson.nothing(memory.with(rule.heard(known, window, output)));
        }
        boolean compared = compares(memory, known, window);
        int ofTheRule = probed.size() - (compared ? 1 : 0);
        if (!known.deltas().isEmpty()) {
            memory.windows(memory.windows() % Math.max(1, shadow.every()) + 1);
        }
        Optional<Feedback> feedback = rule.judge().of(window, output);
        Optional<Incident> harm =
                feedback.flatMap(seen -> risen(memory, seen))
                        .or(() -> feedback.flatMap(seen -> collapsed(memory, seen)));
        if (harm.isPresent()) {
            return reset(known, memory, harm.get());
        }
        if (!Finite.are(output)) {
            return Lesson.nothing(memory.with(known));
        }
        if (compared) {
            Feedback source = rule.judge().feedback(window, probed.get(ofTheRule));
            if (isWorse(memory, feedback.get(), source)) {
                if (shadow.hold() > 0) {
                    memory.hold(shadow.hold());
                }
                return rollBack(memory, "the bundle's network does better", Long.MAX_VALUE);
            }
            keepIfGood(memory, known, window.endNanos());
        }
        if (memory.holds()) {
            return Lesson.nothing(memory.with(known));
        }
        Lesson lesson = rule.learn(known, window, output, probed.subList(0, ofTheRule));
        FastWeights after = lesson.after();
        boolean isUpdate = after.updates() != known.updates();
        if (isUpdate && !after.isFinite()) {
            return Lesson.nothing(memory.with(known));
        }
        if (after.deltas().isEmpty() && !known.deltas().isEmpty()) {
            // The rule has gone back to the bundle: what was good before is of what it left.
            memory.restart();
            memory.snapshots(Snapshots.none());
            memory.release();
        }
        List<Incident> incidents = new ArrayList<>(lesson.incidents());
        if (isUpdate) {
            after = held(after);
            drift(memory, drift(after)).ifPresent(incidents::add);
        }
        return new Lesson(memory.with(after), incidents, lesson.gate());
    }

    private Optional<Incident> risen(GuardMemory memory, Feedback feedback) {
        if (Double.isInfinite(guards.reset().ratio())) {
            return Optional.empty();
        }
        ResetRule.Verdict verdict = guards.reset().judge(memory.watch(), feedback.error());
        memory.watch(verdict.after());
        return verdict.reset()
                ? Optional.of(Incident.reset("the error has risen", feedback.error()))
                : Optional.empty();
    }

    private Optional<Incident> collapsed(GuardMemory memory, Feedback feedback) {
        if (!feedback.isOfClasses() || !Double.isFinite(feedback.error())) {
            return Optional.empty();
        }
        double[] average = memory.classes(guards.collapse(), feedback.classes());
        return guards.collapse().collapsed(average)
                ? Optional.of(Incident.reset("one class takes all", largest(average)))
                : Optional.empty();
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        return largest;
    }

    /** Back at the bundle's weights, which is only told of if the stream was not there. */
    private static Lesson reset(FastWeights known, GuardMemory memory, Incident incident) {
        memory.restart();
        memory.snapshots(Snapshots.none());
        return new Lesson(
                memory.with(FastWeights.none()),
                known.deltas().isEmpty() ? List.of() : List.of(incident),
                0);
    }

    private boolean isWorse(GuardMemory memory, Feedback adapted, Feedback source) {
        double adaptedError = adapted.error();
        double sourceError = source.error();
        if (!Double.isFinite(sourceError)) {
            return false;
        }
        if (adapted.isOfClasses()) {
            adaptedError = adapted.amidst(memory.adapted(compared, adapted.classes()));
            sourceError = source.amidst(memory.source(compared, source.classes()));
        }
        ShadowScore.Tally tally = shadow.after(memory.tally(), adaptedError, sourceError);
        memory.tally(tally);
        memory.good(tally.isGood() ? memory.good() + 1 : 0);
        return shadow.rollsBack(tally);
    }

    /** Keeps what has been good for as long as it would take to be found bad. */
    private void keepIfGood(GuardMemory memory, FastWeights known, long timeNanos) {
        if (guards.snapshots() > 0 && memory.good() >= shadow.patience()) {
            memory.good(0);
            memory.snapshots(
                    memory.snapshots()
                            .with(
                                    new Snapshot(timeNanos, known.withoutPending()),
                                    guards.snapshots()));
        }
    }

    private static Lesson rollBack(GuardMemory memory, String reason, long notAfterNanos) {
        Snapshots snapshots = memory.snapshots().notAfter(notAfterNanos);
        ShadowScore.Tally tally = memory.tally();
        memory.restart();
        // If it turns out that this one was not good either, the one before it is next.
        memory.snapshots(snapshots.withoutLast());
        return new Lesson(
                memory.with(snapshots.rollBack()),
                List.of(
                        new Incident(
                                Incident.Kind.ROLL_BACK, reason, tally.adapted() - tally.source())),
                0);
    }

    /** What a command makes of what a stream knows. */
    public Lesson freeze(FastWeights before, boolean frozen) {
        GuardMemory memory = new GuardMemory(before);
        memory.freeze(frozen);
        return new Lesson(
                memory.with(memory.without(before)),
                List.of(
                        new Incident(
                                frozen ? Incident.Kind.FREEZE : Incident.Kind.UNFREEZE,
                                "command",
                                drift(before))),
                0);
    }

    /** Back at the bundle's weights, by command. */
    public Lesson reset(FastWeights before) {
        GuardMemory memory = new GuardMemory(before);
        memory.restart();
        memory.snapshots(Snapshots.none());
        memory.release();
        return new Lesson(
                memory.with(FastWeights.none()),
                List.of(Incident.reset("command", drift(before))),
                0);
    }

    /**
     * At the bundle's weights, where all this was learned otherwise than the stream learns now. A
     * frozen stream stays frozen.
     *
     * @param how it was learned, in words
     */
    public static Lesson startAfresh(FastWeights before, String how) {
        GuardMemory memory = new GuardMemory(FastWeights.none());
        memory.freeze(new GuardMemory(before).isFrozen());
        return new Lesson(
                memory.with(FastWeights.none()),
                before.deltas().isEmpty()
                        ? List.of()
                        : List.of(Incident.reset(how, before.updates())),
                0);
    }

    /**
     * Back at what was good, by command.
     *
     * @param notAfterNanos the newest of the states that were kept until then; the bundle's weights
     *     if there is none
     */
    public Lesson rollBack(FastWeights before, long notAfterNanos) {
        return rollBack(new GuardMemory(before), "command", notAfterNanos);
    }

    private FastWeights held(FastWeights weights) {
        Map<String, float[]> source = rule.source();
        Map<String, float[]> held = new HashMap<>();
        weights.deltas()
                .forEach(
                        (name, delta) -> {
                            float[] copy = delta.clone();
                            if (source.containsKey(name)) {
                                guards.leash().pull(copy);
                                guards.leash().cap(copy, source.get(name));
                            }
                            held.put(name, copy);
                        });
        return new FastWeights(weights.updates(), held, weights.memory());
    }

    /**
     * How far what is learned is from the bundle's weights: the largest norm of a difference over
     * the norm of what it is a difference to.
     */
    public double drift(FastWeights weights) {
        double largest = 0;
        for (Map.Entry<String, float[]> delta : weights.deltas().entrySet()) {
            float[] source = rule.source().get(delta.getKey());
            if (source != null) {
                largest = Math.max(largest, Leash.norm(delta.getValue()) / Leash.norm(source));
            }
        }
        return largest;
    }

    private static Optional<Incident> drift(GuardMemory memory, double drift) {
        int level = 0;
        for (double step = LEAST_DRIFT; drift >= step && level < 30; step *= 2) {
            level++;
        }
        if (level <= memory.drift()) {
            return Optional.empty();
        }
        memory.drift(level);
        return Optional.of(
                new Incident(Incident.Kind.DRIFT, "far from the bundle's weights", drift));
    }

    @Override
    public void close() {
        rule.close();
    }
}
