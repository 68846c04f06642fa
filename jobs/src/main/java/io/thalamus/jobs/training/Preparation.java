/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.jobs.training.Examples.Grid;
import io.thalamus.jobs.training.Split.Part;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.TrainingRecipe;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.operators.signal.amplitude.FillMissing;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network that is to be trained, and what it is to learn from.
 *
 * @param former the bundle that the network goes on from; empty if it begins anew
 * @param bundle what the network's bundle will say of it
 * @param signature what the network takes and gives
 * @param plan how it is trained
 * @param streams standardised
 * @param maker of the examples that are learned from
 */
record Preparation(
        TrainingOptions options,
        Optional<ModelBundle> former,
        ModelBundle bundle,
        ModelSignature signature,
        TrainingPlan plan,
        Map<String, List<Stretch>> streams,
        ExampleMaker maker) {

    /**
     * Prepares recordings for a network.
     *
     * @throws InvalidSettingException if a hyper-parameter that was given is not usable
     * @throws InvalidInputException if the recordings or the other options are not
     */
    static Preparation of(TrainingData data, TrainingOptions options, ModelFactory factory) {
        Classes classes = options.task().isOfClasses() ? Classes.of(data.annotations()) : null;
        List<String> classNames = classes == null ? List.of() : classes.names();
        Optional<ModelBundle> former = Optional.ofNullable(options.from()).map(ModelBundle::open);
        TrainingRecipe recipe =
                factory.recipe(
                        new TrainingTask(
                                options.task().toString(),
                                data.channels(),
                                data.rate(),
                                classNames,
                                List.copyOf(data.streams().keySet()),
                                former));
        TrainingData filled = options.fill() > 0 ? fill(data, options.fill()) : data;
        Scaling scaling = scaling(filled, options, former);
        ObjectNode config = recipe.configuration();
        Hyperparameters.set(config, options.hyperParameters());
        describe(config.putObject("dataset"), filled, scaling);
        ModelBundle bundle = ModelBundle.draft(options.out(), config);
        ModelSignature signature = signature(bundle, factory, options);
        signature
                .objectionToChannels(data.channels())
                .ifPresent(
                        objection -> {
                            throw new InvalidInputException(objection);
                        });
        Map<String, List<Stretch>> streams = new LinkedHashMap<>();
        filled.streams()
                .forEach(
                        (stream, stretches) ->
                                streams.put(
                                        stream, stretches.stream().map(scaling::apply).toList()));
        return new Preparation(
                options,
                former,
                bundle,
                signature,
                TrainingPlan.of(options, recipe),
                streams,
                maker(options, signature, classes, data));
    }

    /** The codes of what a mask model hides are told of signals as the tokenizer's own were. */
    private static Scaling scaling(
            TrainingData data, TrainingOptions options, Optional<ModelBundle> former) {
        return (options.task() == Task.MAE ? former : Optional.<ModelBundle>empty())
                .flatMap(tokenizer -> Scaling.in(tokenizer, data.channels().size()))
                .orElseGet(() -> Scaling.of(data, options.split()));
    }

    private static ModelSignature signature(
            ModelBundle bundle, ModelFactory factory, TrainingOptions options) {
        try {
            return factory.trainingSignature(bundle);
        } catch (InvalidInputException e) {
            throw InvalidSettingException.of(options.hyperParameters(), e);
        }
    }

    private static TrainingData fill(TrainingData data, int limit) {
        Map<String, List<Stretch>> streams = new LinkedHashMap<>();
        data.streams()
                .forEach(
                        (stream, stretches) -> {
                            List<Stretch> filled = new ArrayList<>();
                            stretches.forEach(
                                    stretch ->
                                            filled.add(
                                                    Scaling.apply(
                                                            new FillMissing(limit), stretch)));
                            streams.put(stream, filled);
                        });
        return new TrainingData(data.name(), streams, data.annotations(), data.refused());
    }

    private static void describe(ObjectNode dataset, TrainingData data, Scaling scaling) {
        dataset.put("file", data.name());
        data.channels().forEach(dataset.putArray("columns")::add);
        ObjectNode scaler = dataset.putObject("scaler");
        scaler.put("kind", scaling.kind());
        ArrayNode mean = scaler.putArray("mean");
        ArrayNode deviation = scaler.putArray("std");
        for (int channel = 0; channel < scaling.mean().length; channel++) {
            mean.add(scaling.mean()[channel]);
            deviation.add(scaling.deviation()[channel]);
        }
    }

    private static ExampleMaker maker(
            TrainingOptions options, ModelSignature signature, Classes classes, TrainingData data) {
        int length = signature.windowLength();
        return switch (options.task()) {
            case LONG_TERM_FORECAST, SHORT_TERM_FORECAST ->
                    new ForecastExamples(length, signature.horizon());
            case ANOMALY_DETECTION, VQVAE, MAE -> new ReconstructionExamples(length);
            case IMPUTATION -> new MaskedExamples(length, options.maskRates(), options.seed());
            case CLASSIFICATION -> new LabelledExamples(length, classes);
            case CLS ->
                    TrialExamples.of(
                            length,
                            classes,
                            data.annotations(),
                            data.streams().keySet(),
                            options.seed());
        };
    }

    /** The classes of a classification. */
    List<String> classes() {
        if (maker instanceof TrialExamples trials) {
            return trials.names();
        }
        return maker instanceof LabelledExamples labelled ? labelled.classes().names() : List.of();
    }

    /** The examples of a part. */
    Examples examples(Part part) {
        return examples(part, options.hop(), maker);
    }

    /** The windows of a part with one rate of what is taken out, of an imputation. */
    Examples masked(Part part, double rate) {
        return examples(
                part,
                options.hop(),
                new MaskedExamples(signature.windowLength(), List.of(rate), options.seed()));
    }

    /** The windows of a part, one behind the other, so that each sample is in one of them. */
    Examples adjacent(Part part) {
        return examples(part, signature.windowLength(), maker);
    }

    private Examples examples(Part part, int hop, ExampleMaker of) {
        Grid grid = new Grid(signature.windowLength(), signature.horizon(), hop);
        return Examples.of(part, streams, options.split(), grid, of);
    }
}
