/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.filter;

import io.thalamus.operators.signal.SampleBlock;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;

/**
 * Filters whole recordings forwards and then backwards, so that nothing is delayed and each
 * frequency meets the filter's gain twice. It looks at the end of the recording before its start,
 * and so has no form for streams.
 *
 * <p>As SciPy's {@code sosfiltfilt} by default: the recording is continued at both ends by its
 * mirror image turned around the end point, and either pass starts in the state that a constant
 * signal would have left.
 */
public final class ZeroPhase {
    private ZeroPhase() {}

    /**
     * Filters a recording.
     *
     * @param samples {@code samples[channel][n]}; left as they are
     * @throws InvalidInputException if a value is missing or infinite, or if there are too few
     *     samples
     */
    public static double[][] filter(double[][] samples, StreamShape shape, RecursiveFilter filter) {
        SecondOrderSections sections = filter.sections(shape.rate());
        int edge = edge(sections);
        double[][] extended = new double[samples.length][];
        for (int channel = 0; channel < samples.length; channel++) {
            extended[channel] = extended(samples[channel], edge, channel);
        }
        SectionCascade cascade = new SectionCascade(shape, sections);
        double[][] forwards = pass(extended, cascade, sections);
        double[][] backwards = pass(reversed(forwards), cascade, sections);
        double[][] filtered = new double[samples.length][];
        for (int channel = 0; channel < samples.length; channel++) {
            int length = samples[channel].length;
            filtered[channel] = new double[length];
            for (int n = 0; n < length; n++) {
                filtered[channel][n] = backwards[channel][edge + length - 1 - n];
            }
        }
        return filtered;
    }

    /** Samples that are added at each end: three times the length of the equal polynomial. */
    private static int edge(SecondOrderSections sections) {
        int b2Zero = 0;
        int a2Zero = 0;
        for (int k = 0; k < sections.count(); k++) {
            b2Zero += sections.b2(k) == 0 ? 1 : 0;
            a2Zero += sections.a2(k) == 0 ? 1 : 0;
        }
        return 3 * (2 * sections.count() + 1 - Math.min(b2Zero, a2Zero));
    }

    private static double[] extended(double[] samples, int edge, int channel) {
        int length = samples.length;
        if (length <= edge) {
            throw new InvalidInputException(
                    "the recording has %d samples; this filter takes more than %d"
                            .formatted(length, edge));
        }
        double[] extended = new double[length + 2 * edge];
        for (int n = 0; n < length; n++) {
            if (!Double.isFinite(samples[n])) {
                throw new InvalidInputException(
                        "channel %d is %s at sample %d; fill what is missing before filtering"
                                .formatted(channel + 1, samples[n], n));
            }
            extended[edge + n] = samples[n];
        }
        for (int n = 1; n <= edge; n++) {
            extended[edge - n] = 2 * samples[0] - samples[n];
            extended[edge + length - 1 + n] = 2 * samples[length - 1] - samples[length - 1 - n];
        }
        return extended;
    }

    private static double[][] pass(
            double[][] samples, SectionCascade cascade, SecondOrderSections sections) {
        int channels = samples.length;
        TransformState state = cascade.start();
        for (int channel = 0; channel < channels; channel++) {
            double level = samples[channel][0];
            for (int k = 0; k < sections.count(); k++) {
                double b0 = sections.b0(k);
                double b1 = sections.b1(k);
                double b2 = sections.b2(k);
                double a1 = sections.a1(k);
                double a2 = sections.a2(k);
                double s1 = (b1 + b2 - (a1 + a2) * b0) / (1 + a1 + a2);
                double s2 = b2 - a2 * b0 - a2 * s1;
                state.values()[2 * k * channels + channel] = s1 * level;
                state.values()[(2 * k + 1) * channels + channel] = s2 * level;
                level *= (b0 + b1 + b2) / (1 + a1 + a2);
            }
        }
        SampleBlock out = new SampleBlock(channels);
        cascade.apply(SampleBlock.of(samples), state, out);
        return out.toArrays();
    }

    private static double[][] reversed(double[][] samples) {
        double[][] reversed = new double[samples.length][];
        for (int channel = 0; channel < samples.length; channel++) {
            int length = samples[channel].length;
            reversed[channel] = new double[length];
            for (int n = 0; n < length; n++) {
                reversed[channel][n] = samples[channel][length - 1 - n];
            }
        }
        return reversed;
    }
}
