/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.alignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.operators.signal.alignment.Alignment.Missing;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** However the members come, and wherever the state is stored: the same samples. */
class AlignerPropertyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000L * SECOND + 123_456_789;
    private static final SampleRate[] RATES = {
        SampleRate.ofHertz(10),
        SampleRate.ofHertz(3),
        SampleRate.ofHertz(44),
        new SampleRate(100, 7),
        SampleRate.ofHertz(10)
    };
    private static final SampleRate CLOCK = SampleRate.ofHertz(10);
    private static final int LONGEST_FRAME = 30;

    private record Arrival(long key, SignalFrame frame, long watermark) {}

    /** Each sample comes before any that is later by more than the limit. */
    @Property(tries = 150)
    void anyInterleavingWithinTheLimitGivesTheSame(
            @ForAll @IntRange(min = 2, max = 4) int members,
            @ForAll boolean mark,
            @ForAll @IntRange(max = 20) int delay,
            @ForAll long seed) {
        Random random = new Random(seed);
        List<List<SignalFrame>> segments = segments(members, random);
        Duration limit = Duration.ofSeconds(LONGEST_FRAME / 3 + delay);
        Alignment alignment = alignment(members, mark, limit, limit);
        check(
                alignment,
                segments,
                interleaved(segments, delay * SECOND, random),
                interleaved(segments, delay * SECOND, random));
    }

    /** One member may be a long way ahead, if the watermark tells that the others are to come. */
    @Property(tries = 150)
    void anyInterleavingAtAllGivesTheSameWhereWatermarksTellOfIt(
            @ForAll @IntRange(min = 2, max = 4) int members,
            @ForAll boolean mark,
            @ForAll long seed) {
        Random random = new Random(seed);
        List<List<SignalFrame>> segments = segments(members, random);
        Alignment alignment =
                alignment(members, mark, Duration.ofMillis(1), Duration.ofSeconds(1_000_000));
        List<Arrival> other = new ArrayList<>();
        for (List<SignalFrame> member : segments) {
            long place = random.nextInt(1000) * SECOND;
            for (SignalFrame frame : cut(member, random)) {
                other.add(new Arrival(place += random.nextInt(9) * SECOND, frame, 0));
            }
        }
        check(
                alignment,
                segments,
                withWatermarks(interleaved(segments, 0, random)),
                withWatermarks(sorted(other)));
    }

    private static void check(
            Alignment alignment,
            List<List<SignalFrame>> segments,
            List<Arrival> one,
            List<Arrival> other) {
        Joined first = run(alignment, one, -1);
        Joined second = run(alignment, other, other.size() / 2);
        assertThat(first.late).isEmpty();
        assertThat(second.late).isEmpty();
        assertThat(second.samples()).isEqualTo(first.samples());
        assertThat(second.missing).isEqualTo(first.missing);
        assertThat(second.interruptions).containsExactlyInAnyOrderElementsOf(first.interruptions);
        assertThat(first.samples()).isEqualTo(new Definition(alignment, segments).samples());
    }

    /**
     * @param restoreBefore the frame that another aligner goes on with
     */
    private static Joined run(Alignment alignment, List<Arrival> arrivals, int restoreBefore) {
        Joined out = new Joined();
        Aligner aligner = new Aligner(alignment);
        AlignmentState state = aligner.before("g");
        for (int i = 0; i < arrivals.size(); i++) {
            aligner = i == restoreBefore ? new Aligner(alignment) : aligner;
            Arrival arrival = arrivals.get(i);
            state = aligner.take(arrival.frame(), arrival.watermark(), state, out);
        }
        aligner.finish(state, out);
        return out;
    }

    private static Alignment alignment(int members, boolean mark, Duration limit, Duration hold) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            names.add("m" + i);
        }
        return new Alignment(names, CLOCK, mark ? Missing.MARK : Missing.SPLIT, limit, hold);
    }

    /** For each member, each segment as one frame; some follow without a hole. */
    private static List<List<SignalFrame>> segments(int members, Random random) {
        List<List<SignalFrame>> all = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            List<SignalFrame> own = new ArrayList<>();
            long time = START + random.nextInt(10) * SECOND / (1 + random.nextInt(7));
            int count = 1 + random.nextInt(4);
            for (int segment = 0; segment < count; segment++) {
                SampleRate rate = RATES[random.nextInt(RATES.length)];
                if (random.nextBoolean()) {
                    time = CLOCK.nanosOf(CLOCK.samplesBefore(time));
                }
                int channels = 1 + random.nextInt(2);
                float[] samples = new float[channels * (1 + random.nextInt(200))];
                for (int n = 0; n < samples.length; n++) {
                    samples[n] =
                            random.nextInt(40) == 0 ? Float.NaN : (float) random.nextGaussian();
                }
                own.add(
                        new SignalFrame(
                                "g.m" + i,
                                random.nextInt(100),
                                segment,
                                time,
                                rate,
                                channels == 1 ? List.of("a") : List.of("a", "b"),
                                samples,
                                0));
                time = own.get(segment).endNanos();
                time +=
                        switch (random.nextInt(4)) {
                            case 0 -> 0;
                            case 1 -> -rate.nanosOf(1) / 2; // but after the last sample
                            default -> random.nextInt(30) * SECOND / 3;
                        };
            }
            all.add(own);
        }
        return all;
    }

    private static List<Arrival> interleaved(
            List<List<SignalFrame>> segments, long delay, Random random) {
        List<Arrival> arrivals = new ArrayList<>();
        for (List<SignalFrame> member : segments) {
            long key = Long.MIN_VALUE;
            for (SignalFrame frame : cut(member, random)) {
                key = Math.max(key, frame.endNanos() + (long) (random.nextDouble() * delay));
                arrivals.add(new Arrival(key, frame, Long.MAX_VALUE));
            }
        }
        return sorted(arrivals);
    }

    private static List<Arrival> sorted(List<Arrival> arrivals) {
        return arrivals.stream().sorted(Comparator.comparingLong(Arrival::key)).toList();
    }

    private static List<SignalFrame> cut(List<SignalFrame> segments, Random random) {
        List<SignalFrame> frames = new ArrayList<>();
        for (SignalFrame segment : segments) {
            int most = 1 + random.nextInt(LONGEST_FRAME);
            for (int from = 0; from < segment.length(); ) {
                int to = Math.min(segment.length(), from + 1 + random.nextInt(most));
                frames.add(segment.slice(from, to));
                from = to;
            }
        }
        return frames;
    }

    /** What is still to come is later than the watermark. */
    private static List<Arrival> withWatermarks(List<Arrival> arrivals) {
        List<Arrival> all = new ArrayList<>(arrivals);
        long watermark = Long.MAX_VALUE;
        for (int i = all.size() - 1; i >= 0; i--) {
            SignalFrame frame = all.get(i).frame();
            watermark = Math.min(watermark, frame.startNanos());
            all.set(i, new Arrival(0, frame, watermark));
        }
        return all;
    }
}
