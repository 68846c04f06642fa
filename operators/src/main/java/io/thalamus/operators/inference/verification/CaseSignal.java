/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A tensor of a case that is a signal.
 *
 * @param samples {@code samples[channel][n]}
 * @param oneDimensional whether it is stored without the axis of channels
 */
record CaseSignal(double[][] samples, boolean oneDimensional) {
    /** Decimals of a rate in hertz that are kept, as a sample rate is a ratio. */
    private static final int DECIMALS = 9;

    /**
     * An input of a case.
     *
     * @throws InvalidInputException if there is no such input, or it is no signal
     */
    static CaseSignal of(Map<String, CaseTensor> inputs, String name) {
        CaseTensor tensor = inputs.get(name);
        if (tensor == null) {
            throw new InvalidInputException(
                    "there is no input %s; the inputs are %s".formatted(name, inputs.keySet()));
        }
        int[] shape = tensor.shape();
        if (shape.length < 1 || shape.length > 2 || tensor.values().length == 0) {
            throw new InvalidInputException(
                    "input %s has the shape %s; a signal has channels and samples, or samples alone"
                            .formatted(name, Arrays.toString(shape)));
        }
        int channels = shape.length == 1 ? 1 : shape[0];
        int length = shape[shape.length - 1];
        double[][] samples = new double[channels][];
        for (int channel = 0; channel < channels; channel++) {
            samples[channel] =
                    Arrays.copyOfRange(tensor.values(), channel * length, (channel + 1) * length);
        }
        return new CaseSignal(samples, shape.length == 1);
    }

    /** The shape of a stream that has these channels, numbered, and a rate. */
    StreamShape shape(SampleRate rate) {
        List<String> names =
                IntStream.rangeClosed(1, samples.length).mapToObj(Integer::toString).toList();
        return new StreamShape(names, rate);
    }

    /** A field that is a rate in hertz. */
    static SampleRate rate(BundleConfig parameters, String field) {
        BigDecimal hertz = BigDecimal.valueOf(parameters.number(field));
        BigDecimal rounded = hertz.setScale(DECIMALS, RoundingMode.HALF_EVEN);
        try {
            return new SampleRate(
                    rounded.unscaledValue().longValueExact(),
                    BigDecimal.TEN.pow(DECIMALS).longValueExact());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw parameters.wrong(field, "a sample rate in hertz");
        }
    }

    /** A signal that came of this one, stored like it. */
    CaseTensor like(double[][] signal) {
        int length = signal[0].length;
        int[] shape = oneDimensional ? new int[] {length} : new int[] {signal.length, length};
        return new CaseTensor(
                shape, Arrays.stream(signal).flatMapToDouble(Arrays::stream).toArray());
    }
}
