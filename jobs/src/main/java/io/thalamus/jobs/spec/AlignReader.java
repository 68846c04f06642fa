/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.StreamDescription;
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
        List<StreamDescription> models = new ArrayList<>();
        alignment.members().forEach(member -> models.add(null));
        for (RecordingDescription recording : recordings) {
            for (StreamDescription stream : recording.streams()) {
                int member = alignment.memberOf(stream.streamId());
                if (member < 0) {
                    root.wrong(
                            PipelineKeys.ALIGN,
                            "%s is no member; %s"
                                    .formatted(
                                            stream.streamId(),
                                            remedy(stream.streamId(), alignment.members())));
                    return Optional.empty();
                }
                if (!startsInReach(recording, stream, recordings, alignment)) {
                    root.wrong(
                            PipelineKeys.ALIGN,
                            ("%s starts later than another of its group by more than hold, %s;"
                                            + " give source.from, or hold more")
                                    .formatted(recording.path(), Span.of(alignment.hold())));
                    return Optional.empty();
                }
                StreamDescription model = models.get(member);
                if (model != null && !model.channels().equals(stream.channels())) {
                    root.wrong(
                            PipelineKeys.ALIGN,
                            "%s has the channels %s, but %s has %s; those of one member must be the"
                                            .formatted(
                                                    model.streamId(),
                                                    model.channels(),
                                                    stream.streamId(),
                                                    stream.channels())
                                    + " same");
                    return Optional.empty();
                }
                models.set(member, stream);
            }
        }
        List<String> channels = new ArrayList<>();
        for (int member = 0; member < models.size(); member++) {
            if (models.get(member) == null) {
                root.wrong(
                        PipelineKeys.ALIGN,
                        "there is no recording of %s; name its file GROUP.%s"
                                .formatted(
                                        alignment.members().get(member),
                                        fileOf(alignment.members().get(member))));
                return Optional.empty();
            }
            for (String channel : models.get(member).channels()) {
                channels.add(alignment.channel(member, channel));
            }
        }
        return Optional.of(new StreamShape(channels, alignment.rate()));
    }

    /** What makes a member of a stream; of a file of several, that is FILE/STREAM. */
    private static String remedy(String streamId, List<String> members) {
        String file = fileOf(streamId);
        if (file.equals(streamId)) {
            return "name its file GROUP.MEMBER with one of %s".formatted(members);
        }
        String inFile = streamId.substring(file.length());
        if (inFile.indexOf('.') >= 0) {
            return ("the full stop in '%s' keeps it from being one; give it a file of its own,"
                            + " GROUP.MEMBER with one of %s")
                    .formatted(inFile.substring(1), members);
        }
        int separator = file.lastIndexOf('.');
        String member = file.substring(separator + 1) + inFile;
        return separator > 0
                ? "its file has several streams: name it '%s' in members, which are %s"
                        .formatted(member, members)
                : ("its file has several streams: name the file GROUP.%s, and this one '%s' in"
                                + " members, which are %s")
                        .formatted(file, member, members);
    }

    /** The file's part of the name of a stream, or of a member. */
    private static String fileOf(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? name : name.substring(0, slash);
    }

    /** Recordings play at once, each from its own start, so that a later one is ahead. */
    private static boolean startsInReach(
            RecordingDescription recording,
            StreamDescription stream,
            List<RecordingDescription> recordings,
            Alignment alignment) {
        String group = alignment.groupOf(stream.streamId());
        long reach = alignment.hold().toNanos();
        return recordings.stream()
                .filter(
                        other ->
                                other.streams().stream()
                                        .anyMatch(
                                                each ->
                                                        alignment
                                                                .groupOf(each.streamId())
                                                                .equals(group)))
                .allMatch(other -> recording.startNanos() - other.startNanos() <= reach);
    }
}
