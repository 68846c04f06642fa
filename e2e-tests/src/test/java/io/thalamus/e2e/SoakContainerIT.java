/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Await;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job at full speed on a recording without end needs no more memory and no more files, the longer
 * it runs. Properties: {@code thalamus.e2e.soak-minutes}, of which the first two fifths warm up,
 * and {@code thalamus.e2e.soak-slope}, in MB an hour, of what is in use beside compiled code: the
 * JVM goes on compiling for hours, within bounds of its own. In five minutes a leak shows that
 * loses some hundred bytes for each window; an hour with a slope of 1 is what is promised.
 */
@ContainerTest
@Isolated("beside others it would measure how long the JVM takes to warm up")
class SoakContainerIT {
    private static final Duration LENGTH =
            Duration.ofMinutes(Integer.getInteger("thalamus.e2e.soak-minutes", 5));
    private static final int SLOPE = Integer.getInteger("thalamus.e2e.soak-slope", 150);

    /**
     * The processor time in which both task managers warm up: what a JVM needs more memory for at
     * first goes by the work that it has done, which on a busy machine takes longer.
     */
    private static final double WARM_SECONDS = 100;

    /**
     * How many times as long is measured, and then judged, where memory seems to grow too fast: a
     * few megabytes that come and go make 100 MB an hour in three minutes, and far less in nine,
     * while what leaks goes on to.
     */
    private static final int LONGEST = 3;

    /**
     * By how many files the second half may have more open than the first: RocksDB's come and go,
     * and one that each checkpoint left open would be twice as many in five minutes.
     */
    private static final int FILES = 32;

    private static final double MEGABYTE = 1 << 20;
    private static final double NANOS_AN_HOUR = Duration.ofHours(1).toNanos();

    @RegisterExtension static final ContainerCluster CLUSTER = ContainerCluster.forLong();

    /** What the task managers have in use at a moment. */
    private record Sample(double hour, double megabytes, double code, double files) {
        double data() {
            return megabytes - code;
        }
    }

    /** Hourly samples at full speed would reach the end of time, the year 2262, in minutes. */
    static List<Preset> presets() {
        return Preset.chosen(Preset.CLASSIFICATION);
    }

    @ParameterizedTest
    @MethodSource("presets")
    void needsNoMoreTheLongerItRuns(Preset preset) throws Exception {
        PresetRun run = PresetRun.looped(CLUSTER, preset, "soak");
        run.start(2, "");
        long start = System.nanoTime();
        long warm = start + LENGTH.toNanos() * 2 / 5;
        while (System.nanoTime() < warm
                || CLUSTER.total(FixedContainer::processorSeconds) < WARM_SECONDS) {
            awaitCheckpoint(run);
        }
        List<Sample> samples = new ArrayList<>();
        long begin = System.nanoTime();
        long length = LENGTH.toNanos() * 3 / 5;
        sample(run, samples, begin, begin + length);
        if (slope(Sample::data, samples) >= SLOPE) {
            sample(run, samples, begin, begin + length * LONGEST);
        }
        CLUSTER.rest().cancel(run.job());

        double data = slope(Sample::data, samples);
        System.out.printf(
                "%s: %d samples over %s, from %.1f MB to %.1f MB; an hour: %.2f MB, of which"
                        + " %.2f MB beside compiled code, and %.2f files%n",
                preset,
                samples.size(),
                Duration.ofNanos(System.nanoTime() - begin).truncatedTo(ChronoUnit.SECONDS),
                samples.get(0).megabytes(),
                samples.get(samples.size() - 1).megabytes(),
                slope(Sample::megabytes, samples),
                data,
                slope(Sample::files, samples));
        assertThat(data).isLessThan(SLOPE);
        assertThat(median(samples.subList(samples.size() / 2, samples.size())))
                .isLessThanOrEqualTo(median(samples.subList(0, samples.size() / 2)) + FILES);
    }

    private static void sample(PresetRun run, List<Sample> samples, long begin, long end)
            throws Exception {
        for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
            // A sample behind each checkpoint, so that what a checkpoint itself needs is in none.
            awaitCheckpoint(run);
            samples.add(
                    new Sample(
                            (now - begin) / NANOS_AN_HOUR,
                            CLUSTER.total(FixedContainer::residentBytes) / MEGABYTE,
                            CLUSTER.total(FixedContainer::compiledBytes) / MEGABYTE,
                            CLUSTER.total(FixedContainer::openFiles)));
        }
    }

    private static void awaitCheckpoint(PresetRun run) throws Exception {
        long last = CLUSTER.rest().lastCheckpoint(run.job());
        Await.until(
                "a checkpoint is completed", () -> CLUSTER.rest().lastCheckpoint(run.job()) > last);
    }

    /** That of the line of least squares, an hour. */
    private static double slope(ToDoubleFunction<Sample> figure, List<Sample> samples) {
        double hour = samples.stream().mapToDouble(Sample::hour).average().orElseThrow();
        double value = samples.stream().mapToDouble(figure).average().orElseThrow();
        double products = 0;
        double squares = 0;
        for (Sample sample : samples) {
            double distance = sample.hour() - hour;
            products += distance * (figure.applyAsDouble(sample) - value);
            squares += distance * distance;
        }
        return products / squares;
    }

    /** Of the files that are open. */
    private static double median(List<Sample> samples) {
        return Median.of(samples.stream().mapToDouble(Sample::files));
    }
}
