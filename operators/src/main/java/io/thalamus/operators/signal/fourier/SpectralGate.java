/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.fourier;

import io.thalamus.operators.signal.Denormals;
import io.thalamus.operators.signal.PreparedTransform;
import io.thalamus.operators.signal.SignalTransform;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.TransformState;
import io.thalamus.schemas.InvalidInputException;
import java.time.Duration;

/**
 * Lowers steady noise: in each block, frequencies that do not rise above their noise are reduced.
 *
 * <p>The noise is estimated as it goes along, channel by channel and frequency by frequency, as a
 * low quantile of the power in blocks, which what comes and goes, such as speech, does not touch
 * (Stahl, Fischer and Bippus, "Quantile Based Noise Estimation for Spectral Subtraction and Wiener
 * Filtering", ICASSP 2000). The quantile, a quarter, is followed by stochastic approximation
 * (Tierney, "A Space-Efficient Recursive Procedure for Estimating a Quantile of an Unknown
 * Distribution", SIAM Journal on Scientific and Statistical Computing 4, 1983): it starts at the
 * power of the first block, goes up by a quarter of a step, in dB, in a block that is above it, and
 * down by three quarters in one that is not; the steps shrink to the one by which it can go up by
 * {@code adaptation}, and down three times as fast. As the power of Gaussian noise is distributed
 * exponentially, its mean is the quantile over {@code -ln(3/4)}: 5.4 dB above it. Blocks of nothing
 * but zeros do not count.
 *
 * <p>A frequency that is {@code threshold} above that mean has gain 1, others {@code -reduction};
 * gains move there exponentially. At the start they are 1.
 *
 * <p>Blocks overlap by half, under roots of Hann tapers; where all gains are 1, the signal comes
 * out as it was, to rounding. Channels, rate and unit stay. Latency: {@code length - 1} samples. A
 * block in which a value is missing or infinite is missing, in that channel, and leaves the
 * estimate as it is.
 *
 * @param length samples of a block, even and at least 4; 20 to 50 ms are usual for speech
 * @param threshold in dB above the noise. Of steady noise, {@code (1 + r) exp(-r)} of the power
 *     lies above, where {@code r} is the threshold as a ratio of powers: at 10 dB, 0.05 %
 * @param reduction in dB, at least 0
 * @param attack time constant with which a gain rises; zero for at once
 * @param release time constant with which a gain falls; zero for at once
 * @param adaptation by how many dB a second the estimate may rise, above 0
 */
public record SpectralGate(
        int length,
        double threshold,
        double reduction,
        Duration attack,
        Duration release,
        double adaptation)
        implements SignalTransform {
    private static final double QUANTILE = 0.25;

    /**
     * Times the reciprocal of the number of blocks, the step of the start in dB: the reciprocal of
     * the density of Gaussian noise's level in dB at the quantile, for which the estimate has the
     * least variance.
     */
    private static final double FIRST_STEP = 20;

    /** The logarithm of the ratio of powers that a decibel is. */
    private static final double DECIBEL = StrictMath.log(10) / 10;

    /** The estimate goes no lower, as from zero it would not come up again. */
    private static final double LEAST_NOISE = 1e-100;

    public SpectralGate {
        OverlappingBlocks.check("spectral-gate", length);
        if (!Double.isFinite(threshold)) {
            throw new InvalidInputException(
                    "spectral-gate: threshold is %s dB; give a number".formatted(threshold));
        }
        if (!(reduction >= 0) || Double.isInfinite(reduction)) {
            throw new InvalidInputException(
                    "spectral-gate: reduction is %s dB; give a number of at least 0"
                            .formatted(reduction));
        }
        if (attack.isNegative() || release.isNegative()) {
            throw new InvalidInputException(
                    "spectral-gate: attack is %s and release is %s; give no negative times"
                            .formatted(attack, release));
        }
        if (!(adaptation > 0) || Double.isInfinite(adaptation)) {
            throw new InvalidInputException(
                    "spectral-gate: adaptation is %s dB a second; give a number above 0"
                            .formatted(adaptation));
        }
    }

    @Override
    public PreparedTransform prepare(StreamShape input) {
        double hopSeconds = length / 2 / input.rate().hertz();
        return new OverlappingBlocks(input, length, new Gates(input.channels().size(), hopSeconds));
    }

    /**
     * Remembers how many blocks each channel has had, and for each channel, bin by bin, the
     * quantile and then by how much the gain is below 1.
     */
    private final class Gates implements BlockChange {
        private final int channels;
        private final RealFft fft = new RealFft(length);
        private final double[] re = new double[fft.bins()];
        private final double[] im = new double[fft.bins()];
        private final double open;
        private final double closing;
        private final double attackShare;
        private final double releaseShare;
        private final double lastStep;

        Gates(int channels, double hopSeconds) {
            this.channels = channels;
            open = ratio(threshold) / -StrictMath.log(1 - QUANTILE);
            closing = 1 - ratio(-reduction / 2);
            attackShare = share(attack, hopSeconds);
            releaseShare = share(release, hopSeconds);
            lastStep = adaptation * hopSeconds / QUANTILE;
        }

        /** Of powers, for so many dB. */
        private static double ratio(double decibels) {
            return StrictMath.exp(decibels * DECIBEL);
        }

        /** Of the way that a gain goes in a block. */
        private static double share(Duration timeConstant, double hopSeconds) {
            return 1 - StrictMath.exp(-hopSeconds / (timeConstant.toNanos() * 1e-9));
        }

        @Override
        public TransformState start() {
            return TransformState.zeros(channels, 2 * re.length * channels);
        }

        @Override
        public void change(double[] block, int channel, TransformState state) {
            if (isSilent(block)) {
                return;
            }
            long blocks = state.counters()[channel]++;
            double step = Math.max(lastStep, FIRST_STEP / (blocks + 1));
            double up = ratio(QUANTILE * step);
            double down = ratio((QUANTILE - 1) * step);
            double[] values = state.values();
            int quantile = 2 * channel * re.length;
            int closed = quantile + re.length;
            fft.forward(block, re, im);
            for (int bin = 0; bin < re.length; bin++, quantile++, closed++) {
                double power = re[bin] * re[bin] + im[bin] * im[bin];
                double noise = values[quantile];
                noise = blocks == 0 ? power : noise * (power > noise ? up : down);
                noise = Math.max(noise, LEAST_NOISE);
                values[quantile] = noise;
                boolean opens = power > noise * open;
                values[closed] =
                        opens
                                ? Denormals.flushed(values[closed] * (1 - attackShare))
                                : values[closed] + (closing - values[closed]) * releaseShare;
                re[bin] *= 1 - values[closed];
                im[bin] *= 1 - values[closed];
            }
            fft.inverse(re, im, block);
        }

        private static boolean isSilent(double[] block) {
            for (double value : block) {
                if (value != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
