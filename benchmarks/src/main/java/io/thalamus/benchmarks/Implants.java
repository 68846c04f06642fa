/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import io.thalamus.connectors.Received;
import io.thalamus.jobs.PipelineBuilder;
import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.FileUtils;

/**
 * Implants of 128 contacts at 2000 Hz, each a stream of noise, through the steps of {@code
 * decode-seeg} and a bundle of Du-IN that takes ten channels at 1000 Hz.
 *
 * @param streams how many
 * @param frame samples of a frame
 */
record Implants(int streams, int frame) implements Serializable {
    static final int HERTZ = 2000;
    private static final SampleRate RATE = SampleRate.ofHertz(HERTZ);
    private static final int SHAFTS = 8;
    private static final int CONTACTS = 16;
    private static final int CHANNELS = 10;
    private static final float[] NOISE = noise();

    private static float[] noise() {
        Random random = new Random(1);
        float[] noise = new float[1 << 20];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (20 * random.nextGaussian());
        }
        return noise;
    }

    /** The stream's name is its number. */
    SignalFrame frame(long number) {
        long first = number / streams * frame;
        float[] samples = new float[SHAFTS * CONTACTS * frame];
        int from = (int) (number * 7919 % (NOISE.length - samples.length));
        System.arraycopy(NOISE, from, samples, 0, samples.length);
        return new SignalFrame(
                Long.toString(number % streams),
                first,
                0,
                RATE.nanosOf(first),
                RATE,
                contacts(),
                samples,
                0);
    }

    private static List<String> contacts() {
        List<String> contacts = new ArrayList<>();
        for (char shaft = 'A'; shaft < 'A' + SHAFTS; shaft++) {
            for (int contact = 1; contact <= CONTACTS; contact++) {
                contacts.add("L" + shaft + contact);
            }
        }
        return contacts;
    }

    /** The pairs that the network takes. */
    private static String pairs() {
        return IntStream.rangeClosed(1, CHANNELS)
                .mapToObj(i -> "LA" + i + "-LA" + (i + 1))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String tenTimes(String number) {
        return IntStream.range(0, CHANNELS)
                .mapToObj(i -> number)
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /**
     * Plays so many seconds on the embedded Flink.
     *
     * @param bundle the network's
     * @param hop from window to window, such as 1s
     * @param batch windows in a call of the network at most
     * @param played is given the number of each frame as it is due
     * @param decoded is given each result
     */
    void play(
            String bundle,
            int seconds,
            String hop,
            int batch,
            MapFunction<Long, Long> played,
            MapFunction<Classification, Classification> decoded)
            throws Exception {
        Path folder = Files.createTempDirectory("thalamus-implants-");
        try {
            PipelineSpec spec = PipelineSpec.load(pipeline(folder, bundle, hop, batch), List.of());
            Configuration configuration = new Configuration();
            configuration.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(1));
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
            long frames = (long) streams * seconds * HERTZ / frame;
            var received =
                    environment
                            .fromSequence(0, frames - 1)
                            .uid("numbers")
                            .map(played)
                            .returns(Types.LONG)
                            .uid("played")
                            .map(number -> Received.frame(frame(number)))
                            .returns(TypeInformation.of(Received.class))
                            .uid("source");
            PipelineBuilder.observe(environment, spec, received, same -> same)
                    .results()
                    .map(result -> decoded.map((Classification) result))
                    .returns(TypeInformation.of(Classification.class))
                    .uid("decoded")
                    .sinkTo(new DiscardingSink<>())
                    .uid("sink");
            environment.execute("implants");
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static Path pipeline(Path folder, String bundle, String hop, int batch)
            throws IOException {
        return Files.writeString(
                folder.resolve("pipeline.yaml"),
                """
                name: implants
                source: {type: kafka, bootstrap: none, topic: none, group: none}
                order: {flat-line: {length: 100ms, remove: true}}
                transforms:
                  - {id: band, type: butterworth, kind: band-pass, cutoffs: [0.5, 200], order: 4}
                  - {id: mains, type: notch, frequency: 50, q: 30, harmonics: 4}
                  - {id: rate, type: resample, rate: 1000}
                  - {id: montage, type: bipolar}
                  - {id: choice, type: select-channels, channels: %s}
                  - {id: scale, type: standardise, mean: %s, deviation: %s}
                window: {hop: %s}
                model: {bundle: %s, batch: {size: %d}}
                sink: {type: jsonl, path: out}
                dead-letters: {type: jsonl, path: refused}
                """
                        .formatted(
                                pairs(),
                                tenTimes("0"),
                                tenTimes("20"),
                                hop,
                                Path.of(bundle).toAbsolutePath(),
                                batch));
    }
}
