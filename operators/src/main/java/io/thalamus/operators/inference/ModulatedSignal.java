/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.adaptation.ChannelStatistics;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.FeedbackLearning;
import io.thalamus.operators.adaptation.HomeostaticLearning;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.PlasticLayer;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.adaptation.ShiftGate;
import io.thalamus.operators.adaptation.SurprisedLayer;
import io.thalamus.schemas.InvalidInputException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The output of a network's first layer, behind which each stream has a gain and an offset for each
 * channel. What the network makes of a window ends with its statistics, as they are before gain and
 * offset: the means of all channels, then their variances.
 *
 * @param name what {@link ModelBundle#SOURCE_STATISTICS} calls it
 * @param channels how many
 * @param complex whether they are
 * @param judge of the network's windows
 */
public record ModulatedSignal(String name, int channels, boolean complex, Judge judge) {

    /**
     * Its statistics in training, if the bundle has them.
     *
     * @throws InvalidInputException if they are of another layer
     */
    public Optional<ChannelStatistics> source(ModelBundle bundle) {
        return bundle.sourceStatistics()
                .map(
                        stored ->
                                new ChannelStatistics(
                                        statistic(bundle, stored, meanName()),
                                        statistic(bundle, stored, varianceName())));
    }

    /**
     * What models of a bundle put in by what streams have learned; nothing if it lacks the
     * statistics.
     *
     * @param settings how they learn, if they do
     * @param kernel the first layer's weights, for rules that learn these
     */
    public StreamModulator modulator(
            ModelBundle bundle, AdaptationSettings settings, Supplier<StreamKernel> kernel) {
        Optional<ChannelStatistics> training = source(bundle);
        if (training.isEmpty()) {
            return StreamModulator.none();
        }
        Optional<StreamKernel> own =
                settings.mayLearnFirstLayer() ? Optional.of(kernel.get()) : Optional.empty();
        return StreamModulator.of(training.get(), complex, own);
    }

    /** The same where nothing is known yet, to measure the statistics by. */
    public StreamModulator measuring() {
        float[] unknown = new float[channels];
        return StreamModulator.of(
                new ChannelStatistics(unknown, unknown), complex, Optional.empty());
    }

    private float[] statistic(ModelBundle bundle, Safetensors stored, String tensor) {
        float[] values = stored.tensor(tensor).data();
        if (values.length != channels) {
            throw new InvalidInputException(
                    "%s: %s of %s has %d values where the first layer has %d channels"
                            .formatted(
                                    bundle.folder(),
                                    tensor,
                                    ModelBundle.SOURCE_STATISTICS,
                                    values.length,
                                    channels));
        }
        return values;
    }

    /** What the file of the training's statistics calls the means. */
    public String meanName() {
        return name + ".mean";
    }

    /** What it calls the variances. */
    public String varianceName() {
        return name + ".var";
    }

    /**
     * Learning by the homeostat.
     *
     * @throws InvalidInputException if the bundle does not tell the statistics of the training, or
     *     what a stream learns does not fit its budget
     */
    public HomeostaticLearning homeostat(ModelBundle bundle, AdaptationSettings settings) {
        var learning = new HomeostaticLearning(training(bundle), settings.alpha(), judge);
        settings.requireRoomFor(learning.most(), judge.classes());
        return learning;
    }

    private ChannelStatistics training(ModelBundle bundle) {
        return source(bundle)
                .orElseThrow(
                        () ->
                                new InvalidInputException(
                                        "%s has no %s; make it with thalamus calibrate"
                                                .formatted(
                                                        bundle.folder(),
                                                        ModelBundle.SOURCE_STATISTICS)));
    }

    /**
     * Learning by the homeostat or, where windows show an error, by that and the Hebbian rule, of a
     * network whose streams learn by nothing else.
     *
     * @param layer the first one
     * @throws InvalidInputException as {@link #homeostat}
     */
    public Plasticity plasticity(
            ModelBundle bundle, AdaptationSettings settings, Supplier<PlasticLayer> layer) {
        return switch (settings.rule()) {
            case HOMEOSTAT -> homeostat(bundle, settings);
            case NHL -> neuromodulated(bundle, settings, layer.get());
            default ->
                    throw new InvalidInputException(
                            "%s: networks of its architecture learn by homeostat or nhl; give one"
                                    .formatted(bundle.folder()));
        };
    }

    private Plasticity neuromodulated(
            ModelBundle bundle, AdaptationSettings settings, PlasticLayer layer) {
        if (settings.guards().filter() < 1) {
            throw new InvalidInputException(
                    ("%s: its streams learn window by window, which adaptation.entropy-filter is"
                                    + " not for; remove that")
                            .formatted(bundle.folder()));
        }
        ChannelStatistics training = training(bundle);
        var whole =
                feedbackLearning(
                        settings, Optional.of(new SurprisedLayer(layer, settings.hebbianRate())));
        FeedbackLearning rule =
                settings.learnsFirstLayer(most(whole), judge.classes())
                        ? whole
                        : feedbackLearning(settings, Optional.empty());
        settings.requireRoomFor(most(rule), judge.classes());
        return settings.guards().gate() ? new ShiftGate(rule, training, settings.alpha()) : rule;
    }

    private FastWeights most(FeedbackLearning rule) {
        return ShiftGate.most(rule.most(), channels);
    }

    private FeedbackLearning feedbackLearning(
            AdaptationSettings settings, Optional<SurprisedLayer> layer) {
        return new FeedbackLearning(
                channels,
                complex,
                judge,
                layer,
                new FeedbackLearning.Rates(settings.rate(), settings.batch()));
    }

    /** {@link #homeostat}, of a network whose streams learn by nothing else. */
    public HomeostaticLearning onlyHomeostat(ModelBundle bundle, AdaptationSettings settings) {
        if (settings.rule() != AdaptationSettings.Rule.HOMEOSTAT) {
            throw new InvalidInputException(
                    "%s: networks of its architecture learn by homeostat alone; give that"
                            .formatted(bundle.folder()));
        }
        return homeostat(bundle, settings);
    }
}
