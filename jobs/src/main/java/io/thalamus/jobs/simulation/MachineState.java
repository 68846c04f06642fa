/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import java.util.Locale;

/** What a made-up machine does, or suffers from. */
public enum MachineState {
    /** It turns slowly, without work. */
    IDLE(12, 0.6, 0.15, 0, 0, 2),
    /** It turns at its working speed, with work. */
    NORMAL(24.8, 1, 0.3, 0, 0, 6),
    /** The same with a mass off its axis. */
    UNBALANCED(24.8, 1, 0.3, 2.2, 0, 6.2),
    /** The same with a damaged outer ring of a bearing. */
    BEARING_FAULT(24.8, 1, 0.3, 0, 3, 6.1),
    /** It is given more work than it can do: slower, rougher, and drawing more current. */
    OVERLOADED(23.2, 1.5, 0.7, 0, 0, 10.5);

    /** Turns a second. */
    final double speed;

    /** How strong the vibration is that every turning machine has. */
    final double vibration;

    /** How strong its noise is. */
    final double roughness;

    /** How strong what goes round once a turn is. */
    final double unbalance;

    /** How hard the balls hit the damage. */
    final double impact;

    /** The current that it draws, in ampere. */
    final double current;

    MachineState(
            double speed,
            double vibration,
            double roughness,
            double unbalance,
            double impact,
            double current) {
        this.speed = speed;
        this.vibration = vibration;
        this.roughness = roughness;
        this.unbalance = unbalance;
        this.impact = impact;
        this.current = current;
    }

    /** The name that labels carry. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
