/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import java.util.Map;

/** Where weights come from, by the reference's names. */
public interface NamedWeights {

    boolean has(String name);

    /**
     * A weight that must be there, and have the shape that the configuration calls for.
     *
     * @throws io.thalamus.schemas.InvalidInputException if it is missing or of another shape
     */
    Tensor weight(String name, int... shape);

    /** The weights of a bundle. */
    static NamedWeights of(ModelBundle bundle) {
        Safetensors file = bundle.weights();
        return new NamedWeights() {
            @Override
            public boolean has(String name) {
                return file.names().contains(name);
            }

            @Override
            public Tensor weight(String name, int... shape) {
                return bundle.weight(file, name, shape);
            }
        };
    }

    /** Weights that are known to be whole. */
    static NamedWeights of(Map<String, Tensor> weights) {
        return new NamedWeights() {
            @Override
            public boolean has(String name) {
                return weights.containsKey(name);
            }

            @Override
            public Tensor weight(String name, int... shape) {
                return weights.get(name);
            }
        };
    }
}
