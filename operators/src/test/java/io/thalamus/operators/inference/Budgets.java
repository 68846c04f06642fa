/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.schemas.InvalidInputException;

/** Settings with other budgets, and what a budget has to be. */
public final class Budgets {
    private Budgets() {}

    /** The same with another {@code weight-budget}. */
    public static AdaptationSettings weights(AdaptationSettings settings, int bytes) {
        return new AdaptationSettings(
                settings.rule(),
                settings.alpha(),
                settings.rate(),
                settings.hebbianRate(),
                settings.batch(),
                settings.guards(),
                bytes,
                settings.pendingBudget(),
                settings.alarm());
    }

    /** The least {@code weight-budget} that a bundle is not refused with. */
    public static int leastWeights(
            ModelFactory factory, ModelBundle bundle, AdaptationSettings settings) {
        int fits = settings.weightBudget();
        int tooSmall = 0;
        while (fits - tooSmall > 1) {
            int middle = (fits + tooSmall) / 2;
            if (fits(factory, bundle, weights(settings, middle))) {
                fits = middle;
            } else {
                tooSmall = middle;
            }
        }
        return fits;
    }

    private static boolean fits(
            ModelFactory factory, ModelBundle bundle, AdaptationSettings settings) {
        try {
            factory.checkAdaptation(bundle, settings);
            return true;
        } catch (InvalidInputException e) {
            assertThat(e).hasMessageContaining("adaptation.weight-budget");
            return false;
        }
    }
}
