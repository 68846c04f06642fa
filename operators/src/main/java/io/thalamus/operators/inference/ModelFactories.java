/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** The architectures that are there, by name. */
public final class ModelFactories {
    private ModelFactories() {}

    /** The factory for an architecture, if a module on the class path knows it. */
    public static Optional<ModelFactory> find(String architecture, ClassLoader loader) {
        return ServiceLoader.load(ModelFactory.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .filter(factory -> factory.architecture().equals(architecture))
                .findFirst();
    }

    /**
     * The factory for an architecture.
     *
     * @throws InvalidInputException if no module on the class path knows it
     */
    public static ModelFactory forArchitecture(String architecture, ClassLoader loader) {
        return find(architecture, loader)
                .orElseThrow(
                        () ->
                                new InvalidInputException(
                                        "there is no architecture '%s'; there are %s"
                                                .formatted(architecture, known(loader))));
    }

    private static List<String> known(ClassLoader loader) {
        return ServiceLoader.load(ModelFactory.class, loader).stream()
                .map(provider -> provider.get().architecture())
                .sorted()
                .toList();
    }

    /**
     * What is read of a bundle, without an engine.
     *
     * @throws InvalidInputException also if its figures are none that a network can have
     */
    public static <T> T read(ModelBundle bundle, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InvalidInputException(
                    "%s describes no network that can be built (%s)"
                            .formatted(bundle.name(), e.getMessage()),
                    e);
        }
    }

    /** Reads all of a bundle, as opening it would, and whether streams can learn with it. */
    public static void check(
            ModelFactory factory, ModelBundle bundle, AdaptationSettings settings) {
        factory.check(bundle);
        if (settings.adapts()) {
            factory.checkAdaptation(bundle, settings);
        }
    }

    /** The factory for a bundle, by the {@code architecture} of its configuration. */
    public static ModelFactory forBundle(ModelBundle bundle, ClassLoader loader) {
        String architecture = bundle.config().text("architecture");
        try {
            return forArchitecture(architecture, loader);
        } catch (InvalidInputException e) {
            throw bundle.config()
                    .wrong("architecture", "one that is there (" + e.getMessage() + ")");
        }
    }
}
