/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.AdaptationSettings.Rule;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingRecipe;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.InvalidInputException;
import java.util.Locale;
import java.util.Optional;

/** Opens bundles whose {@code architecture} is {@code timesnet}. */
public final class TimesNetFactory implements ModelFactory {
    /** The reference's. */
    private static final double DROPOUT = 0.1;

    @Override
    public String architecture() {
        return "timesnet";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return signature(bundle, TimesNetConfig.of(bundle.config()));
    }

    private static ModelSignature signature(ModelBundle bundle, TimesNetConfig config) {
        return new ModelSignature(
                bundle.name(),
                config.channels(),
                bundle.channelNames(),
                config.inputLength(),
                config.horizon(),
                /* acceptsMissing= */ config.task() == TimesNetConfig.Task.IMPUTATION,
                /* carriesState= */ false,
                config.task().result());
    }

    @Override
    public void check(ModelBundle bundle) {
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        signature(bundle, config);
        TimesNetWeights.load(bundle, config);
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        TimesNetWeights weights = TimesNetWeights.load(bundle, config);
        return new TimesNet(
                signature(bundle, config),
                config,
                new Network(config, weights, engine, Trace.off()));
    }

    @Override
    public void checkAdaptation(ModelBundle bundle, AdaptationSettings settings) {
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        Rule rule = ruleFor(bundle, config.task());
        if (settings.rule() != rule) {
            throw new InvalidInputException(
                    "%s: networks of the architecture %s for %s learn by %s alone; give that"
                            .formatted(
                                    bundle.folder(),
                                    architecture(),
                                    config.task().name().toLowerCase(Locale.ROOT),
                                    rule.preset()));
        }
        if (rule == Rule.RECONSTRUCTION_ERROR) {
            settings.requireRoomFor(ReconstructionErrorLearning.most(config), /* classes= */ 0);
        }
        if (rule == Rule.DELAYED_ERROR) {
            settings.requireRoomFor(DelayedErrorLearning.most(config, settings), /* classes= */ 0);
            requireRoomForForecast(bundle, config, settings);
        }
    }

    private static Rule ruleFor(ModelBundle bundle, TimesNetConfig.Task task) {
        return switch (task) {
            case LONG_TERM_FORECAST, SHORT_TERM_FORECAST -> Rule.DELAYED_ERROR;
            case ANOMALY_DETECTION -> Rule.ERROR_LEVELS;
            case IMPUTATION -> Rule.RECONSTRUCTION_ERROR;
            case CLASSIFICATION ->
                    throw new InvalidInputException(
                            "%s classifies, and its streams have no errors to learn from; remove"
                                            .formatted(bundle.folder())
                                    + " adaptation");
        };
    }

    private static void requireRoomForForecast(
            ModelBundle bundle, TimesNetConfig config, AdaptationSettings settings) {
        long least = DelayedErrorLearning.pending(config, settings).least(config.channels());
        if (settings.pendingBudget() < least) {
            throw new InvalidInputException(
                    "%s: a forecast that is pending takes %d bytes, and the budget is %d; give more"
                            .formatted(bundle.folder(), least, settings.pendingBudget()));
        }
    }

    @Override
    public Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        checkAdaptation(bundle, settings);
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        if (settings.rule() == Rule.ERROR_LEVELS) {
            return new ErrorLevelLearning(config, settings);
        }
        TimesNetWeights weights = TimesNetWeights.load(bundle, config);
        if (settings.rule() == Rule.DELAYED_ERROR) {
            return new DelayedErrorLearning(config, weights, engine, settings);
        }
        return new ReconstructionErrorLearning(
                config,
                new Network(config, weights, engine, Trace.off()),
                new Modulator(config, weights),
                settings.rate() > 0 ? new ModulatorGradient(config, weights, engine) : null,
                settings);
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        TimesNetConfig config = TimesNetConfig.of(bundle.config());
        TimesNetWeights weights = TimesNetWeights.load(bundle, config);
        return new TimesNetCases(config, weights, engine);
    }

    @Override
    public TrainableModel train(
            ModelBundle draft, Optional<ModelBundle> former, GraphEngine engine, long seed) {
        BundleConfig config = draft.config();
        if (former.isPresent()) {
            throw new InvalidInputException(
                    "a timesnet begins with random weights; leave --from out");
        }
        double dropout = config.number("dropout", DROPOUT);
        if (dropout < 0 || dropout >= 1) {
            throw config.wrong("dropout", "at least 0 and less than 1");
        }
        return new TrainableTimesNet(TimesNetConfig.of(config), dropout, engine, seed);
    }

    @Override
    public TrainingRecipe recipe(TrainingTask task) {
        return TimesNetRecipes.of(task);
    }
}
