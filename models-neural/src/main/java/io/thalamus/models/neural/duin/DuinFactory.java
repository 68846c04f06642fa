/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Model;
import io.thalamus.operators.adaptation.CodeGuard;
import io.thalamus.operators.adaptation.Feedback;
import io.thalamus.operators.adaptation.Finite;
import io.thalamus.operators.adaptation.HomeostaticLearning;
import io.thalamus.operators.adaptation.Judge;
import io.thalamus.operators.adaptation.Plasticity;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.CaseRunner;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.ModulatedSignal;
import io.thalamus.operators.inference.SignalCalibration;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Subjects;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.operators.inference.TrainingRecipe;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Opens bundles whose {@code architecture} is {@code duin}. A {@code cls} gives words; a {@code
 * vqvae} gives codes or, where its configuration says {@code "gives": "errors"}, how far the signal
 * is from what they tell of it, and the codes beside. A {@code mae} runs on no streams.
 */
public final class DuinFactory implements ModelFactory {
    private static final String GIVES = "gives";
    private static final String RATE = "sample_rate";
    private static final String CLASSES = "classes";

    /** Of the published networks, in hertz. */
    private static final int USUAL_RATE = 1000;

    @Override
    public String architecture() {
        return "duin";
    }

    @Override
    public ModelSignature signature(ModelBundle bundle) {
        return signature(bundle, DuinConfig.of(bundle.config()));
    }

    private static ModelSignature signature(ModelBundle bundle, DuinConfig config) {
        return signature(bundle, config, result(bundle.config(), config.model()));
    }

    private static ModelSignature signature(
            ModelBundle bundle, DuinConfig config, Class<? extends WireRecord> result) {
        BundleConfig fields = bundle.config();
        int rate = fields.has(RATE) ? fields.integer(RATE, 1) : USUAL_RATE;
        return new ModelSignature(
                bundle.name(),
                config.channels(),
                bundle.channelNames(),
                Subjects.of(fields, config.subjects()),
                SampleRate.ofHertz(rate),
                config.length(),
                /* windowStep= */ 0,
                /* horizon= */ 0,
                /* acceptsMissing= */ true,
                /* carriesState= */ false,
                result);
    }

    @Override
    public boolean givesCodesToo(ModelBundle bundle) {
        return signature(bundle).result() == AnomalyScore.class;
    }

    /** As of a network that runs on streams, also of a mask model. */
    @Override
    public ModelSignature trainingSignature(ModelBundle draft) {
        DuinConfig config = DuinConfig.of(draft.config());
        return config.model() == Model.MAE
                ? signature(draft, config, TokenFrame.class)
                : signature(draft, config);
    }

    @Override
    public TrainableModel train(
            ModelBundle draft, Optional<ModelBundle> former, GraphEngine engine, long seed) {
        return DuinTraining.of(draft, trainingSignature(draft), former, engine, seed);
    }

    @Override
    public TrainingRecipe recipe(TrainingTask task) {
        return DuinRecipes.of(task);
    }

    private static Class<? extends WireRecord> result(BundleConfig config, Model model) {
        return switch (model) {
            case CLS -> Classification.class;
            case VQVAE -> {
                String gives = config.has(GIVES) ? config.text(GIVES) : "codes";
                yield switch (gives) {
                    case "codes" -> TokenFrame.class;
                    case "errors" -> AnomalyScore.class;
                    default -> throw config.wrong(GIVES, "codes or errors");
                };
            }
            case MAE ->
                    throw config.wrong("model", "vqvae or cls for a network that runs on streams");
        };
    }

    private static List<String> words(BundleConfig config, int count) {
        if (!config.has(CLASSES)) {
            return IntStream.range(0, count).mapToObj(Integer::toString).toList();
        }
        List<String> words = config.texts(CLASSES);
        if (words.size() != count || new HashSet<>(words).size() != count) {
            throw config.wrong(
                    CLASSES, "a list of %d different names, as n_labels says".formatted(count));
        }
        return words;
    }

    @Override
    public void check(ModelBundle bundle) {
        DuinConfig config = DuinConfig.of(bundle.config());
        DuinWeights weights = new DuinWeights(bundle);
        DuinGraphs graphs = new DuinGraphs(config, weights, /* tapped= */ false);
        Projections.in(config, weights);
        graphs.patches(config.patches());
        switch (config.model()) {
            case CLS -> {
                words(bundle.config(), config.outputs());
                graphs.words(config.patches());
                first(bundle).source(bundle);
            }
            case VQVAE -> {
                Projections.back(config, weights);
                graphs.codes(config.patches());
                graphs.decoded(config.patches());
                graphs.signals(config.patches());
                if (result(bundle.config(), config.model()) != AnomalyScore.class) {
                    first(bundle).source(bundle);
                }
            }
            case MAE -> graphs.masked(config.patches());
        }
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine) {
        return open(bundle, engine, AdaptationSettings.nhl());
    }

