/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.filter.Band;
import io.thalamus.operators.signal.filter.Butterworth;
import io.thalamus.operators.signal.filter.FirFilter;
import io.thalamus.operators.signal.filter.Notch;
import io.thalamus.operators.signal.filter.ZeroPhase;
import io.thalamus.schemas.SampleRate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operators of {@code operators.signal.filter}. */
final class FilterCases {
    static final Map<String, OperatorCase> ALL =
            Map.of(
                    "butterworth", FilterCases::butterworth,
                    "notch", FilterCases::notch,
                    "fir", FilterCases::fir);

    private FilterCases() {}

    private static Map<String, CaseTensor> butterworth(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        BundleConfig parameters = config.section("parameters");
        Butterworth filter = butterworth(parameters);
        CaseSignal in = CaseSignal.of(inputs, "in");
        StreamShape shape = in.shape(CaseSignal.rate(parameters, "sampleRateHz"));
        Map<String, CaseTensor> found = new HashMap<>();
        found.put("causal", in.like(SignalChain.whole(in.samples(), shape, List.of(filter))));
        found.put("zero_phase", in.like(ZeroPhase.filter(in.samples(), shape, filter)));
        if (!isSymmetric(filter.band(), shape.rate())) {
            double[] sections = filter.sections(shape.rate()).coefficients();
            found.put("sos", new CaseTensor(new int[] {sections.length / 6, 6}, sections));
        }
        return found;
    }

    /**
     * Whether the middle of a band is a quarter of the rate. Each pole then has a mirror image that
     * is as near to the unit circle, and in the reference only rounding decides which comes first.
     */
    private static boolean isSymmetric(Band band, SampleRate rate) {
        double sum = band.cutoffs().stream().mapToDouble(Double::doubleValue).sum();
        return band.cutoffs().size() == 2 && Math.abs(sum - rate.hertz() / 2) < 1e-9 * rate.hertz();
    }

    /** A filter as {@code type}, {@code order} and {@code cutoffsHz} describe it. */
    static Butterworth butterworth(BundleConfig parameters) {
        return new Butterworth(band(parameters), parameters.integer("order", 1));
    }

    private static Map<String, CaseTensor> notch(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        BundleConfig parameters = config.section("parameters");
        Notch filter = notch(parameters);
        CaseSignal in = CaseSignal.of(inputs, "in");
        StreamShape shape = in.shape(CaseSignal.rate(parameters, "sampleRateHz"));
        double[] section = filter.sections(shape.rate()).coefficients();
        return Map.of(
                "b", new CaseTensor(new int[] {3}, Arrays.copyOfRange(section, 0, 3)),
                "a", new CaseTensor(new int[] {3}, Arrays.copyOfRange(section, 3, 6)),
                "out", in.like(SignalChain.whole(in.samples(), shape, List.of(filter))));
    }

    /** A filter as {@code frequencyHz} and {@code q} describe it. */
    static Notch notch(BundleConfig parameters) {
        return new Notch(parameters.number("frequencyHz"), parameters.number("q"));
    }

    private static Map<String, CaseTensor> fir(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        BundleConfig parameters = config.section("parameters");
        if (parameters.flag("windowPeriodic")) {
            throw parameters.wrong("windowPeriodic", "false: a filter takes a symmetric window");
        }
        FirFilter filter =
                new FirFilter(
                        band(parameters),
                        parameters.integer("taps", 2),
                        FourierCases.taper(parameters),
                        false);
        CaseSignal in = CaseSignal.of(inputs, "in");
        SampleRate rate = CaseSignal.rate(parameters, "sampleRateHz");
        double[] response = filter.response(rate);
        return Map.of(
                "taps",
                new CaseTensor(new int[] {response.length}, response),
                "out",
                in.like(SignalChain.whole(in.samples(), in.shape(rate), List.of(filter))));
    }

    private static Band band(BundleConfig parameters) {
        Band.Kind kind =
                switch (parameters.text("type")) {
                    case "lowpass" -> Band.Kind.LOW_PASS;
                    case "highpass" -> Band.Kind.HIGH_PASS;
                    case "bandpass" -> Band.Kind.BAND_PASS;
                    case "bandstop" -> Band.Kind.BAND_STOP;
                    default ->
                            throw parameters.wrong(
                                    "type", "one of lowpass, highpass, bandpass, bandstop");
                };
        return new Band(kind, parameters.numbers("cutoffsHz"));
    }
}
