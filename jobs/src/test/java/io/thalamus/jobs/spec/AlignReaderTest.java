/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.thalamus.connectors.recording.RecordingFolder;
import io.thalamus.connectors.recording.WrittenFormat;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.alignment.Alignment.Missing;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlignReaderTest {
    private static final List<String> MEMBERS = List.of("near", "far");

    @TempDir private Path folder;

    @BeforeEach
    void writeRecordings() throws IOException {
        write("call.near", "a,b");
        write("call.far", "x");
    }

    private void write(String stream, String channels) throws IOException {
        write(stream, channels, "2020-01-01 00:00");
    }

    private void write(String stream, String channels, String minute) throws IOException {
        String row = channels.replaceAll("[a-z]", "1");
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(
                folder.resolve("in").resolve(stream + ".csv"),
                "date,%s%n%s:00,%s%n%2$s:01,%3$s%n".formatted(channels, minute, row));
    }

    @Test
    void readsEveryKeyAndWhatHoldsWithoutThem() throws IOException {
        assertThat(load("{members: [near, far], rate: 1/60, missing: mark, limit: 5s, hold: 8s}"))
                .isEqualTo(
                        new Alignment(
                                MEMBERS,
                                new SampleRate(1, 60),
                                Missing.MARK,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(8)));
        assertThat(load("{members: [near, far], rate: 2, limit: 5s}"))
                .isEqualTo(
                        new Alignment(
                                MEMBERS,
                                SampleRate.ofHertz(2),
                                Missing.SPLIT,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1 << 19)));
        assertThat(load("{members: [near, far], rate: 16000, limit: 5min}").hold())
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(load("{members: [near, far], rate: 1/36000, limit: 5min}").hold())
                .isEqualTo(Duration.ofDays(36_500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate: 2, limit: 5s | align.members | is missing",
                "'members: [near, far], limit: 5s' | align.rate | is missing",
                "'members: [near, far], rate: 2' | align.limit | is missing",
                "'members: [near, far], rate: 2, limit: 5s, mising: mark' | align.mising | unknown",
                "'members: [near, far], rate: 2, limit: 5s, missing: nan' | align.missing | 'nan'",
                "'members: [near], rate: 2, limit: 5s' | align | name at least two",
                "'members: [near, a.far], rate: 2, limit: 5s' | align | 'a.far' cannot be a member",
                "'members: [near, far], rate: 2, limit: 5s, hold: 1s' | align | hold at least it",
                "'members: [near, mic], rate: 2, limit: 5s' | align | call.far is no member; name"
                        + " its file GROUP.MEMBER with one of [near, mic]",
                "'members: [near, far, mic], rate: 2, limit: 5s' | align | there is no recording of"
                        + " mic; name its file GROUP.mic",
            })
    void saysWhatIsWrong(String align, String path, String words) {
        assertThat(problem("{" + align + "}", "near.a"))
                .satisfies(problem -> assertThat(problem.path()).isEqualTo(path))
                .satisfies(problem -> assertThat(problem.message()).contains(words));
    }

    @Test
    void recordingsOfOneMemberHaveTheSameChannels() throws IOException {
        write("talk.far", "y");
        assertThat(problem("{members: [near, far], rate: 2, limit: 5s}", "near.a").message())
                .contains("those of one member must be the same");
    }

    @Test
    void recordingsOfOneGroupStartWithinWhatIsHeld() throws IOException {
        write("call.near", "a,b", "2020-01-01 00:01");
        assertThat(
                        problem("{members: [near, far], rate: 2, limit: 5s, hold: 59s}", "near.a")
                                .message())
                .contains("call.near.csv starts later", "by more than hold, 59s");
        assertThat(load("{members: [near, far], rate: 2, limit: 5s, hold: 60s}")).isNotNull();
        write("talk.far", "x", "1999-01-01 00:01"); // another group may start at another time
        assertThat(load("{members: [near, far], rate: 2, limit: 5s, hold: 60s}")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "session | EEG | name the file GROUP.session, and this one 'session/EEG' in"
                        + " members, which are [session, far]",
                "g.session | EEG | name it 'session/EEG' in members, which are [session, far]",
                "g.session | 0.5Hz | the full stop in '0.5Hz' keeps it from being one; give it a"
                        + " file of its own",
            })
    void saysHowTheStreamsOfOneFileAreMembers(String file, String stream, String words)
            throws IOException {
        writeStreams(file, stream);
        assertThat(problemIn("[session, far]", "far.a").message())
                .startsWith("%s/%s is no member; ".formatted(file, stream))
                .contains(words);
    }

    @Test
    void theStreamsOfOneFileCanBeMembers() throws IOException {
        writeStreams("g.session", "EEG", "eye");
        assertThat(loadStreams("[session/EEG, session/eye]", "session/eye.a").align()).isPresent();
        assertThat(problemIn("[session/EEG, session/eye, talk/far]", "session/eye.a").message())
                .contains("there is no recording of talk/far; name its file GROUP.talk");
    }

    private void writeStreams(String recording, String... streams) throws IOException {
        try (RecordingFolder out =
                RecordingFolder.open(
                        folder.resolve("streams").toString(), WrittenFormat.AVRO, false)) {
            for (String stream : streams) {
                out.write(
                        new SignalFrame(
                                recording + "/" + stream,
                                0,
                                0,
                                0,
                                SampleRate.ofHertz(2),
                                List.of("a"),
                                new float[2],
                                0));
            }
            out.finish();
        }
    }

    private Problem problemIn(String members, String channel) {
        List<Problem> problems =
                catchThrowableOfType(
                                InvalidPipelineException.class, () -> loadStreams(members, channel))
                        .problems();
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private PipelineSpec loadStreams(String members, String channel) throws IOException {
        return load(
                "{type: recording, path: streams}",
                "{members: %s, rate: 2, limit: 5s}".formatted(members),
                channel);
    }

    @Test
    void transformsAreCheckedAgainstTheJoinedChannels() {
        assertThat(problem("{members: [near, far], rate: 2, limit: 5s}", "a").message())
                .contains("near.a, near.b, far.x");
    }

    private Alignment load(String align) throws IOException {
        return load(align, "near.a").align().orElseThrow();
    }

    private Problem problem(String align, String channel) {
        List<Problem> problems =
                catchThrowableOfType(InvalidPipelineException.class, () -> load(align, channel))
                        .problems();
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    private PipelineSpec load(String align, String channel) throws IOException {
        return load("{type: csv, path: in}", align, channel);
    }

    private PipelineSpec load(String source, String align, String channel) throws IOException {
        Path file = folder.resolve("pipeline.yaml");
        Files.writeString(
                file,
                """
                name: plain
                source: %s
                align: %s
                transforms:
                  - {id: one, type: select-channels, channels: [%s]}
                sink: {type: csv, path: out/frames}
                dead-letters: {type: jsonl, path: out/dead-letters}
                """
                        .formatted(source, align, channel));
        return PipelineSpec.load(file, List.of());
    }
}
