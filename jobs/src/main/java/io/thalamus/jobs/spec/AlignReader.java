/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.alignment.Alignment.Missing;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code align}, for several streams on one clock. */
final class AlignReader {
    private static final Key<List<String>> MEMBERS =
            Key.required(
                    "members",
                    KeyTypes.TEXTS,
                    "the streams of a group, in the order of their channels: the stream"
                            + " `GROUP.MEMBER`, or the file `GROUP.MEMBER.csv`, is this member of"
                            + " the group");
    private static final Key<SampleRate> RATE =
            Key.required("rate", KeyTypes.RATE, "samples of the joined stream a second");
    private static final Key<Missing> MISSING =
            Key.optional(
                    "missing",
                    KeyTypes.constant(Missing.class),
                    Missing.SPLIT,
                    "split",
                    "where a member is missing: split begins a new segment where all are there"
                            + " again, mark goes on with its values missing, fail stops the job");
    private static final Key<Duration> LIMIT =
            Key.required(
                    "limit",
                    KeyTypes.DURATION,
                    "how much later than another member's a sample may come; more than a frame"
                            + " takes, and than order holds back");
    private static final Key<Duration> HOLD =
            Key.absent(
                    "hold",
                    KeyTypes.DURATION,
                    "1,048,576 samples, or the limit if that is longer",
                    "the longest lead that is kept while the watermark tells that the others are"
                            + " still to come");

    static final List<Key<?>> KEYS = List.of(MEMBERS, RATE, MISSING, LIMIT, HOLD);

    private AlignReader() {}

    /** The alignment; empty if there is none, or it is not right. */
    static Optional<Alignment> read(Section root) {
        if (!root.has(PipelineKeys.ALIGN)) {
            return Optional.empty();
        }
        Section section = root.group(PipelineKeys.ALIGN).allow(KEYS);
        if (!section.check(KEYS)) {
            return Optional.empty();
        }
        SampleRate rate = section.get(RATE);
        Duration limit = section.get(LIMIT);
        Duration hold = section.get(HOLD);
        try {
            return Optional.of(
                    new Alignment(
                            section.get(MEMBERS),
                            rate,
                            section.get(MISSING),
                            limit,
                            hold == null ? Alignment.usualHold(rate, limit) : hold));
        } catch (InvalidInputException e) {
            root.wrong(PipelineKeys.ALIGN, e.getMessage().replaceFirst("^align: ", ""));
            return Optional.empty();
        }
    }

    /**
     * The shape that recordings are joined into.
     *
     * @return empty, with the mistake noted, if they cannot be
     */
    static Optional<StreamShape> shape(
            Alignment alignment, List<RecordingDescription> recordings, Section root) {
        List<RecordingDescription> models = new ArrayList<>();
        alignment.members().forEach(member -> models.add(null));
        for (RecordingDescription recording : recordings) {
            int member = alignment.memberOf(recording.streamId());
            if (member < 0) {
                root.wrong(
                        PipelineKeys.ALIGN,
                        "%s is no member; name it GROUP.MEMBER.csv with one of %s"
                                .formatted(recording.path(), alignment.members()));
                return Optional.empty();
            }
            if (!startsInReach(recording, recordings, alignment)) {
                root.wrong(
                        PipelineKeys.ALIGN,
                        ("%s starts later than another of its group by more than hold, %s; give"
                                        + " source.from, or hold more")
                                .formatted(recording.path(), Span.of(alignment.hold())));
                return Optional.empty();
            }
            RecordingDescription model = models.get(member);
            if (model != null && !model.channels().equals(recording.channels())) {
                root.wrong(
                        PipelineKeys.ALIGN,
                        "%s has the channels %s, but %s has %s; those of one member must be the"
                                        .formatted(
                                                model.path(),
                                                model.channels(),
                                                recording.path(),
                                                recording.channels())
                                + " same");
                return Optional.empty();
            }
            models.set(member, recording);
        }
        List<String> channels = new ArrayList<>();
        for (int member = 0; member < models.size(); member++) {
            if (models.get(member) == null) {
                root.wrong(
                        PipelineKeys.ALIGN,
                        "there is no recording of %s; name one GROUP.%<s.csv"
                                .formatted(alignment.members().get(member)));
                return Optional.empty();
            }
            for (String channel : models.get(member).channels()) {
                channels.add(alignment.channel(member, channel));
            }
        }
        return Optional.of(new StreamShape(channels, alignment.rate()));
    }

    /** Recordings play at once, each from its own start, so that a later one is ahead. */
    private static boolean startsInReach(
            RecordingDescription recording,
            List<RecordingDescription> recordings,
            Alignment alignment) {
        String group = alignment.groupOf(recording.streamId());
        return recordings.stream()
                .filter(other -> alignment.groupOf(other.streamId()).equals(group))
                .allMatch(
                        other ->
                                recording.startNanos() - other.startNanos()
                                        <= alignment.hold().toNanos());
    }
}
