/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.jobs.training.Split.Part;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelFactory;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.operators.inference.TrainableModel;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/**
 * From recordings to a bundle. Until it is whole, all lies in a folder beside the bundle's, named
 * {@code <bundle>.training}, from which a training that was broken off goes on.
 */
public final class Training {
    private final TrainingOptions options;
    private final ModelFactory factory;
    private final Path work;

    /**
     * @throws InvalidInputException if there is no such architecture, or something is in the way
     */
    public Training(TrainingOptions options) throws IOException {
        this.options = options;
        this.factory =
                ModelFactories.forArchitecture(
                        options.architecture(), Training.class.getClassLoader());
        Path out = options.out().toAbsolutePath().normalize();
        this.work = out.resolveSibling(out.getFileName() + ".training");
        requireRoom(out);
    }

    private void requireRoom(Path out) throws IOException {
        if (Files.exists(out) && !options.overwrite()) {
            throw new InvalidInputException(
                    "%s is there; give another name or --overwrite".formatted(options.out()));
        }
        if (Files.exists(out) && !isReplaceable(out)) {
            throw new InvalidInputException(
                    "%s is no bundle, and is not overwritten: give another name"
                            .formatted(options.out()));
        }
        if (Files.exists(work) && !options.resume() && !options.overwrite()) {
            throw new InvalidInputException(
                    ("%s holds a training that was broken off: go on with it by --resume, or begin"
                                    + " again with --overwrite")
                            .formatted(work));
        }
    }

    private static boolean isReplaceable(Path out) throws IOException {
        if (!Files.isDirectory(out)) {
            return false;
        }
        try (Stream<Path> files = Files.list(out)) {
            return ModelBundle.isBundle(out) || files.findAny().isEmpty();
        }
    }

    /**
     * Trains a network.
     *
     * @param stop asked before each batch: whether to leave it where it can be gone on with
     * @return what came of it; none if it was stopped
     * @throws InvalidSettingException if a hyper-parameter that was given is not usable
     * @throws InvalidInputException if the recordings or the other options are not
     */
    public Optional<TrainingSummary> run(
            TrainingData data, TrainingListener listener, BooleanSupplier stop) throws IOException {
        Preparation prepared = Preparation.of(data, options, factory);
        Map<Part, Examples> examples = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            Examples found = prepared.examples(part);
            requireSome(found, part, prepared);
            examples.put(part, found);
        }
        try (GraphEngine engine = GraphEngines.open(options.engine());
                TrainableModel model = network(prepared, engine)) {
            Settings settings = Settings.of(prepared, data);
            if (options.resume()) {
                settings.requireIn(work);
            }
            try (WorkFolder folder = WorkFolder.take(work)) {
                if (!options.resume()) {
                    folder.clear();
                    settings.write(work);
                }
                long parameters = size(model.weights().values());
                TrainingSummary.Data told =
                        TrainingSummary.Data.of(data, options.split(), examples);
                listener.started(told, parameters);
                TrainingLoop loop =
                        new TrainingLoop(
                                model,
                                examples.get(Part.TRAINING),
                                examples.get(Part.VALIDATION),
                                prepared.plan(),
                                new Checkpoints(work),
                                listener);
                Position end = loop.run(options.checkpointEvery(), stop);
                TrainingSummary summary =
                        new TrainingSummary(
                                options.architecture(),
                                options.task().toString(),
                                options.command(),
                                options.seed(),
                                told,
                                TrainingSummary.Recipe.of(prepared, parameters),
                                end.epochs(),
                                end.best().orElseThrow(),
                                TestResult.of(model, prepared, stop),
                                new TrainingSummary.Timing(
                                        end.seconds(), end.windows() / end.seconds()));
                write(prepared, model, examples.get(Part.VALIDATION), summary, engine);
                folder.delete();
                return Optional.of(summary);
            }
        } catch (StoppedException e) {
            return Optional.empty();
        }
    }

    private TrainableModel network(Preparation prepared, GraphEngine engine) {
        try {
            return factory.train(prepared.bundle(), prepared.former(), engine, options.seed());
        } catch (InvalidInputException e) {
            throw InvalidSettingException.of(options.hyperParameters(), e);
        }
    }

    private void requireSome(Examples found, Part part, Preparation prepared) {
        if (found.size() == 0) {
            int samples = prepared.signature().windowLength() + prepared.signature().horizon();
            throw new InvalidInputException(
                    found.leftOut() == 0
                            ? "the %s part has no unbroken %d samples, which a window takes: give a longer recording, shorter windows with --set, or another --split"
                                    .formatted(part, samples)
                            : "none of the %,d windows of the %s part can be used: %s"
                                    .formatted(found.leftOut(), part, reason()));
        }
    }

    private String reason() {
        return options.task().isOfClasses()
                ? "no label covers half of one in which no value is missing"
                : "values are missing in each; fill short gaps with --fill, or take shorter windows"
                        + " with --set";
    }

    private static long size(Collection<Tensor> tensors) {
        return tensors.stream().mapToLong(Tensor::size).sum();
    }

    private void write(
            Preparation prepared,
            TrainableModel model,
            Examples validation,
            TrainingSummary summary,
            GraphEngine engine)
            throws IOException {
        BundleFolder bundle = BundleFolder.empty(work.resolve("bundle"));
        ObjectNode config = ((ObjectNode) prepared.bundle().config().root()).deepCopy();
        bundle.writeNetwork(config, model.weights());
        factory.check(ModelBundle.open(bundle.folder()));
        if (options.cases()) {
            bundle.writeCases(config, validation, factory, engine);
        }
        bundle.writeSummary(summary, prepared.bundle().name());
        Path out = options.out().toAbsolutePath().normalize();
        if (Files.exists(out)) {
            Path replaced = work.resolve("replaced");
            FileUtils.deleteDirectory(replaced.toFile());
            Files.move(out, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(bundle.folder(), out, StandardCopyOption.ATOMIC_MOVE);
    }
}
