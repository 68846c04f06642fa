/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.signal.SignalChain;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.fourier.AnalyticSignal;
import io.thalamus.operators.signal.fourier.Dct;
import io.thalamus.operators.signal.fourier.InverseStft;
import io.thalamus.operators.signal.fourier.Kaiser;
import io.thalamus.operators.signal.fourier.RealFft;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.operators.signal.fourier.Welch;
import io.thalamus.schemas.SampleRate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The operators of {@code operators.signal.fourier}. */
final class FourierCases {
    static final Map<String, OperatorCase> ALL =
            Map.of(
                    "rfft", FourierCases::rfft,
                    "dct", FourierCases::dct,
                    "window", FourierCases::window,
                    "stft", FourierCases::stft,
                    "welch", FourierCases::welch,
                    "hilbert", FourierCases::hilbert);

    private static final String IN = "in";

    /** Of the window that the reference calls {@code kaiser}, unless it says otherwise. */
    private static final double BETA = 5;

    private static final Map<String, Taper> TAPERS =
            new TreeMap<>(
                    Map.of(
                            "boxcar", StandardTaper.BOXCAR,
                            "hann", StandardTaper.HANN,
                            "hamming", StandardTaper.HAMMING,
                            "blackman", StandardTaper.BLACKMAN,
                            "blackmanharris", StandardTaper.BLACKMAN_HARRIS,
                            "bartlett", StandardTaper.BARTLETT,
                            "sqrt_hann", StandardTaper.SQRT_HANN,
                            "kaiser", new Kaiser(BETA)));

    private FourierCases() {}

    private static Map<String, CaseTensor> rfft(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseSignal in = CaseSignal.of(inputs, IN);
        int channels = in.samples().length;
        RealFft fft = new RealFft(in.samples()[0].length);
        double[][] re = new double[channels][fft.bins()];
        double[][] im = new double[channels][fft.bins()];
        for (int channel = 0; channel < channels; channel++) {
            fft.forward(in.samples()[channel], re[channel], im[channel]);
        }
        return Map.of("re", in.like(re), "im", in.like(im));
    }

    private static Map<String, CaseTensor> dct(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseSignal in = CaseSignal.of(inputs, IN);
        int length = in.samples()[0].length;
        Dct plain = Dct.plain(length);
        Dct orthonormal = Dct.orthonormal(length);
        return Map.of(
                "plain", each(in, series -> type2(plain, series)),
                "ortho", each(in, series -> type2(orthonormal, series)),
                "dct3_ortho", each(in, series -> type3(orthonormal, series)));
    }

    private static double[] type2(Dct dct, double[] series) {
        double[] coefficients = new double[dct.length()];
        dct.type2(series, coefficients);
        return coefficients;
    }

    private static double[] type3(Dct dct, double[] coefficients) {
        double[] series = new double[dct.length()];
        dct.type3(coefficients, series);
        return series;
    }

    private static CaseTensor each(CaseSignal in, UnaryOperator<double[]> operator) {
        double[][] out = new double[in.samples().length][];
        for (int channel = 0; channel < out.length; channel++) {
            out[channel] = operator.apply(in.samples()[channel]);
        }
        return in.like(out);
    }

    /** Every taper there is, under the reference's names. */
    private static Map<String, CaseTensor> window(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        BundleConfig parameters = config.section("parameters");
        int length = parameters.integer("n", 1);
        boolean periodic = parameters.flag("periodic");
        Map<String, CaseTensor> found = new LinkedHashMap<>();
        TAPERS.forEach(
                (name, taper) ->
                        found.put(
                                name,
                                new CaseTensor(
                                        new int[] {length},
                                        periodic
                                                ? taper.periodic(length)
                                                : taper.symmetric(length))));
        return found;
    }

    private static Map<String, CaseTensor> stft(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        BundleConfig parameters = config.section("parameters");
        if (!parameters.flag("periodic")) {
            throw parameters.wrong("periodic", "true");
        }
        Stft stft =
                new Stft(
                        parameters.integer("fftSize", 2),
                        parameters.integer("hop", 1),
                        taper(parameters),
                        parameters.flag("center"));
        CaseSignal in = CaseSignal.of(inputs, IN);
        StreamShape shape = in.shape(SampleRate.ofHertz(1));
        SignalChain chain = new SignalChain(shape, List.of(stft));
        double[][] spectra = SignalChain.whole(in.samples(), shape, List.of(stft));
        double[][] back =
                new InverseStft(stft).whole(spectra, chain.outputShape(), in.samples()[0].length);
        return Map.of(
                "re", part(spectra, 0, in, stft),
                "im", part(spectra, 1, in, stft),
                "inverse", in.like(back));
    }

    /** Real or imaginary parts: {@code [channels, bins, spectra]}. */
    private static CaseTensor part(double[][] spectra, int part, CaseSignal in, Stft stft) {
        int count = spectra[0].length;
        double[] values = new double[spectra.length / 2 * count];
        for (int row = 0; row < spectra.length / 2; row++) {
            System.arraycopy(spectra[2 * row + part], 0, values, row * count, count);
        }
        int[] shape =
                in.oneDimensional()
                        ? new int[] {stft.bins(), count}
                        : new int[] {in.samples().length, stft.bins(), count};
        return new CaseTensor(shape, values);
    }

    private static Map<String, CaseTensor> welch(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        BundleConfig parameters = config.section("parameters");
        if (!parameters.flag("windowPeriodic")) {
            throw parameters.wrong("windowPeriodic", "true");
        }
        Welch welch =
                new Welch(
                        parameters.integer("segment", 1),
                        parameters.integer("overlap", 0),
                        taper(parameters),
                        choice(
                                parameters,
                                "detrend",
                                Map.of(
                                        "none", Welch.Detrend.NONE,
                                        "constant", Welch.Detrend.CONSTANT)),
                        choice(
                                parameters,
                                "scaling",
                                Map.of(
                                        "density", Welch.Scaling.DENSITY,
                                        "spectrum", Welch.Scaling.SPECTRUM)));
        CaseSignal in = CaseSignal.of(inputs, IN);
        double hertz = parameters.number("sampleRateHz");
        double[] frequencies = welch.frequencies(hertz);
        return Map.of(
                "freqs",
                new CaseTensor(new int[] {frequencies.length}, frequencies),
                "psd",
                in.like(welch.spectra(in.samples(), hertz)));
    }

    private static <T> T choice(BundleConfig parameters, String field, Map<String, T> choices) {
        T choice = choices.get(parameters.text(field));
        if (choice == null) {
            throw parameters.wrong(field, "one of " + new TreeMap<>(choices).keySet());
        }
        return choice;
    }

    private static Map<String, CaseTensor> hilbert(
            BundleConfig config, Map<String, CaseTensor> inputs) {
        CaseSignal in = CaseSignal.of(inputs, IN);
        return Map.of(
                "re", each(in, series -> AnalyticSignal.of(series).re()),
                "im", each(in, series -> AnalyticSignal.of(series).im()),
                "envelope", each(in, series -> AnalyticSignal.of(series).envelope()));
    }

    /** The taper that {@code window} names. */
    static Taper taper(BundleConfig parameters) {
        Taper taper = TAPERS.get(parameters.text("window"));
        if (taper == null) {
            throw parameters.wrong("window", "one of " + TAPERS.keySet());
        }
        return taper instanceof Kaiser ? new Kaiser(parameters.number("beta", BETA)) : taper;
    }
}