    @Override
    public StreamModel open(ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        DuinConfig config = DuinConfig.of(bundle.config());
        ModelSignature signature = signature(bundle, config);
        var weights = new DuinWeights(bundle);
        if (signature.result() == AnomalyScore.class) {
            return new Reconstruction(signature, config, weights, engine);
        }
        StreamModulator modulator =
                first(bundle)
                        .modulator(
                                bundle,
                                settings,
                                () -> new FirstConvolution(config, weights).kernel());
        return signature.result() == Classification.class
                ? words(bundle, weights, engine, modulator)
                : codes(bundle, weights, engine, modulator);
    }

    private static StreamModel words(
            ModelBundle bundle,
            DuinWeights weights,
            GraphEngine engine,
            StreamModulator modulator) {
        DuinConfig config = DuinConfig.of(bundle.config());
        List<String> words = words(bundle.config(), config.outputs());
        return new WordDecoder(
                signature(bundle, config), words, config, weights, engine, modulator);
    }

    private static StreamModel codes(
            ModelBundle bundle,
            DuinWeights weights,
            GraphEngine engine,
            StreamModulator modulator) {
        DuinConfig config = DuinConfig.of(bundle.config());
        return new Tokenizer(signature(bundle, config), config, weights, engine, modulator);
    }

    /**
     * What the first layer of the front end gives, with its normalisation, whose statistics stand
     * behind words or codes. A window in which values are missing does not teach what the others
     * are like.
     *
     * @throws InvalidInputException if the bundle gives errors, which a stream must not learn from
     */
    private static ModulatedSignal first(ModelBundle bundle) {
        DuinConfig config = DuinConfig.of(bundle.config());
        Class<?> result = result(bundle.config(), config.model());
        if (result == AnomalyScore.class) {
            throw new InvalidInputException(
                    ("%s gives errors, and a stream that learned would come to take artefacts for"
                                    + " its signal, so it is neither adapted nor calibrated; name"
                                    + " a bundle that gives codes or words, or leave that out")
                            .formatted(bundle.folder()));
        }
        return new ModulatedSignal(
                "block0",
                config.layers().get(0).filters(),
                /* complex= */ false,
                new CompleteWindows(result == Classification.class ? config.outputs() : 0));
    }

    /** Complete windows teach, and the error is the entropy of the words, if there are any. */
    private record CompleteWindows(int words) implements Judge {
        @Override
        public int classes() {
            return words;
        }

        @Override
        public boolean teaches(SignalFrame window) {
            return Finite.are(window.samples());
        }

        @Override
        public boolean judges(SignalFrame window) {
            return words > 0;
        }

        @Override
        public Feedback feedback(SignalFrame window, float[] output) {
            return Feedback.ofShares(WordDecoder.shares(Arrays.copyOf(output, words)));
        }
    }

    @Override
    public void checkAdaptation(ModelBundle bundle, AdaptationSettings settings) {
        plasticity(bundle, settings);
    }

    @Override
    public Plasticity plasticity(
            ModelBundle bundle, GraphEngine engine, AdaptationSettings settings) {
        return plasticity(bundle, settings);
    }

    private static Plasticity plasticity(ModelBundle bundle, AdaptationSettings settings) {
        DuinConfig config = DuinConfig.of(bundle.config());
        ModulatedSignal first = first(bundle);
        if (config.model() == Model.CLS) {
            Subjects subjects = signature(bundle, config).subjects();
            return first.plasticity(bundle, settings, () -> convolution(bundle).plastic(subjects));
        }
        HomeostaticLearning homeostat = first.onlyHomeostat(bundle, settings);
        float[] perplexity =
                bundle.sourceStatistics().orElseThrow().tensor(CodeCalibration.PERPLEXITY).data();
        var guard =
                new CodeGuard(
                        homeostat, config.quantizer().size(), config.patches(), perplexity[0]);
        settings.requireRoomFor(guard.most(homeostat.most()), /* classes= */ 0);
        return guard;
    }

    private static FirstConvolution convolution(ModelBundle bundle) {
        return new FirstConvolution(DuinConfig.of(bundle.config()), new DuinWeights(bundle));
    }

    @Override
    public Calibration calibrate(ModelBundle bundle, GraphEngine engine) {
        DuinConfig config = DuinConfig.of(bundle.config());
        ModulatedSignal signal = first(bundle);
        var weights = new DuinWeights(bundle);
        StreamModulator measuring = signal.measuring();
        return config.model() == Model.CLS
                ? new SignalCalibration(signal, words(bundle, weights, engine, measuring))
                : new CodeCalibration(
                        new SignalCalibration(signal, codes(bundle, weights, engine, measuring)),
                        config);
    }

    @Override
    public CaseRunner openCases(ModelBundle bundle, GraphEngine engine) {
        DuinConfig config = DuinConfig.of(bundle.config());
        Subjects subjects =
                bundle.config().has("subjects")
                        ? Subjects.of(bundle.config(), config.subjects())
                        : Subjects.any();
        return new DuinCases(config, subjects, new DuinWeights(bundle), engine);
    }
}
