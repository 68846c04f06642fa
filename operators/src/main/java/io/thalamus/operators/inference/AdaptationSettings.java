/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.Guards;
import io.thalamus.operators.adaptation.Homeostat;
import io.thalamus.operators.adaptation.Leash;
import io.thalamus.operators.signal.detection.FixedThreshold;
import io.thalamus.operators.signal.detection.ThresholdRule;
import io.thalamus.schemas.InvalidInputException;
import java.io.Serializable;
import java.util.Locale;

/**
 * How the streams of a pipeline learn.
 *
 * @param rule what they learn, and from what
 * @param alpha how far running statistics move in a window, above 0 and at most 1; for {@code n}
 *     windows at once {@link Homeostat#alpha(double, int)}
 * @param rate learning rate of gains and offsets, 0 for none
 * @param hebbianRate learning rate of the Hebbian layer, 0 for none
 * @param batch windows of one stream that an update is made of
 * @param guards what keeps learning from doing harm
 * @param weightBudget the most bytes of state that what one stream has learned may take, with what
 *     its guards keep of it
 * @param pendingBudget the most bytes that a stream's windows may take that wait to be learned from
 * @param alarm which scores are too high to be learned from, of networks that give scores
 */
public record AdaptationSettings(
        Rule rule,
        double alpha,
        double rate,
        double hebbianRate,
        int batch,
        Guards guards,
        int weightBudget,
        int pendingBudget,
        ThresholdRule alarm)
        implements Serializable {
    public static final int BUDGET = 256 << 10;

    /** No score is too high. */
    private static final ThresholdRule NO_ALARM = new FixedThreshold(Double.MAX_VALUE);

    /** The same network for all streams: nothing is learned. */
    public static final AdaptationSettings FROZEN =
            new AdaptationSettings(Rule.FROZEN, 1, 0, 0, 1, Guards.FEW, BUDGET, BUDGET);

    private static final double RECONSTRUCTION_ALPHA = 0.02;
    private static final Leash LEASH = Guards.ALL.leash();

    /** What a stream learns. */
    public enum Rule {
        /** Nothing. */
        FROZEN,
        /** Statistics of the first layer's output, which are kept where they were in training. */
        HOMEOSTAT,
        /** Statistics of all normalisation layers. */
        STATISTICS,
        /** Those, and the gains and offsets of these layers by the entropy of the output. */
        TENT,
        /** That, and the weights of the first layer by the soft Hebbian rule. */
        NHL,
        /** As {@link #NHL}, but of gains and offsets those of the first normalisation alone. */
        NHL_FIRST,
        /** How forecasts go wrong, by the errors of those that came due. */
        DELAYED_ERROR,
        /** How large the errors of each channel's reconstruction usually are. */
        ERROR_LEVELS,
        /** How missing values are filled, by the errors at some that were there. */
        RECONSTRUCTION_ERROR;

        /** What {@code adaptation.preset} calls it. */
        public String preset() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public AdaptationSettings {
        if (!(alpha > 0 && alpha <= 1)) {
            throw new InvalidInputException(
                    "alpha is %s; give more than 0 and at most 1, such as 0.003".formatted(alpha));
        }
        if (!(rate >= 0 && rate <= 1) || !(hebbianRate >= 0 && hebbianRate <= 1)) {
            throw new InvalidInputException(
                    "learning rates of %s and %s; give 0 to 1, such as 0.0003"
                            .formatted(rate, hebbianRate));
        }
        if (batch < 1) {
            throw new InvalidInputException(
                    "learning from %d windows at once; give at least 1".formatted(batch));
        }
        if (weightBudget < 0 || pendingBudget < 0) {
            throw new InvalidInputException(
                    "budgets of %d and %d bytes; give at least 0"
                            .formatted(weightBudget, pendingBudget));
        }
    }

    /** Without an alarm. */
    public AdaptationSettings(
            Rule rule,
            double alpha,
            double rate,
            double hebbianRate,
            int batch,
            Guards guards,
            int weightBudget,
            int pendingBudget) {
        this(rule, alpha, rate, hebbianRate, batch, guards, weightBudget, pendingBudget, NO_ALARM);
    }

    /** The homeostat, window by window. */
    public static AdaptationSettings homeostat() {
        return of(Rule.HOMEOSTAT, 0, 0, 1, Guards.FEW);
    }

    /** Running statistics, nothing learned by a gradient. */
    public static AdaptationSettings statistics() {
        return of(Rule.STATISTICS, 0, 0, 16, Guards.FEW);
    }

    /** Entropy minimisation over running statistics. */
    public static AdaptationSettings tent() {
        return of(Rule.TENT, 3e-4, 0, 16, Guards.ALL);
    }

    /** Neuro-modulated Hebbian learning over running statistics. */
    public static AdaptationSettings nhl() {
        return of(Rule.NHL, 3e-4, 1e-2, 16, Guards.ALL);
    }

    /** The same, with the first normalisation alone as the modulator. */
    public static AdaptationSettings nhlFirst() {
        return of(Rule.NHL_FIRST, 3e-4, 1e-2, 16, Guards.ALL);
    }

    /** A correction that follows the errors of every fourth forecast. */
    public static AdaptationSettings delayedError() {
        return of(Rule.DELAYED_ERROR, 0, 0, 4, Guards.NONE.with(LEASH));
    }

    /** Usual errors, over some 50 windows. */
    public static AdaptationSettings errorLevels() {
        return of(Rule.ERROR_LEVELS, 0, 0, 1, Guards.NONE).withAlpha(RECONSTRUCTION_ALPHA);
    }

    /** How far the network is trusted, over some 50 windows. */
    public static AdaptationSettings reconstructionError() {
        return of(Rule.RECONSTRUCTION_ERROR, 0, 0, 1, Guards.NONE.with(LEASH))
                .withAlpha(RECONSTRUCTION_ALPHA);
    }

    private static AdaptationSettings of(
            Rule rule, double rate, double hebbianRate, int batch, Guards guards) {
        return new AdaptationSettings(
                rule, Homeostat.ALPHA, rate, hebbianRate, batch, guards, BUDGET, BUDGET);
    }

    /**
     * Refuses what would not fit the budgets.
     *
     * @param most as much as a stream could know, by the rule alone
     * @param classes that its feedback tells of; 0 if that is of none
     * @throws InvalidInputException if it takes more bytes than {@link #weightBudget}, with what
     *     guards keep of it, or its pending windows more than {@link #pendingBudget}
     */
    public void requireRoomFor(FastWeights most, int classes) {
        long weights = weightBytes(most, classes);
        long pending = (long) most.bytes() - most.withoutPending().bytes();
        if (weights > weightBudget) {
            throw new InvalidInputException(
                    ("what a stream learns and its %d snapshots would take %d bytes, more than the"
                                    + " %d of adaptation.weight-budget; raise it, or keep fewer"
                                    + " snapshots")
                            .formatted(guards.snapshots(), weights, weightBudget));
        }
        if (pending > pendingBudget) {
            throw new InvalidInputException(
                    ("the windows that a stream's learning waits for would take %d bytes, more than"
                                    + " the %d of adaptation.pending-budget; raise it, or learn"
                                    + " from fewer windows at once")
                            .formatted(pending, pendingBudget));
        }
    }

    /**
     * Whether the weights of a network's first layer learn: where they are more than a stream may
     * have, gains and offsets learn alone, if they do.
     *
     * @param most as much as a stream could know whose first layer learns
     * @param classes that its feedback tells of; 0 if that is of none
     */
    public boolean learnsFirstLayer(FastWeights most, int classes) {
        return hebbianRate > 0 && (rate == 0 || weightBytes(most, classes) <= weightBudget);
    }

    /**
     * Whether streams may have weights of their own for the first layer: also where there is no
     * room for them any more, as what they learned when there was is still theirs.
     */
    public boolean mayLearnFirstLayer() {
        return rule == Rule.NHL || rule == Rule.NHL_FIRST;
    }

    /** With what guards keep of it, and with the preset's name, which is stored, too. */
    private long weightBytes(FastWeights most, int classes) {
        int unnamed = FastWeights.none().bytes();
        int named = new BoundWeights(FastWeights.none(), "", rule.preset()).bytes();
        return guards.bytes(most, classes) + named - unnamed;
    }

    /** Whether anything is learned. */
    public boolean adapts() {
        return rule != Rule.FROZEN;
    }

    /** Whether there is an alarm. */
    public boolean hasAlarm() {
        return !alarm.equals(NO_ALARM);
    }

    /** The same with other running statistics. */
    public AdaptationSettings withAlpha(double other) {
        return new AdaptationSettings(
                rule, other, rate, hebbianRate, batch, guards, weightBudget, pendingBudget, alarm);
    }

    /** The same, the first layer learning at another rate. */
    public AdaptationSettings withHebbianRate(double other) {
        return new AdaptationSettings(
                rule, alpha, rate, other, batch, guards, weightBudget, pendingBudget, alarm);
    }

    /** The same with updates of more or fewer windows. */
    public AdaptationSettings withBatch(int windows) {
        return new AdaptationSettings(
                rule,
                alpha,
                rate,
                hebbianRate,
                windows,
                guards,
                weightBudget,
                pendingBudget,
                alarm);
    }

    /** The same within other guards. */
    public AdaptationSettings withGuards(Guards others) {
        return new AdaptationSettings(
                rule, alpha, rate, hebbianRate, batch, others, weightBudget, pendingBudget, alarm);
    }

    /** The same with an alarm. */
    public AdaptationSettings withAlarm(ThresholdRule other) {
        return new AdaptationSettings(
                rule, alpha, rate, hebbianRate, batch, guards, weightBudget, pendingBudget, other);
    }
}
