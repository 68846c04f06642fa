/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.audio.separation;

import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * Speech separation on streams: of a window of one channel a window for each speaker, in a stream
 * of its own, {@code <stream>/1} and so on, at the level that the speaker has in the mixture. Over
 * the windows of a segment, which ought to overlap, a speaker stays in one of these streams, as far
 * as {@link SpeakerTracks} can tell, and where that takes another of the network's outputs it is
 * remarked; in the next segment speakers may be numbered otherwise. A window of silence, exact
 * zeros, gives the same.
 *
 * <p>Windows of a batch are run one after the other, as one is work enough for the engine: so a
 * window's result has the same bits in any batch.
 *
 * <p>Behind the voices, an output has the statistics that streams learn from, where they can.
 *
 * <p>Latency: a window, and the time that it takes. What is carried: the last window of each
 * speaker.
 */
final class SpeechSeparator implements StreamModel {
    private static final String VOICE = "voice";

    private final ModelSignature signature;
    private final SeparatorConfig config;
    private final SeparatorNetwork network;
    private final StreamModulator modulator;
    private final SpeakerTracks tracks;

    SpeechSeparator(
            ModelSignature signature,
            SeparatorConfig config,
            SeparatorNetwork network,
            StreamModulator modulator) {
        this.signature = signature;
        this.config = config;
        this.network = network;
        this.modulator = modulator;
        this.tracks = new SpeakerTracks(config.speakers(), config.window(), config.sampleRate());
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public List<ModelOutput> infer(List<ModelInput> batch) {
        List<ModelOutput> outputs = new ArrayList<>();
        for (ModelInput input : batch) {
            SignalFrame window = input.window();
            float[] samples = window.samples();
            boolean silent = isSilent(samples);
            float[] separated;
            if (silent) {
                separated = new float[config.speakers() * samples.length];
            } else {
                modulator.set(input.fastWeights());
                separated = network.separate(samples, 0);
            }
            SpeakerTracks.Placed placed = tracks.place(separated, window.sequence(), input.state());
            float[] values = placed.tracks();
            if (modulator.isPresent()) {
                values =
                        StreamModulator.withStatistics(
                                values,
                                silent
                                        ? modulator.noStatistics()
                                        : modulator.statistics(
                                                network.tap(SeparatorGraph.RESPONSES)));
            }
            outputs.add(new ModelOutput(values, placed.state(), remarks(placed)));
        }
        return outputs;
    }

    private static List<String> remarks(SpeakerTracks.Placed placed) {
        if (!placed.exchanged()) {
            return List.of();
        }
        StringJoiner outputs = new StringJoiner(", ");
        for (int track = 0; track < placed.order().length; track++) {
            outputs.add(
                    "/%d is the network's output %d"
                            .formatted(track + 1, placed.order()[track] + 1));
        }
        return List.of("voices exchanged: from here on " + outputs);
    }

    private static boolean isSilent(float[] samples) {
        for (float sample : samples) {
            if (sample != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<WireRecord> interpret(SignalFrame window, ModelOutput output) {
        List<WireRecord> speakers = new ArrayList<>();
        int length = window.length();
        for (int track = 0; track < config.speakers(); track++) {
            speakers.add(
                    new SignalFrame(
                            window.streamId() + "/" + (track + 1),
                            window.sequence(),
                            window.segment(),
                            window.startNanos(),
                            window.rate(),
                            List.of(VOICE),
                            Arrays.copyOfRange(
                                    output.values(), track * length, (track + 1) * length),
                            window.quality()));
        }
        return speakers;
    }

    @Override
    public void close() {
        network.close();
    }
}
