/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import io.thalamus.connectors.Received;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Recordings as streams: a source that gives the frames and annotations of each file in order, each
 * under the recording's own event time, and what it cannot read as dead letters.
 *
 * <pre>{@code
 * RecordedSource source =
 *         RecordedSource.of("recordings/load.csv", new CsvFormat(CsvOptions.defaults()));
 * env.fromSource(source, WatermarkStrategy.forMonotonousTimestamps(), "recording").uid("source");
 * }</pre>
 *
 * <p>A path is a file, a folder or a glob on any file system that Flink knows; each file is read by
 * one reader, and is one stream, named after the file without its extension, or several, named
 * {@code <file>/<suffix>}. What {@link RecordingFolder} writes is named as it was. All recordings
 * of a reader play at once, each from its own start. Frames are the same bits whatever the
 * parallelism, the pace and the restarts. Of the recordings in play, each reader has at most 100
 * files open, and holds one frame and a read buffer of each; of more, it closes those that were not
 * read for longest, and reads 32 records at once of each that it opens again.
 */
public final class RecordedSource
        implements Source<Received, RecordingSplit, UnassignedRecordings>,
                ResultTypeQueryable<Received> {

    /** The stage that dead letters of recordings name. */
    static final String STAGE = "recording";

    private final String path;
    private final RecordingFormat format;
    private final Pacing pacing;
    private final Looping looping;

    private RecordedSource(String path, RecordingFormat format, Pacing pacing, Looping looping) {
        this.path = path;
        this.format = format;
        this.pacing = pacing;
        this.looping = looping;
    }

    /** The recordings at a path, once and as fast as possible. */
    public static RecordedSource of(String path, RecordingFormat format) {
        return new RecordedSource(path, format, Pacing.MAX, Looping.NONE);
    }

    /** The same at another pace. */
    public RecordedSource withPacing(Pacing other) {
        return new RecordedSource(path, format, other, looping);
    }

    /** The same, each recording played so often; a source without end if it is endless. */
    public RecordedSource withLooping(Looping other) {
        return new RecordedSource(path, format, pacing, other);
    }

    /**
     * What lies at the path, from the heads of the files: a cheap look before a job runs.
     *
     * @throws InvalidInputException if nothing is there, or a file cannot be used
     */
    public List<RecordingDescription> describe() throws IOException {
        List<RecordingDescription> descriptions = new ArrayList<>();
        for (RecordingSplit split : find()) {
            descriptions.add(format.describe(new Path(split.path()), split.name()));
        }
        return descriptions;
    }

    /**
     * The recordings at the path, in the order of their names; at least one.
     *
     * @throws InvalidInputException if nothing is there, or its file system is not known
     */
    public List<String> files() throws IOException {
        return new RecordingPaths(path, format).files();
    }

    private List<RecordingSplit> find() throws IOException {
        Map<String, String> fileOfName = new HashMap<>();
        List<RecordingSplit> splits = new ArrayList<>();
        for (String file : files()) {
            String name = nameOf(file);
            String other = fileOfName.put(name, file);
            if (other != null) {
                throw new InvalidInputException(
                        String.format(
                                "'%s' and '%s' would both be the stream '%s': rename one of them",
                                other, file, name));
            }
            splits.add(RecordingSplit.whole(file, name));
        }
        return splits;
    }

    private static String nameOf(String file) {
        String name = new Path(file).getName();
        int extension = name.lastIndexOf('.');
        return RecordingTarget.nameOf(extension > 0 ? name.substring(0, extension) : name);
    }

    @Override
    public Boundedness getBoundedness() {
        return looping.isEndless() ? Boundedness.CONTINUOUS_UNBOUNDED : Boundedness.BOUNDED;
    }

    @Override
    public TypeInformation<Received> getProducedType() {
        return TypeInformation.of(Received.class);
    }

    @Override
    public SourceReader<Received, RecordingSplit> createReader(SourceReaderContext context) {
        return new RecordedSourceReader(looping.of(format), pacing, PacingClock.system());
    }

    @Override
    public SplitEnumerator<RecordingSplit, UnassignedRecordings> createEnumerator(
            SplitEnumeratorContext<RecordingSplit> context) {
        return restoreEnumerator(context, new UnassignedRecordings(false, List.of()));
    }

    @Override
    public SplitEnumerator<RecordingSplit, UnassignedRecordings> restoreEnumerator(
            SplitEnumeratorContext<RecordingSplit> context, UnassignedRecordings checkpoint) {
        return new RecordedEnumerator(context, this::find, checkpoint);
    }

    @Override
    public SimpleVersionedSerializer<RecordingSplit> getSplitSerializer() {
        return new RecordingSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<UnassignedRecordings> getEnumeratorCheckpointSerializer() {
        return new UnassignedRecordingsSerializer();
    }
}
