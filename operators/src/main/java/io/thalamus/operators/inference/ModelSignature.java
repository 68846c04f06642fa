/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a model wants and gives; checked against the pipeline before a job starts.
 *
 * @param model the bundle's name, as result records carry it
 * @param channels channels of a window
 * @param channelNames their names in the order that the network was trained with; none if any will
 *     do
 * @param subjects whose streams it takes
 * @param rate the one that the network was trained with; null if any will do
 * @param windowLength samples of a window, or the fewest that it may have
 * @param windowStep samples by which a window may be longer, any number of times; 0 if all windows
 *     have the same length. A model that leaves this open goes through a segment without a break:
 *     each window shares its last {@link #overlap} samples with the next, and gives what belongs to
 *     those before
 * @param horizon samples that a forecast reaches past its window; 0 if the model does not forecast
 * @param acceptsMissing whether windows in which values are missing (NaN) or infinite are given to
 *     it; others skip them
 * @param carriesState whether a window needs what the stream's last window left behind
 * @param result the record that comes of a window
 */
public record ModelSignature(
        String model,
        int channels,
        List<String> channelNames,
        Subjects subjects,
        SampleRate rate,
        int windowLength,
        int windowStep,
        int horizon,
        boolean acceptsMissing,
        boolean carriesState,
        Class<? extends WireRecord> result)
        implements Serializable {

    public ModelSignature {
        channelNames = List.copyOf(channelNames);
    }

    /** Of a model that treats all streams alike, and whose windows have all the same length. */
    public ModelSignature(
            String model,
            int channels,
            List<String> channelNames,
            SampleRate rate,
            int windowLength,
            int horizon,
            boolean acceptsMissing,
            boolean carriesState,
            Class<? extends WireRecord> result) {
        this(
                model,
                channels,
                channelNames,
                Subjects.any(),
                rate,
                windowLength,
                /* windowStep= */ 0,
                horizon,
                acceptsMissing,
                carriesState,
                result);
    }

    /** Of a model as above that takes any rate. */
    public ModelSignature(
            String model,
            int channels,
            List<String> channelNames,
            int windowLength,
            int horizon,
            boolean acceptsMissing,
            boolean carriesState,
            Class<? extends WireRecord> result) {
        this(
                model,
                channels,
                channelNames,
                null,
                windowLength,
                horizon,
                acceptsMissing,
                carriesState,
                result);
    }

    /** Whether it gives its windows back with the missing values in them replaced. */
    public boolean fillsMissing() {
        return acceptsMissing && result == SignalFrame.class;
    }

    /** Whether it goes through a segment without a break, so that its results join seamlessly. */
    public boolean isContinuous() {
        return windowStep > 0;
    }

    /** Samples that a window of a continuous model shares with the next. */
    public int overlap() {
        return windowLength - windowStep;
    }

    /** Whether it takes the windows that are cut from a frame. */
    public boolean takesWindowsOf(SignalFrame frame, Slicing slicing) {
        FrameSlicer slicer;
        try {
            slicer = slicing.at(frame.rate());
        } catch (InvalidInputException e) {
            return false; // no windows are cut at this rate
        }
        return objectionTo(frame, slicer.length()).isEmpty();
    }

    /** Why a window cannot be used, in one sentence; empty if it can. */
    public Optional<String> objectionTo(SignalFrame window) {
        return objectionTo(window, window.length());
    }

    private Optional<String> objectionTo(SignalFrame stream, int length) {
        return objectionTo(StreamShape.of(stream), length)
                .or(() -> subjects.objectionTo(stream.streamId()));
    }

    /** Why a window of this form cannot be used, in one sentence; empty if it can. */
    public Optional<String> objectionTo(StreamShape shape, int length) {
        return objectionToChannels(shape.channels())
                .or(() -> objectionToRate(shape.rate()))
                .or(() -> objectionToLength(length));
    }

    /** Why streams of these channels cannot be used, in one sentence; empty if they can. */
    public Optional<String> objectionToChannels(List<String> streamChannels) {
        if (streamChannels.size() != channels) {
            return Optional.of(
                    String.format(
                                    Locale.ROOT,
                                    "model %s takes %d channels, not %d",
                                    model,
                                    channels,
                                    streamChannels.size())
                            + missingFrom(streamChannels));
        }
        if (!channelNames.isEmpty() && !streamChannels.equals(channelNames)) {
            return Optional.of(
                    "model %s takes the channels %s in this order, not %s"
                                    .formatted(model, channelNames, streamChannels)
                            + missingFrom(streamChannels));
        }
        return Optional.empty();
    }

    private String missingFrom(List<String> streamChannels) {
        List<String> missing =
                channelNames.stream().filter(name -> !streamChannels.contains(name)).toList();
        return missing.isEmpty() ? "" : "; missing: " + String.join(", ", missing);
    }

    /** Why streams of this rate cannot be used, in one sentence; empty if they can. */
    public Optional<String> objectionToRate(SampleRate streamRate) {
        return rate == null || rate.equals(streamRate)
                ? Optional.empty()
                : Optional.of("model %s takes %s, not %s".formatted(model, rate, streamRate));
    }

    /** Why windows of this length cannot be used, in one sentence; empty if they can. */
    public Optional<String> objectionToLength(int length) {
        boolean fits =
                isContinuous()
                        ? length >= windowLength && (length - windowLength) % windowStep == 0
                        : length == windowLength;
        return fits
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "model %s takes windows of %s, not %d",
                                model,
                                lengths(),
                                length));
    }

    /** Which windows it takes, in words. */
    public String lengths() {
        return isContinuous()
                ? String.format(
                        Locale.ROOT,
                        "%d samples or %d more, any number of times",
                        windowLength,
                        windowStep)
                : String.format(Locale.ROOT, "%d samples", windowLength);
    }
}
