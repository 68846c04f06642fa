/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.signal.filter.Band;
import io.thalamus.operators.signal.filter.Butterworth;
import io.thalamus.operators.signal.filter.DcRemoval;
import io.thalamus.operators.signal.filter.Envelope;
import io.thalamus.operators.signal.filter.FirFilter;
import io.thalamus.operators.signal.filter.HighGamma;
import io.thalamus.operators.signal.filter.Notch;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.operators.signal.fourier.Taper;
import java.util.List;

/** The transforms of {@code operators.signal.filter}, as steps of a pipeline. */
final class FilterTransforms {
    private static final Key<Band.Kind> KIND =
            Key.required("kind", KeyTypes.constant(Band.Kind.class), "what it lets through");
    private static final Key<List<Double>> CUTOFFS =
            Key.required(
                    "cutoffs",
                    KeyTypes.NUMBERS,
                    "in Hz: one for low-pass and high-pass, otherwise two");
    private static final Key<Integer> ORDER =
            Key.optional(
                    "order",
                    KeyTypes.integer(1),
                    4,
                    "of the prototype; the gain falls by 6 dB an octave for each");
    private static final Key<Integer> TAPS =
            Key.required("taps", KeyTypes.integer(2), "its length in samples");
    private static final Key<Integer> HILBERT_TAPS =
            Key.optional(
                    "taps",
                    KeyTypes.integer(3),
                    65,
                    "length of its filter in samples, odd; it holds from 2 rate / taps Hz on");
    private static final Key<Taper> TAPER =
            Key.optional(
                    "taper",
                    KeyTypes.TAPER,
                    StandardTaper.HAMMING,
                    "hamming",
                    "fades the ideal response in and out");
    private static final Key<Double> SMOOTHING =
            Key.optional(
                    "smoothing",
                    KeyTypes.NUMBER,
                    Double.POSITIVE_INFINITY,
                    "none",
                    "cutoff in Hz of a low-pass behind it");
    private static final Key<List<Double>> GAMMA_CUTOFFS =
            Key.optional(
                    "cutoffs",
                    KeyTypes.NUMBERS,
                    HighGamma.STANDARD.cutoffs(),
                    "[70, 150]",
                    "of the band in Hz");
    private static final Key<Double> GAMMA_SMOOTHING =
            Key.optional(
                    "smoothing",
                    KeyTypes.NUMBER,
                    HighGamma.STANDARD.smoothing(),
                    "10",
                    "cutoff in Hz of a low-pass behind the envelope");
    private static final Key<Boolean> ALIGN =
            Key.optional(
                    "align",
                    KeyTypes.FLAG,
                    false,
                    "whether the lag of (taps - 1) / 2 samples is taken back");
    private static final Key<Double> FREQUENCY =
            Key.required("frequency", KeyTypes.NUMBER, "what is taken away, in Hz");
    private static final Key<Double> Q =
            Key.optional("q", KeyTypes.NUMBER, 30.0, "30", "the frequency over the notch's width");
    private static final Key<Integer> HARMONICS =
            Key.optional(
                    "harmonics",
                    KeyTypes.integer(1),
                    1,
                    "how many multiples are taken away, the frequency itself being the first");
    private static final Key<Double> CUTOFF =
            Key.required("cutoff", KeyTypes.NUMBER, "in Hz; what is slower is taken away");

    static final List<TransformType> TYPES =
            List.of(
                    new TransformType(
                            "butterworth",
                            "A recursive filter without ripple.",
                            List.of(KIND, CUTOFFS, ORDER),
                            (section, context) ->
                                    new Butterworth(band(section), section.get(ORDER))),
                    new TransformType(
                            "fir",
                            "A filter by which all frequencies lag alike, designed by the window"
                                    + " method.",
                            List.of(KIND, CUTOFFS, TAPS, TAPER, ALIGN),
                            (section, context) ->
                                    new FirFilter(
                                            band(section),
                                            section.get(TAPS),
                                            section.get(TAPER),
                                            section.get(ALIGN))),
                    new TransformType(
                            "notch",
                            "Takes a single frequency away, and its multiples if asked.",
                            List.of(FREQUENCY, Q, HARMONICS),
                            (section, context) ->
                                    new Notch(
                                            section.get(FREQUENCY),
                                            section.get(Q),
                                            section.get(HARMONICS))),
                    new TransformType(
                            "remove-dc",
                            "Takes the offset of each channel away, as it drifts.",
                            List.of(CUTOFF),
                            (section, context) -> new DcRemoval(section.get(CUTOFF))),
                    new TransformType(
                            "envelope",
                            "How strong the signal is: the magnitude of it and its Hilbert"
                                    + " transform.",
                            List.of(HILBERT_TAPS, TAPER, SMOOTHING),
                            (section, context) ->
                                    new Envelope(
                                            section.get(HILBERT_TAPS),
                                            section.get(TAPER),
                                            section.get(SMOOTHING))),
                    new TransformType(
                            "high-gamma",
                            "The envelope of the high-gamma band of depth electrodes.",
                            List.of(GAMMA_CUTOFFS, ORDER, GAMMA_SMOOTHING),
                            (section, context) ->
                                    new HighGamma(
                                            section.get(GAMMA_CUTOFFS),
                                            section.get(ORDER),
                                            section.get(GAMMA_SMOOTHING))));

    private FilterTransforms() {}

    private static Band band(Section section) {
        return new Band(section.get(KIND), section.get(CUTOFFS));
    }
}
