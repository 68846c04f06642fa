/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes up what the contacts of depth electrodes record: microvolts, in steps of 0.1 of a converter
 * of 16 bits. The shafts are called LA, LB, LC ..., and the contacts of a shaft LA1, LA2, LA3 ...
 *
 * <p>Background activity has a spectrum of about {@code 1/f}: it is the sum of seven first-order
 * processes of one deviation, whose corners lie a factor of 4 apart,
 *
 * <pre>
 * pink(n) = sum_j p_j(n),   p_j(n) = r_j p_j(n - 1) + sqrt(1 - r_j^2) e_j(n)
 * r_j     = exp(-2 pi 0.1 4^j / rate),   j = 0 .. 6
 * </pre>
 *
 * with {@code e} independent normal deviates. A shaft's contacts share a part of it, and rhythms,
 * the nearer they are to its tip the more. With {@code c} the contact's number from 1, {@code C}
 * how many a shaft has, {@code near = 1 - (c - 1) / (2 C)}, and phases drawn for each shaft,
 *
 * <pre>
 * x(t) = 12 pink_contact + 14 pink_shaft
 *      + near (25 (1 + 0.5 sin(2 pi 0.3 t + a)) sin(2 pi 10 t + b)         alpha
 *            + 10 (1 + 0.5 sin(2 pi 0.7 t + c)) sin(2 pi 22 t + d))        beta
 *      + near sum_i 15 exp(-((t - t_i) / 0.06)^2) sin(2 pi f_i (t - t_i))  high-gamma bursts
 *      + h sum_{k = 1, 2, 3} 30 / k sin(2 pi 50 k t)                       hum of the mains
 * </pre>
 *
 * where a shaft's bursts come once in each second, at a time {@code t_i} and of a frequency {@code
 * f_i} from 70 to 140 Hz that are drawn uniformly, and {@code h} from 0.5 to 1.5 is drawn for each
 * contact. At a third of the recording the electrode LA2 pops: {@code 800 exp(-(t - t_pop) / 0.05)}
 * is added from there on. The last contact of the last shaft is not plugged in: it gives 0.
 *
 * @param seed the same seed makes the same signal
 * @param hertz the sample rate
 * @param seconds how long it is
 * @param shafts from 1 to 26
 * @param contacts of each shaft, at least 2
 */
public record SeegSimulator(long seed, int hertz, double seconds, int shafts, int contacts)
        implements SignalSimulator {
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final int STEPS_PER_MICROVOLT = 10;

    public SeegSimulator {
        if (hertz < 400) {
            throw new IllegalArgumentException(
                    "depth electrodes are sampled at least 400 times a second, not " + hertz);
        }
        if (shafts < 1 || shafts > 26 || contacts < 2) {
            throw new IllegalArgumentException(
                    "there are 1 to 26 shafts of at least 2 contacts, not %d of %d"
                            .formatted(shafts, contacts));
        }
        SignalSimulator.samples(SampleRate.ofHertz(hertz), seconds);
    }

    @Override
    public List<String> channels() {
        List<String> channels = new ArrayList<>();
        for (int shaft = 0; shaft < shafts; shaft++) {
            for (int contact = 1; contact <= contacts; contact++) {
                channels.add("L" + (char) ('A' + shaft) + contact);
            }
        }
        return channels;
    }

    @Override
    public SampleRate rate() {
        return SampleRate.ofHertz(hertz);
    }

    @Override
    public int decimals() {
        return 1;
    }

    @Override
    public short[][] steps() {
        int samples = SignalSimulator.samples(rate(), seconds);
        short[][] steps = new short[shafts * contacts][samples];
        Noise noise = new Noise(seed);
        for (int s = 0; s < shafts; s++) {
            Shaft shaft = new Shaft(noise.branch(s), hertz, seconds);
            double[] common = pink(noise.branch(100 + s), hertz, samples);
            double[] rhythms = shaft.rhythms(samples);
            for (int c = 0; c < contacts; c++) {
                int channel = s * contacts + c;
                if (channel == steps.length - 1) {
                    continue; // not plugged in
                }
                Noise own = noise.branch(1000 + channel);
                double coupling = 0.5 + own.uniform();
                double[] background = pink(own, hertz, samples);
                double near = 1 - c / (2.0 * contacts);
                for (int n = 0; n < samples; n++) {
                    double t = (double) n / hertz;
                    double x =
                            12 * background[n]
                                    + 14 * common[n]
                                    + near * rhythms[n]
                                    + coupling * hum(t)
                                    + (channel == 1 ? pop(t) : 0);
                    steps[channel][n] = SignalSimulator.convert(x * STEPS_PER_MICROVOLT);
                }
            }
        }
        return steps;
    }

    /** What the contacts of one shaft share, but for the background. */
    private static final class Shaft {
        private final int hertz;
        private final double[] phases = new double[4];
        private final double[] burstTimes;
        private final double[] burstFrequencies;

        Shaft(Noise noise, int hertz, double seconds) {
            this.hertz = hertz;
            for (int i = 0; i < phases.length; i++) {
                phases[i] = TWO_PI * noise.uniform();
            }
            burstTimes = new double[(int) Math.ceil(seconds)];
            burstFrequencies = new double[burstTimes.length];
            for (int i = 0; i < burstTimes.length; i++) {
                burstTimes[i] = i + noise.uniform();
                burstFrequencies[i] = 70 + 70 * noise.uniform();
            }
        }

        double[] rhythms(int samples) {
            double[] rhythms = new double[samples];
            for (int n = 0; n < samples; n++) {
                double t = (double) n / hertz;
                rhythms[n] =
                        25 * swelling(0.3, phases[0], t) * wave(10, phases[1], t)
                                + 10 * swelling(0.7, phases[2], t) * wave(22, phases[3], t)
                                + bursts(t);
            }
            return rhythms;
        }

        /** Those of this second and its neighbours; of others nothing is left. */
        private double bursts(double t) {
            double sum = 0;
            int second = (int) t;
            for (int i = Math.max(0, second - 1);
                    i <= Math.min(burstTimes.length - 1, second + 1);
                    i++) {
                double since = t - burstTimes[i];
                double width = since / 0.06;
                sum +=
                        15
                                * StrictMath.exp(-width * width)
                                * StrictMath.sin(TWO_PI * burstFrequencies[i] * since);
            }
            return sum;
        }

        private static double swelling(double hertz, double phase, double t) {
            return 1 + 0.5 * wave(hertz, phase, t);
        }

        private static double wave(double hertz, double phase, double t) {
            return StrictMath.sin(TWO_PI * hertz * t + phase);
        }
    }

    static double[] pink(Noise noise, int hertz, int samples) {
        double[] sum = new double[samples];
        double corner = 0.1;
        for (int j = 0; j < 7; j++) {
            double memory = StrictMath.exp(-TWO_PI * corner / hertz);
            double news = StrictMath.sqrt(1 - memory * memory);
            double process = noise.normal();
            for (int n = 0; n < samples; n++) {
                process = memory * process + news * noise.normal();
                sum[n] += process;
            }
            corner *= 4;
        }
        return sum;
    }

    static double hum(double t) {
        double sum = 0;
        for (int k = 1; k <= 3; k++) {
            sum += 30.0 / k * StrictMath.sin(TWO_PI * 50 * k * t);
        }
        return sum;
    }

    private double pop(double t) {
        double since = t - seconds / 3;
        return since < 0 ? 0 : 800 * StrictMath.exp(-since / 0.05);
    }
}
