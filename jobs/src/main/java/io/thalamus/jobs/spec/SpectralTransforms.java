/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.fourier.BandPower;
import io.thalamus.operators.signal.fourier.FrequencyBand;
import io.thalamus.operators.signal.fourier.InverseStft;
import io.thalamus.operators.signal.fourier.LogMel;
import io.thalamus.operators.signal.fourier.MelBank;
import io.thalamus.operators.signal.fourier.MelScale;
import io.thalamus.operators.signal.fourier.Spectrogram;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.fourier.Taper;
import java.util.List;
import java.util.stream.Stream;

/** The transforms of {@code operators.signal.fourier}, as steps of a pipeline. */
final class SpectralTransforms {
    private static final Key<Integer> LENGTH =
            Key.required("length", KeyTypes.integer(2), "samples of a block");
    private static final Key<Integer> HOP =
            Key.required("hop", KeyTypes.integer(1), "samples from a block to the next");
    private static final Key<Taper> TAPER =
            Key.optional(
                    "taper", KeyTypes.TAPER, StandardTaper.HANN, "hann", "the weights of a block");
    private static final Key<Boolean> CENTRED =
            Key.optional(
                    "centred",
                    KeyTypes.FLAG,
                    true,
                    "whether a spectrum describes the signal around its time, or from it on");
    private static final List<Key<?>> KEYS = List.of(LENGTH, HOP, TAPER, CENTRED);
    private static final Key<Spectrogram.Scaling> SCALING =
            Key.optional(
                    "scaling",
                    KeyTypes.constant(Spectrogram.Scaling.class),
                    Spectrogram.Scaling.DENSITY,
                    "density",
                    "what is told of a frequency; density is power a hertz, decibels 10 log10 of"
                            + " it");
    private static final Key<MelScale> SCALE =
            Key.optional(
                    "scale",
                    KeyTypes.constant(MelScale.class),
                    MelScale.HTK,
                    "htk",
                    "of the bands: htk with triangles of height 1, slaney with triangles of area"
                            + " 1");
    private static final Key<Integer> MEL_BANDS =
            Key.required("bands", KeyTypes.integer(1), "how many features a block has");
    private static final Key<Double> LOW =
            Key.optional("low", KeyTypes.NUMBER, 0.0, "0", "where the first band begins, in Hz");
    private static final Key<Double> HIGH =
            Key.optional(
                    "high",
                    KeyTypes.NUMBER,
                    Double.POSITIVE_INFINITY,
                    "half the sample rate",
                    "where the last band ends, in Hz");
    private static final Key<Double> FLOOR =
            Key.optional(
                    "floor",
                    KeyTypes.NUMBER,
                    1e-6,
                    "1e-6",
                    "added to the power, so that silence has a logarithm");
    private static final Key<LogMel.Logarithm> LOG =
            Key.optional(
                    "log",
                    KeyTypes.constant(LogMel.Logarithm.class),
                    LogMel.Logarithm.NATURAL,
                    "natural",
                    "the logarithm: ln, or 10 log10");
    private static final Key<List<FrequencyBand>> BANDS =
            Key.required(
                    "bands",
                    KeyTypes.BANDS,
                    "lower and upper frequency of each in Hz, such as {alpha: [8, 13]}");

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "stft",
                            "Spectra of blocks: for each channel, real and imaginary part of each"
                                    + " frequency.",
                            KEYS,
                            (section, context) -> stft(section)),
                    new TransformType(
                            "istft",
                            "From the spectra of an stft with the same keys back to the signal.",
                            KEYS,
                            (section, context) -> new InverseStft(stft(section))),
                    new TransformType(
                            "spectrogram",
                            "How strong each frequency is in each block, for each channel.",
                            and(SCALING),
                            (section, context) ->
                                    new Spectrogram(stft(section), section.get(SCALING))),
                    new TransformType(
                            "log-mel",
                            "Log-mel features: how strong each block is in bands that are as wide"
                                    + " as they sound.",
                            and(SCALE, MEL_BANDS, LOW, HIGH, FLOOR, LOG),
                            (section, context) ->
                                    new LogMel(
                                            stft(section),
                                            new MelBank(
                                                    section.get(SCALE),
                                                    section.get(MEL_BANDS),
                                                    section.get(LOW),
                                                    section.get(HIGH)),
                                            section.get(FLOOR),
                                            section.get(LOG))),
                    new TransformType(
                            "band-power",
                            "The mean square of each block in each of some bands, for each"
                                    + " channel.",
                            and(BANDS),
                            (section, context) ->
                                    new BandPower(stft(section), section.get(BANDS))));

    private SpectralTransforms() {}

    /** The keys of blocks, and others. */
    private static List<Key<?>> and(Key<?>... others) {
        return Stream.concat(KEYS.stream(), Stream.of(others)).toList();
    }

    private static Stft stft(Section section) {
        return new Stft(
                section.get(LENGTH), section.get(HOP), section.get(TAPER), section.get(CENTRED));
    }
}
