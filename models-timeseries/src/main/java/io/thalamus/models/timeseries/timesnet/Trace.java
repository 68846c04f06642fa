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

    /**
     * Keeps channels of samples as samples of channels.
     *
     * @param tensor {@code [windows, rows, ...]}, each row {@code margin + samples + margin} values
     * @param channels the rows that are kept, {@code [windows, samples, channels]}
     */
    void addSamplesFirst(String name, Tensor tensor, int channels, int margin) {
        int windows = tensor.dimension(0);
        int rows = tensor.dimension(1);
        int row = tensor.size() / windows / rows;
        int length = row - 2 * margin;
        float[] values = new float[windows * length * channels];
        for (int window = 0; window < windows; window++) {
            for (int channel = 0; channel < channels; channel++) {
                int from = (window * rows + channel) * row + margin;
                for (int t = 0; t < length; t++) {
                    values[(window * length + t) * channels + channel] = tensor.data()[from + t];
                }
            }
        }
        add(name, CaseTensor.of(values, windows, length, channels));
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
