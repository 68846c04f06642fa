/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.models.neural.duin.DuinConfig.Layer;
import io.thalamus.models.neural.duin.DuinConfig.Model;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.NamedWeights;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.training.Dropout;
import io.thalamus.operators.inference.training.LearnedWeights;
import io.thalamus.schemas.InvalidInputException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Puts together networks that learn. */
final class DuinTraining {
    private static final String FORMER = "--from names the bundle of ";

    private final BundleConfig fields;
    private final DuinConfig config;
    private final ModelSignature signature;
    private final GraphEngine engine;
    private final InitialWeights initial;
    private final long seed;
    private final double dropout;

    private DuinTraining(
            BundleConfig fields,
            ModelSignature signature,
            NamedWeights former,
            GraphEngine engine,
            long seed) {
        this.fields = fields;
        this.config = DuinConfig.of(fields);
        this.signature = signature;
        this.engine = engine;
        this.seed = seed;
        this.initial = new InitialWeights(seed, former);
        this.dropout = dropout(fields);
        for (Layer layer : config.layers()) {
            if (layer.pool() > 1) {
                throw fields.section("model_params")
                        .section("tokenizer")
                        .wrong("pool_sizes", "1 throughout for a network that is trained here");
            }
        }
    }

    /**
     * A network that learns.
     *
     * @param former the bundle of the stage before: that of the codes for a mask model, which tells
     *     the codes that it is to find; for words, of a network whose front end and encoder are
     *     taken
     */
    static TrainableDuin of(
            ModelBundle draft,
            ModelSignature signature,
            Optional<ModelBundle> former,
            GraphEngine engine,
            long seed) {
        BundleConfig fields = draft.config();
        DuinConfig config = DuinConfig.of(fields);
        if (config.model() == Model.VQVAE && former.isPresent()) {
            throw new InvalidInputException("a vqvae begins with random weights; leave --from out");
        }
        NamedWeights start =
                config.model() == Model.CLS ? former.map(NamedWeights::of).orElse(null) : null;
        DuinTraining training = new DuinTraining(fields, signature, start, engine, seed);
        // Opened last, as nothing would close it where the rest is refused.
        MaskLesson.Teacher teacher =
                config.model() == Model.MAE ? teacher(config, former, signature, engine) : null;
        return training.network(teacher, training::masks);
    }

    /** A mask model that is told codes and masks; for tests of one step. */
    static TrainableDuin told(
            ModelBundle draft,
            ModelSignature signature,
            GraphEngine engine,
            MaskLesson.Teacher teacher,
            MaskLesson.Masks masks) {
        return new DuinTraining(draft.config(), signature, null, engine, 1).network(teacher, masks);
    }

    private static MaskLesson.Teacher teacher(
            DuinConfig config,
            Optional<ModelBundle> former,
            ModelSignature signature,
            GraphEngine engine) {
        ModelBundle bundle =
                former.orElseThrow(
                        () ->
                                new InvalidInputException(
                                        FORMER
                                                + "the vqvae whose codes a mae is to find; there"
                                                + " is none"));
        DuinConfig codes = DuinConfig.of(bundle.config());
        if (codes.model() != Model.VQVAE
                || codes.patch() != config.patch()
                || codes.length() != config.length()
                || codes.channels() != config.channels()
                || codes.quantizer().size() != config.outputs()) {
            throw new InvalidInputException(
                    FORMER
                            + "a vqvae with as many channels, samples, patches and codes as the"
                            + " mae;"
                            + " %s is none".formatted(bundle.folder()));
        }
        StreamModel tokenizer =
                new Tokenizer(
                        signature, codes, new DuinWeights(bundle), engine, StreamModulator.none());
        return new MaskLesson.Teacher() {
            @Override
            public int[] codes(Batch batch) {
                List<ModelInput> inputs = TrainableDuin.inputs(batch.examples());
                return tokenizer.infer(inputs).stream()
                        .map(ModelOutput::values)
                        .flatMapToInt(
                                values ->
                                        IntStream.range(0, values.length).map(i -> (int) values[i]))
                        .toArray();
            }

            @Override
            public void close() {
                tokenizer.close();
            }
        };
    }

    private float[] masks(int signals, long step) {
        return MaskedCodes.drawn(
                new SplittableRandom(new SplittableRandom(seed + 1).nextLong() ^ step),
                config,
                signals);
    }

    private TrainableDuin network(MaskLesson.Teacher teacher, MaskLesson.Masks masks) {
        DuinGraphs graphs =
                new DuinGraphs(
                        config,
                        (name, patches) -> new LearningGraph(name, config, initial, patches),
                        /* tapped= */ false);
        drawAll(graphs);
        LearnedWeights weights =
                new LearnedWeights(
                        initial.drawn(),
                        initial.drawn().keySet().stream()
                                .filter(InitialWeights::isLearned)
                                .toList(),
                        fields.number("weight_decay", 0));
        Lesson lesson =
                switch (config.model()) {
                    case VQVAE -> new CodeLesson(config, weights, graphs, engine, seed);
                    case MAE -> new MaskLesson(config, weights, graphs, engine, teacher, masks);
                    case CLS -> new WordLesson(config, weights, graphs, engine);
                };
        return new TrainableDuin(
                config,
                signature.subjects(),
                weights,
                new Dropout(dropout, seed),
                lesson,
                this::deployed);
    }

    private static double dropout(BundleConfig fields) {
        double rate = fields.number("dropout", 0);
        if (rate < 0 || rate >= 1) {
            throw fields.wrong("dropout", "at least 0 and less than 1");
        }
        return rate;
    }

    /** Asks for every weight once, as {@link DuinFactory#check} does. */
    private void drawAll(DuinGraphs graphs) {
        DuinWeights asked = new DuinWeights(initial, "the training");
        Projections.in(config, asked);
        graphs.patches(config.patches());
        new DuinGraphs(config, asked, /* tapped= */ false).patches(config.patches());
        switch (config.model()) {
            case CLS -> graphs.words(config.patches());
            case MAE -> graphs.masked(config.patches());
            case VQVAE -> {
                Projections.back(config, asked);
                graphs.codes(config.patches());
                graphs.decoded(config.patches());
                graphs.signals(config.patches());
                initial.weight(InitialWeights.COUNTS, config.quantizer().size());
                initial.weight(InitialWeights.FOUND, 1);
            }
        }
    }

    private TrainableDuin.Network deployed(Map<String, Tensor> current) {
        DuinWeights weights = new DuinWeights(NamedWeights.of(current), "the training");
        return switch (config.model()) {
            case VQVAE -> new CodedSignals(new Reconstruction(signature, config, weights, engine));
            case MAE -> new MaskedCodes(signature, config, weights, engine);
            case CLS -> {
                List<String> words = Collections.nCopies(config.outputs(), "");
                yield streams(
                        new WordDecoder(
                                signature, words, config, weights, engine, StreamModulator.none()));
            }
        };
    }

    private static TrainableDuin.Network streams(StreamModel model) {
        return new TrainableDuin.Network() {
            @Override
            public List<float[]> run(List<ModelInput> batch) {
                return model.infer(batch).stream().map(ModelOutput::values).toList();
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }
}
