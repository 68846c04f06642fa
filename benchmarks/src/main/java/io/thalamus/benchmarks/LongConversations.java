/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.jobs.evaluation.MonoRecording;
import io.thalamus.jobs.evaluation.SeparationScore;
import io.thalamus.jobs.simulation.LoopedConversation;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.OverlapAdd;
import io.thalamus.operators.signal.OverlapState;
import io.thalamus.operators.signal.Padding;
import io.thalamus.operators.signal.SlicerState;
import io.thalamus.operators.signal.fourier.StandardTaper;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How well the shipped separator keeps two speakers apart over long recordings: looped
 * conversations, each of the two sources of one mixture, cut into windows of which each shares half
 * with the next. The network runs once for each window; its outputs are joined by tracks, as the
 * pipeline does, and by their numbers, in the order in which the network gives them.
 *
 * <p>Arguments: a folder, how many seconds, lengths of windows in seconds, and names of folders in
 * it with {@code source1.wav} and {@code source2.wav}, lists with commas.
 */
public final class LongConversations {
    private static final Path BUNDLE = Path.of("pipelines/bundles/separator-8k");
    private static final String WINDOW = "window_samples";
    private static final int SPEAKERS = 2;
    private static final long SEED = 1;
    private static final double SECONDS_AN_HOUR = 3600;

    /** The voices in the network's order, among what the model carries to the next window. */
    private static final String NETWORK_ORDER = "outputs";

    private LongConversations() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException(
                    "give a folder, seconds, windows and items, such as mixtures 3600 2,4 a,b");
        }
        double seconds = Double.parseDouble(arguments[1]);
        System.out.println(
                "| window | item | joined | SI-SDRi, one order | the best at each time | swaps |"
                        + " swaps an hour | exchanges |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (String window : arguments[2].split(",")) {
            ModelBundle bundle = withWindow(Double.parseDouble(window));
            try (GraphEngine engine = GraphEngines.open(GraphEngines.DEFAULT);
                    StreamModel model =
                            ModelFactories.forBundle(
                                            bundle, LongConversations.class.getClassLoader())
                                    .open(bundle, engine)) {
                for (String item : arguments[3].split(",")) {
                    measure(model, item, Path.of(arguments[0], item), seconds);
                }
            }
        }
    }

    /** The shipped bundle, but for how much it looks at. */
    private static ModelBundle withWindow(double seconds) {
        ObjectNode config = ModelBundle.open(BUNDLE).config().root().deepCopy();
        config.put(WINDOW, Math.round(seconds * config.get("sample_rate").asInt()));
        return ModelBundle.draft(BUNDLE, config);
    }

    private static void measure(StreamModel model, String item, Path folder, double seconds)
            throws IOException {
        SampleRate rate = model.signature().rate();
        LoopedConversation conversation = new LoopedConversation(SEED, rate, seconds);
        float[][] sources = new float[SPEAKERS][];
        for (int speaker = 0; speaker < SPEAKERS; speaker++) {
            MonoRecording source =
                    MonoRecording.read(folder.resolve("source%d.wav".formatted(speaker + 1)));
            if (!source.rate().equals(rate)) {
                throw new IllegalArgumentException(source.path() + " is not at " + rate);
            }
            sources[speaker] = conversation.said(speaker, source.samples());
        }
        float[] mixture = new float[sources[0].length];
        for (float[] source : sources) {
            for (int n = 0; n < mixture.length; n++) {
                mixture[n] += source[n];
            }
        }
        int window = model.signature().windowLength();
        FrameSlicer slicer = new FrameSlicer(window, window / 2, Padding.TRIM);
        Joined tracks = new Joined(slicer, mixture.length);
        Joined numbers = new Joined(slicer, mixture.length);
        int exchanges = separate(model, mixture, slicer, tracks, numbers);
        print(
                window / rate.hertz(),
                item,
                "tracks",
                tracks.score(item, rate, mixture, sources),
                exchanges);
        print(
                window / rate.hertz(),
                item,
                "by number",
                numbers.score(item, rate, mixture, sources),
                0);
    }

    /** Returns how often the tracks took another of the network's outputs. */
    private static int separate(
            StreamModel model, float[] mixture, FrameSlicer slicer, Joined tracks, Joined numbers) {
        SampleRate rate = model.signature().rate();
        SlicerState cut = null;
        CarriedState carried = CarriedState.empty();
        int exchanges = 0;
        List<SignalFrame> windows = new ArrayList<>();
        for (int at = 0; at < mixture.length; at += slicer.hop()) {
            SignalFrame frame =
                    new SignalFrame(
                            "call",
                            at,
                            0,
                            rate.nanosOf(at),
                            rate,
                            List.of("mixture"),
                            Arrays.copyOfRange(
                                    mixture, at, Math.min(at + slicer.hop(), mixture.length)),
                            0);
            cut = slicer.slice(frame, cut == null ? SlicerState.before(frame) : cut, windows::add);
            if (at + slicer.hop() >= mixture.length) {
                slicer.finish(frame.streamId(), cut, windows::add);
            }
            for (SignalFrame window : windows) {
                ModelInput input =
                        new ModelInput(slicer.filledUp(window), carried, FastWeights.none());
                ModelOutput output = model.infer(List.of(input)).get(0);
                carried = output.state();
                exchanges += output.remarks().size();
                float[] unordered = carried.arrays().get(NETWORK_ORDER);
                tracks.add(window, model.interpret(input.window(), output));
                numbers.add(
                        window,
                        model.interpret(input.window(), new ModelOutput(unordered, carried)));
            }
            windows.clear();
        }
        tracks.finish();
        numbers.finish();
        return exchanges;
    }

    /** The voices of a recording, joined from windows as the pipeline joins them. */
    private static final class Joined {
        private final OverlapAdd join;
        private final OverlapState[] states = new OverlapState[SPEAKERS];
        private final float[][] voices;

        Joined(FrameSlicer slicer, int samples) {
            join = new OverlapAdd(slicer.hop(), StandardTaper.HANN.periodic(slicer.length()));
            voices = new float[SPEAKERS][samples];
        }

        void add(SignalFrame window, List<WireRecord> separated) {
            for (int speaker = 0; speaker < SPEAKERS; speaker++) {
                float[] voice = voices[speaker];
                SignalFrame whole = (SignalFrame) separated.get(speaker);
                SignalFrame trimmed = whole.until(window.nextSequence()).orElseThrow();
                OverlapState before =
                        states[speaker] == null ? OverlapState.before(trimmed) : states[speaker];
                states[speaker] = join.add(trimmed, before, frame -> put(frame, voice));
            }
        }

        void finish() {
            for (int speaker = 0; speaker < SPEAKERS; speaker++) {
                float[] voice = voices[speaker];
                join.finish(states[speaker], frame -> put(frame, voice));
            }
        }

        private static void put(SignalFrame frame, float[] voice) {
            System.arraycopy(frame.samples(), 0, voice, (int) frame.sequence(), frame.length());
        }

        SeparationScore score(String item, SampleRate rate, float[] mixture, float[][] sources) {
            return SeparationScore.of(item, rate, mixture, sources, voices, /* missing= */ 0);
        }
    }

    private static void print(
            double window, String item, String joined, SeparationScore score, int exchanges) {
        System.out.printf(
                Locale.ROOT,
                "| %.0f s | %s | %s | %.2f dB | %.2f dB | %d | %.1f | %d |%n",
                window,
                item,
                joined,
                score.fixed().siSdri(),
                score.followed().siSdri(),
                score.swaps(),
                score.swaps() * SECONDS_AN_HOUR / score.seconds(),
                exchanges);
    }
}
