/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.fourier.BandPower;
import io.thalamus.operators.signal.fourier.DctBands;
import io.thalamus.operators.signal.fourier.DominantPeriods;
import io.thalamus.operators.signal.fourier.FrequencyBand;
import io.thalamus.operators.signal.fourier.InverseStft;
import io.thalamus.operators.signal.fourier.LogMel;
import io.thalamus.operators.signal.fourier.MelBank;
import io.thalamus.operators.signal.fourier.MelScale;
import io.thalamus.operators.signal.fourier.RunningWelch;
import io.thalamus.operators.signal.fourier.SpectralGate;
import io.thalamus.operators.signal.fourier.Spectrogram;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Stft;
import io.thalamus.operators.signal.fourier.Taper;
import io.thalamus.operators.signal.fourier.Welch;
import java.time.Duration;
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
    private static final Key<Integer> SEGMENT =
            Key.required("segment", KeyTypes.integer(2), "samples of a part");
    private static final Key<Integer> OVERLAP =
            Key.absent(
                    "overlap",
                    KeyTypes.integer(0),
                    "half the segment",
                    "samples that a part shares with the next");
    private static final Key<Integer> AVERAGE =
            Key.required(
                    "average", KeyTypes.integer(1), "how many parts a spectrum is the mean of");
    private static final Key<Welch.Detrend> DETREND =
            Key.optional(
                    "detrend",
                    KeyTypes.constant(Welch.Detrend.class),
                    Welch.Detrend.CONSTANT,
                    "constant",
                    "what is taken away from each part first; constant is its mean");
    private static final Key<Welch.Scaling> WELCH_SCALING =
            Key.optional(
                    "scaling",
                    KeyTypes.constant(Welch.Scaling.class),
                    Welch.Scaling.DENSITY,
                    "density",
                    "density is power a hertz, spectrum the power of a wave");
    private static final Key<Integer> COUNT =
            Key.required("count", KeyTypes.integer(1), "how many periods are told of a block");
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
    private static final Key<Integer> EVEN_LENGTH =
            Key.required(
                    "length",
                    KeyTypes.integer(4),
                    "samples of a block, even; blocks overlap by half");
    private static final Key<Double> THRESHOLD =
            Key.optional(
                    "threshold",
                    KeyTypes.NUMBER,
                    10.0,
                    "10",
                    "how many dB above the noise a frequency must be to be let through");
    private static final Key<Double> REDUCTION =
            Key.optional(
                    "reduction", KeyTypes.NUMBER, 12.0, "12", "by how many dB others are lowered");
    private static final Key<Duration> ATTACK =
            Key.optional(
                    "attack",
                    KeyTypes.DURATION,
                    Duration.ofMillis(5),
                    "5ms",
                    "time constant with which a frequency is let through");
    private static final Key<Duration> RELEASE =
            Key.optional(
                    "release",
                    KeyTypes.DURATION,
                    Duration.ofMillis(50),
                    "50ms",
                    "time constant with which it is lowered again");
    private static final Key<Double> ADAPTATION =
            Key.optional(
                    "adaptation",
                    KeyTypes.NUMBER,
                    3.0,
                    "3",
                    "by how many dB a second the estimate of the noise may rise");
    private static final Key<Integer> DCT_BANDS =
            Key.required("bands", KeyTypes.integer(1), "into how many bands the spectrum is cut");
    private static final Key<Integer> KEEP =
            Key.absent("keep", KeyTypes.integer(1), "all", "how many bands are kept at most");
    private static final Key<Double> SHARE =
            Key.optional(
                    "share",
                    KeyTypes.NUMBER,
                    1.0,
                    "1",
                    "of the block's energy, from which on no further band is kept");

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
                            "welch",
                            "The power spectrum of each channel, as the mean of those of"
                                    + " overlapping parts.",
                            List.of(SEGMENT, OVERLAP, TAPER, AVERAGE, DETREND, WELCH_SCALING),
                            (section, context) -> welch(section)),
                    new TransformType(
                            "dominant-periods",
                            "The periods of the strongest frequencies of each block, in samples,"
                                    + " for each channel.",
                            List.of(LENGTH, HOP, COUNT),
                            (section, context) ->
                                    new DominantPeriods(
                                            section.get(LENGTH),
                                            section.get(HOP),
                                            section.get(COUNT))),
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
                            (section, context) -> new BandPower(stft(section), section.get(BANDS))),
                    new TransformType(
                            "spectral-gate",
                            "Lowers steady noise, frequency by frequency.",
                            List.of(EVEN_LENGTH, THRESHOLD, REDUCTION, ATTACK, RELEASE, ADAPTATION),
                            (section, context) ->
                                    new SpectralGate(
                                            section.get(EVEN_LENGTH),
                                            section.get(THRESHOLD),
                                            section.get(REDUCTION),
                                            section.get(ATTACK),
                                            section.get(RELEASE),
                                            section.get(ADAPTATION))),
                    new TransformType(
                            "dct-bands",
                            "Keeps the bands that hold most of a block's energy, by cosine"
                                    + " transforms.",
                            List.of(EVEN_LENGTH, DCT_BANDS, KEEP, SHARE),
                            (section, context) -> dctBands(section)));

    private SpectralTransforms() {}

    private static RunningWelch welch(Section section) {
        int segment = section.get(SEGMENT);
        return new RunningWelch(
                new Welch(
                        segment,
                        section.has(OVERLAP) ? section.get(OVERLAP) : segment / 2,
                        section.get(TAPER),
                        section.get(DETREND),
                        section.get(WELCH_SCALING)),
                section.get(AVERAGE));
    }

    private static DctBands dctBands(Section section) {
        if (!section.has(KEEP) && !section.has(SHARE)) {
            section.wrong(KEEP, "give keep, share or both");
            return null;
        }
        int bands = section.get(DCT_BANDS);
        return new DctBands(
                section.get(EVEN_LENGTH),
                bands,
                section.has(KEEP) ? section.get(KEEP) : bands,
                section.get(SHARE));
    }

    /** The keys of blocks, and others. */
    private static List<Key<?>> and(Key<?>... others) {
        return Stream.concat(KEYS.stream(), Stream.of(others)).toList();
    }

    private static Stft stft(Section section) {
        return new Stft(
                section.get(LENGTH), section.get(HOP), section.get(TAPER), section.get(CENTRED));
    }
}
