/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.adaptation;

import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;

/**
 * What keeps a stream from learning itself into harm. Values that are no numbers teach nothing,
 * whatever the guards.
 *
 * @param leash keeps what is learned near the bundle's weights
 * @param reset goes back to them when the error rises
 * @param collapse goes back to them when one class takes all
 * @param shadow goes back to what was good when the bundle's network does better
 * @param snapshots how many states that were good are kept
 * @param gate whether rules that follow a gradient learn only behind a {@link ShiftGate}
 * @param filter the share of the largest entropy that a classifier's window must be below for its
 *     gradient to be followed; 1 for all windows
 */
public record Guards(
        Leash leash,
        ResetRule reset,
        CollapseMonitor collapse,
        ShadowScore shadow,
        int snapshots,
        boolean gate,
        double filter)
        implements Serializable {

    private static final ShadowScore SHADOW = new ShadowScore(16, 0.05, 1.05, 0.02, 8);

    /** For rules that compare themselves with the bundle's network. */
    public static final Guards NONE =
            new Guards(
                    Leash.NONE, ResetRule.NONE, CollapseMonitor.NONE, SHADOW.every(0), 0, false, 1);

    /** For rules that follow no gradient: the comparison with the bundle's network. */
    public static final Guards FEW =
            new Guards(Leash.NONE, ResetRule.NONE, CollapseMonitor.NONE, SHADOW, 1, false, 1);

    /** All of them. */
    public static final Guards ALL =
            new Guards(
                    new Leash(0.01, 0.5),
                    new ResetRule(new SurpriseGate(0.1, 0.05, 2), 0.2, 0.01, 1.5, 20, 20),
                    new CollapseMonitor(1.0 / 128, 0.5),
                    SHADOW,
                    2,
                    true,
                    1);

    public Guards {
        if (!(filter > 0 && filter <= 1)) {
            throw new InvalidInputException(
                    ("adaptation.entropy-filter is %s; give more than 0 and at most 1, such as 0.4")
                            .formatted(filter));
        }
    }

    /**
     * The most bytes that a stream takes in a checkpoint, without windows that wait.
     *
     * @param ofTheRule as much as it could know, by the rule alone
     * @param classes that its {@link Feedback} tells of; 0 if that is of none
     */
    public long bytes(FastWeights ofTheRule, int classes) {
        return GuardMemory.bytes(ofTheRule.withoutPending(), classes, snapshots);
    }

    /** The same with another leash. */
    public Guards with(Leash other) {
        return new Guards(other, reset, collapse, shadow, snapshots, gate, filter);
    }
}
