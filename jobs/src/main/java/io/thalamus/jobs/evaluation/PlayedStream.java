/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.evaluation;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A stream that a pipeline is given for the sake of what is known of it, and where on its clock
 * what comes of it lies. Its first sample is at 0 ns.
 *
 * @param name the stream's
 * @param rate of the stream, and of what is to come of it
 * @param length samples
 */
record PlayedStream(String name, SampleRate rate, int length) {
    private static final int FRAME = 256;

    /**
     * Writes it as a recording that a pipeline can read.
     *
     * @param folder a recording is added to it
     * @param channels their names
     * @param signals one for each channel, as long as the stream
     */
    void record(Path folder, List<String> channels, List<float[]> signals) throws IOException {
        try (RecordingFolder recordings =
                RecordingFolder.open(folder.toString(), WrittenFormat.AVRO, false)) {
            for (int start = 0; start < length; start += FRAME) {
                int count = Math.min(FRAME, length - start);
                float[] samples = new float[channels.size() * count];
                for (int channel = 0; channel < channels.size(); channel++) {
                    System.arraycopy(signals.get(channel), start, samples, channel * count, count);
                }
                recordings.write(
                        new SignalFrame(
                                name, start, 0, rate.nanosOf(start), rate, channels, samples, 0));
            }
            recordings.finish();
        }
    }

    /**
     * What has come of it, each sample at its own time.
     *
     * @param samples as many as the stream's
     * @param missing for how many of them nothing came
     */
    record Outcome(float[] samples, int missing) {

        double[] values() {
            return MonoRecording.values(samples, 0, samples.length);
        }
    }

    /**
     * Puts the first channel of what came on the clock of the stream. Where nothing came, or a
     * value is missing, stands what was there before, so that to give nothing is never better than
     * to do nothing.
     *
     * @param came frames of one stream, none outside of the clock of this one
     * @param before as long as the stream
     * @throws InvalidInputException if nothing came, or it has another rate
     */
    Outcome outcome(List<SignalFrame> came, float[] before) {
        float[] samples = new float[length];
        Arrays.fill(samples, Float.NaN);
        for (SignalFrame frame : came) {
            if (!frame.rate().equals(rate)) {
                throw new InvalidInputException(
                        "of %s comes a signal at %s, but what it is compared with is at %s; resample at the end"
                                .formatted(name, frame.rate(), rate));
            }
            long first = rate.samplesIn(frame.startNanos());
            for (int n = 0; n < frame.length(); n++) {
                if (first + n >= 0 && first + n < length) {
                    samples[(int) (first + n)] = frame.sample(0, n);
                }
            }
        }
        int missing = 0;
        for (int n = 0; n < length; n++) {
            if (!Float.isFinite(samples[n])) {
                samples[n] = before[n];
                missing++;
            }
        }
        if (missing == length) {
            throw new InvalidInputException(
                    "of %s nothing came out that could be compared; the pipeline has to take such streams, and to give a signal at their times"
                            .formatted(name));
        }
        return new Outcome(samples, missing);
    }
}
