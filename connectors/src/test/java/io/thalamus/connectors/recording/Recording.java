/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A file that tests read in a format, as the recording {@code s}. */
record Recording(RecordingFormat format, Path file) {
    private static final String NAME = "s";

    RecordingDescription describe() throws IOException {
        return format.describe(flinkPath(), NAME);
    }

    RecordingReader open(byte[] position) throws IOException {
        return format.open(flinkPath(), NAME, position);
    }

    List<Received> read() throws IOException {
        try (RecordingReader reader = open(new byte[0])) {
            return rest(reader);
        }
    }

    /** What a reader still has to give. */
    static List<Received> rest(RecordingReader reader) throws IOException {
        List<Received> rest = new ArrayList<>();
        for (Received next = reader.next(); next != null; next = reader.next()) {
            rest.add(next);
        }
        assertThat(reader.next()).isNull();
        return rest;
    }

    /** The same, by readers that are killed with this probability behind each record. */
    List<Received> readKilled(Random random, double probability) throws IOException {
        List<Received> read = new ArrayList<>();
        RecordingReader reader = open(new byte[0]);
        try {
            for (Received next = reader.next(); next != null; next = reader.next()) {
                read.add(next);
                if (random.nextDouble() < probability) {
                    byte[] position = serialised(reader.position());
                    reader.close();
                    reader = open(position);
                }
            }
        } finally {
            reader.close();
        }
        return read;
    }

    byte[] serialised(byte[] position) throws IOException {
        RecordingSplitSerializer serializer = new RecordingSplitSerializer();
        RecordingSplit split = new RecordingSplit(file.toString(), NAME, position);
        RecordingSplit copy =
                serializer.deserialize(serializer.getVersion(), serializer.serialize(split));
        assertThat(copy).isEqualTo(split);
        return copy.position();
    }

    private org.apache.flink.core.fs.Path flinkPath() {
        return new org.apache.flink.core.fs.Path(file.toString());
    }

    static List<SignalFrame> frames(List<Received> received) {
        return received.stream().map(Received::frame).filter(Objects::nonNull).toList();
    }

    static List<DeadLetter> refused(List<Received> received) {
        return received.stream().map(Received::deadLetter).filter(Objects::nonNull).toList();
    }

    static List<Annotation> annotations(List<Received> received) {
        return received.stream().map(Received::annotation).filter(Objects::nonNull).toList();
    }

    /** Expects that it cannot be used, for a reason that follows the file's name. */
    void assertInvalid(String what) {
        for (ThrowingCallable use : List.<ThrowingCallable>of(this::describe, this::read)) {
            assertThatThrownBy(use)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("recording '" + file + "' " + what);
        }
    }

    /** All samples of a channel of one stream, whatever the frames. */
    static float[] samples(List<Received> received, String streamId, int channel) {
        List<SignalFrame> frames =
                frames(received).stream()
                        .filter(frame -> frame.streamId().equals(streamId))
                        .toList();
        float[] samples = new float[frames.stream().mapToInt(SignalFrame::length).sum()];
        int at = 0;
        for (SignalFrame frame : frames) {
            int length = frame.length();
            System.arraycopy(frame.samples(), channel * length, samples, at, length);
            at += length;
        }
        return samples;
    }
}
