/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.timeseries.timesnet;

import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps what passes between the steps of a network, under the names of the reference's stored
 * tensors, to be compared with them. Off where a network serves streams.
 */
final class Trace {
    private final boolean on;
    private Map<String, CaseTensor> tensors = new HashMap<>();

    private Trace(boolean on) {
        this.on = on;
    }

    static Trace off() {
        return new Trace(false);
    }

    static Trace on() {
        return new Trace(true);
    }

    /** Whether to spend time on what is only kept here. */
    boolean isOn() {
        return on;
    }

    void add(String name, Tensor tensor) {
        add(
                name,
                CaseTensor.of(Arrays.copyOf(tensor.data(), tensor.size()), tensor.shape().clone()));
    }

    void add(String name, CaseTensor tensor) {
        tensors.put(name, tensor);
    }

    /** What was kept since the last call. */
    Map<String, CaseTensor> take() {
        Map<String, CaseTensor> taken = tensors;
        tensors = new HashMap<>();
        return taken;
    }
}
