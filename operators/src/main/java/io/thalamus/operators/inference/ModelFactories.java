/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;

/** The architectures that are there, by name. */
public final class ModelFactories {
    private ModelFactories() {}

    /**
     * The factory for an architecture.
     *
     * @throws InvalidInputException if no module on the class path knows it
     */
    public static ModelFactory forArchitecture(String architecture, ClassLoader loader) {
        List<String> known = new ArrayList<>();
        for (ModelFactory factory : ServiceLoader.load(ModelFactory.class, loader)) {
            if (factory.architecture().equals(architecture)) {
                return factory;
            }
            known.add(factory.architecture());
        }
        Collections.sort(known);
        throw new InvalidInputException(
                "there is no architecture '%s'; there are %s".formatted(architecture, known));
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
