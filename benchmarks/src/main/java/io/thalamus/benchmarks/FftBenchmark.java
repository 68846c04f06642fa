/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.operators.signal.fourier.RealFft;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a real transform costs: powers of two, lengths that speech and sensors are cut into, and
 * primes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class FftBenchmark {

    @Param({
        "192", "256", "257", "320", "441", "512", "720", "1000", "1024", "4096", "4099", "16384",
        "16411", "65536", "65537"
    })
    public int length;

    private RealFft fft;
    private double[] series;
    private double[] re;
    private double[] im;

    @Setup
    public void prepare() {
        fft = new RealFft(length);
        series = new SplittableRandom(1).doubles(length, -1, 1).toArray();
        re = new double[fft.bins()];
        im = new double[fft.bins()];
    }

    @Benchmark
    public double[] forward() {
        fft.forward(series, re, im);
        return re;
    }

    @Benchmark
    public double[] inverse() {
        fft.inverse(re, im, series);
        return series;
    }
}
