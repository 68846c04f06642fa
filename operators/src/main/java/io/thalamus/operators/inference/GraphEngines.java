/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.schemas.InvalidInputException;
import java.util.List;
import java.util.ServiceLoader;

/** The engines that are there, by name. */
public final class GraphEngines {
    /** The compiled back end. */
    public static final String DEFAULT = "mxnet";

    private GraphEngines() {}

    /** The names of all back ends; their native libraries may be absent. */
    public static List<String> names() {
        return ServiceLoader.load(GraphEngineFactory.class, GraphEngines.class.getClassLoader())
                .stream()
                .map(ServiceLoader.Provider::get)
                .flatMap(factory -> factory.names().stream())
                .sorted()
                .toList();
    }

    /**
     * Opens an engine for the calling thread.
     *
     * @throws InvalidInputException if there is no engine of that name, or its libraries are not on
     *     the class path
     */
    public static GraphEngine open(String name) {
        for (GraphEngineFactory factory :
                ServiceLoader.load(GraphEngineFactory.class, GraphEngines.class.getClassLoader())) {
            if (factory.names().contains(name)) {
                return open(factory, name);
            }
        }
        throw new InvalidInputException(
                "there is no engine %s; there are %s".formatted(name, names()));
    }

    private static GraphEngine open(GraphEngineFactory factory, String name) {
        try {
            return factory.open(name);
        } catch (NoClassDefFoundError e) {
            throw new InvalidInputException(
                    "engine %s needs the jars of the engine folder on the class path (on a cluster, in Flink's lib folder): %s is missing"
                            .formatted(name, e.getMessage().replace('/', '.')),
                    e);
        }
    }
}
