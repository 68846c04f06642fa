/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.adaptation.CodeGuard;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.SignalCalibration;
import io.thalamus.operators.inference.Tensor;
import io.thalamus.schemas.SignalFrame;
import java.util.HashMap;
import java.util.Map;

/** Statistics of a tokenizer's first layer, and the perplexity of its codes. */
final class CodeCalibration implements Calibration {
    static final String PERPLEXITY = "codes.perplexity";

    private final SignalCalibration signal;
    private final CodeGuard.Usage usage;

    /**
     * Of nothing so far.
     *
     * @param signal closed with this
     */
    CodeCalibration(SignalCalibration signal, DuinConfig config) {
        this.signal = signal;
        this.usage = new CodeGuard.Usage(config.quantizer().size(), config.patches());
    }

    @Override
    public void add(SignalFrame window) {
        signal.take(window).ifPresent(output -> usage.add(output.values()));
    }

    @Override
    public void skip() {
        signal.skip();
    }

    @Override
    public Map<String, Tensor> statistics() {
        Map<String, Tensor> statistics = new HashMap<>(signal.statistics());
        statistics.put(PERPLEXITY, Tensor.of(new float[] {(float) usage.perplexity()}, 1));
        return statistics;
    }

    @Override
    public void close() {
        signal.close();
    }
}
