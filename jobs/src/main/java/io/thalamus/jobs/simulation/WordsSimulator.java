/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes up what depth electrodes record of a subject who reads words aloud: microvolts, in steps of
 * 0.1 of a converter of 16 bits, contacts named as those of {@link SeegSimulator}. A word comes
 * every four seconds, at a time {@code t_i = 4 i + 0.5 + 0.4 u_i}, and takes three: half a second
 * to see it, two to read it, and half a second of rest. Which word it is, is drawn.
 *
 * <p>What a word does to the high gamma band, 70 to 150 Hz, where local neurons show, is the
 * subject's own, and so is each contact's gain and delay. With {@code pink} and {@code hum} as of
 * {@link SeegSimulator}, {@code e} normal deviates, {@code slow} first-order processes of deviation
 * 1 with a memory of 20 seconds, and for each contact {@code c}
 *
 * <pre>
 * x(t) = g_c (1 + 0.15 slow_c(t)) (12 pink_c + 14 pink_shaft + sum_i word_i(t - t_i - d_c))
 *      + 60 slow'_c(t) + h_c hum(t)
 * word_i(s) = v_i sum_{j = 0, 1, 2} a_j exp(-((s - s_j - w_i) / 0.15)^2 / 2)
 *                   1/2 sum_{k = 0 .. 3} sin(2 pi f_k s + p_k)
 * </pre>
 *
 * <ul>
 *   <li>of the subject: the gain {@code g_c} from 0.5 to 2, evenly in its logarithm, the delay
 *       {@code d_c} from 0 to 30 ms, and, for each word, contact and syllable {@code j}, the
 *       strength {@code a_j = 25 max(0, e)} and the time {@code s_j} from 0.6 to 2.4 s;
 *   <li>of each time that a word is read: its vigour {@code v_i = exp(0.2 e)}, how early or late it
 *       is, {@code w_i = 0.04 e}, and for each contact the frequencies {@code f_k} from 70 to 150
 *       Hz and phases {@code p_k}: what is evoked is power, not a wave;
 *   <li>of the recording: {@code h_c} from 0.5 to 1.5, and the electrodes' drift, in gain by {@code
 *       slow} and in offset by {@code slow'}.
 * </ul>
 *
 * @param seed the same seed makes the same recording of a subject
 * @param subject the same number makes the same subject
 * @param hertz the sample rate
 * @param seconds how long it is
 * @param shafts from 1 to 26
 * @param contacts of each shaft, at least 2
 * @param words how many different ones there are, at least 2
 */
public record WordsSimulator(
        long seed, long subject, int hertz, double seconds, int shafts, int contacts, int words)
        implements SignalSimulator {
    private static final double TWO_PI = 2 * StrictMath.PI;
    private static final int STEPS_PER_MICROVOLT = 10;
    private static final double EVERY_SECONDS = 4;
    private static final double WORD_SECONDS = 3;
    private static final double MEMORY_SECONDS = 20;
    private static final int SYLLABLES = 3;
    private static final int WAVES = 4;
    private static final double LOW_HERTZ = 70;
    private static final double HIGH_HERTZ = 150;

    public WordsSimulator {
        if (words < 2) {
            throw new IllegalArgumentException("there are at least 2 words, not " + words);
        }
        electrodes(seed, hertz, seconds, shafts, contacts); // refuses what cannot be
    }

    private static SeegSimulator electrodes(
            long seed, int hertz, double seconds, int shafts, int contacts) {
        return new SeegSimulator(seed, hertz, seconds, shafts, contacts);
    }

    /**
     * A word that is read.
     *
     * @param number which one
     * @param start when it is shown, in seconds
     */
    private record Reading(int number, double start) {}

    /** What a word does at a contact: the strengths of its syllables, and when they are. */
    private record Pattern(double[] strengths, double[] times) {
        static Pattern of(Noise noise) {
            double[] strengths = new double[SYLLABLES];
            double[] times = new double[SYLLABLES];
            for (int j = 0; j < SYLLABLES; j++) {
                strengths[j] = 25 * Math.max(0, noise.normal());
                times[j] = 0.6 + 1.8 * noise.uniform();
            }
            return new Pattern(strengths, times);
        }
    }

    @Override
    public List<String> channels() {
        return electrodes(seed, hertz, seconds, shafts, contacts).channels();
    }

    @Override
    public SampleRate rate() {
        return SampleRate.ofHertz(hertz);
    }

    @Override
    public int decimals() {
        return 1;
    }

    /** The name of a word. */
    private static String name(int number) {
        return "word-" + (number + 1);
    }

    private List<Reading> readings() {
        Noise noise = new Noise(seed).branch(1);
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; ; i++) {
            double start = EVERY_SECONDS * i + 0.5 + 0.4 * noise.uniform();
            int number = noise.between(0, words - 1);
            if (start + WORD_SECONDS > seconds) {
                return readings;
            }
            readings.add(new Reading(number, start));
        }
    }

    /**
     * Which word is read when.
     *
     * @param streamId the stream that the labels are on
     * @param startNanos the time of the recording's first sample
     */
    public List<Annotation> labels(String streamId, long startNanos) {
        List<Annotation> labels = new ArrayList<>();
        for (Reading reading : readings()) {
            labels.add(
                    new Annotation(
                            streamId,
                            startNanos + rate().nanosOf((long) (reading.start * hertz)),
                            rate().nanosOf((long) (WORD_SECONDS * hertz)),
                            name(reading.number)));
        }
        return labels;
    }

    @Override
    public short[][] steps() {
        int samples = SignalSimulator.samples(rate(), seconds);
        short[][] steps = new short[shafts * contacts][samples];
        Noise noise = new Noise(seed);
        for (int shaft = 0; shaft < shafts; shaft++) {
            double[] common = SeegSimulator.pink(noise.branch(100 + shaft), hertz, samples);
            for (int c = 0; c < contacts; c++) {
                int channel = shaft * contacts + c;
                steps[channel] = contact(channel, common);
            }
        }
        return steps;
    }

    private short[] contact(int channel, double[] common) {
        Noise trait = new Noise(subject).branch(channel);
        double gain = 0.5 * StrictMath.pow(4, trait.uniform());
        double delay = 0.03 * trait.uniform();
        Noise own = new Noise(seed).branch(1000 + channel);
        double coupling = 0.5 + own.uniform();
        double[] background = SeegSimulator.pink(own, hertz, common.length);
        double[] read = read(channel, delay, common.length);
        double[] strays = slow(own, common.length);
        double[] drift = slow(own, common.length);
        short[] steps = new short[common.length];
        for (int n = 0; n < steps.length; n++) {
            double x =
                    gain * (1 + 0.15 * strays[n]) * (12 * background[n] + 14 * common[n] + read[n])
                            + 60 * drift[n]
                            + coupling * SeegSimulator.hum((double) n / hertz);
            steps[n] = SignalSimulator.convert(x * STEPS_PER_MICROVOLT);
        }
        return steps;
    }

    /** What all words do at a contact. */
    private double[] read(int channel, double delay, int samples) {
        double[] sum = new double[samples];
        List<Reading> readings = readings();
        for (int i = 0; i < readings.size(); i++) {
            Reading reading = readings.get(i);
            Pattern pattern =
                    Pattern.of(new Noise(subject).branch(10_000 + reading.number).branch(channel));
            Noise time = new Noise(seed).branch(20_000 + i);
            double vigour = StrictMath.exp(0.2 * time.normal());
            double late = 0.04 * time.normal();
            double[] carrier = carrier(time.branch(channel));
            int first = (int) Math.ceil((reading.start + delay) * hertz);
            int last = Math.min(samples, first + (int) (WORD_SECONDS * hertz));
            for (int n = first; n < last; n++) {
                double since = (double) n / hertz - reading.start - delay;
                sum[n] += vigour * strength(pattern, since - late) * wave(carrier, since);
            }
        }
        return sum;
    }

    private static double strength(Pattern pattern, double since) {
        double sum = 0;
        for (int j = 0; j < SYLLABLES; j++) {
            double width = (since - pattern.times[j]) / 0.15;
            sum += pattern.strengths[j] * StrictMath.exp(-width * width / 2);
        }
        return sum;
    }

    /** Frequencies and phases in turn. */
    private static double[] carrier(Noise noise) {
        double[] carrier = new double[2 * WAVES];
        for (int k = 0; k < WAVES; k++) {
            carrier[2 * k] = LOW_HERTZ + (HIGH_HERTZ - LOW_HERTZ) * noise.uniform();
            carrier[2 * k + 1] = TWO_PI * noise.uniform();
        }
        return carrier;
    }

    private static double wave(double[] carrier, double t) {
        double sum = 0;
        for (int k = 0; k < WAVES; k++) {
            sum += StrictMath.sin(TWO_PI * carrier[2 * k] * t + carrier[2 * k + 1]) / 2;
        }
        return sum;
    }

    /** A first-order process of mean 0 and deviation 1. */
    private double[] slow(Noise noise, int samples) {
        double memory = StrictMath.exp(-1 / (MEMORY_SECONDS * hertz));
        double news = StrictMath.sqrt(1 - memory * memory);
        double[] values = new double[samples];
        double value = noise.normal();
        for (int n = 0; n < samples; n++) {
            value = memory * value + news * noise.normal();
            values[n] = value;
        }
        return values;
    }
}
