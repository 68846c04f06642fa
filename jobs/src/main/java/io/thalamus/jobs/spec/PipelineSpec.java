/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.spec;

import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.signal.alignment.Alignment;
import io.thalamus.operators.signal.amplitude.Standardise;
import io.thalamus.operators.signal.detection.Detection;
import io.thalamus.operators.signal.rate.Grid;
import io.thalamus.operators.stream.OrderPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A pipeline as its YAML file describes it: checked, complete and immutable. Locations are absolute
 * paths or URIs.
 *
 * @param name the job's name
 * @param source where the streams come from
 * @param order what is done about disorder and gaps
 * @param grid where readings that come at irregular times are put; empty if they are regular
 * @param align how several streams are joined into one; empty if each stays by itself
 * @param transforms what is done to the signal, in this order
 * @param window how windows are cut; there if the model is
 * @param trigger what starts windows; empty if they follow one another by the hop
 * @param model the network that takes them; without one, the prepared frames are the results
 * @param control where commands to streams that learn come from; empty if there are none
 * @param detection what is an anomaly; empty if none are made of the results
 * @param sink where results go
 * @param annotations where remarks on the streams go; they are dropped if it is empty
 * @param lessons where it goes what has happened to what streams have learned; it is dropped if it
 *     is empty
 * @param errors where the errors of forecasts go; forecasts are compared only where the source ends
 *     if it is empty
 * @param codes the codes of windows, beside the results; they are dropped if it is empty
 * @param deadLetters where input that cannot be used goes
 */
public record PipelineSpec(
        String name,
        SourceSpec source,
        OrderPolicy order,
        Optional<Grid> grid,
        Optional<Alignment> align,
        List<TransformSpec> transforms,
        Optional<Slicing> window,
        Optional<Trigger> trigger,
        Optional<ModelSpec> model,
        Optional<ControlSpec> control,
        Optional<DetectionSpec> detection,
        SinkSpec sink,
        Optional<SinkSpec> annotations,
        Optional<SinkSpec> lessons,
        Optional<ErrorsSpec> errors,
        Optional<CodesSpec> codes,
        SinkSpec deadLetters) {

    public PipelineSpec {
        transforms = List.copyOf(transforms);
    }

    /**
     * Reads and checks a pipeline file.
     *
     * @param overrides assignments such as {@code window.hop=24}, applied before anything is
     *     checked; relative paths in them start at the working directory, those in the file at its
     *     own folder
     * @throws InvalidPipelineException with every mistake there is
     * @throws io.thalamus.schemas.InvalidInputException if the pipeline is right but its bundle or
     *     recording is damaged
     */
    public static PipelineSpec load(Path file, List<String> overrides) {
        return PipelineReader.read(file, overrides, Path.of(""));
    }

    /**
     * Reads of a pipeline file how it prepares signals for its model, for a model that is still to
     * be trained: without the model, what comes behind it, and the steps that go by its bundle. The
     * results are the frames of the last transform, and the trigger, if there is one, is not among
     * their channels.
     *
     * @param overrides as of {@link #load}
     * @throws InvalidPipelineException with every mistake there is
     * @throws io.thalamus.schemas.InvalidInputException if the pipeline is right but its recording
     *     is damaged
     */
    public static PipelineSpec loadPreparation(Path file, List<String> overrides) {
        return PipelineReader.readPreparation(file, overrides, Path.of(""));
    }

    /** The same on other streams, whose samples are regular and which are not to be joined. */
    public PipelineSpec reading(SourceSpec other) {
        return new PipelineSpec(
                name,
                other,
                order,
                Optional.empty(),
                Optional.empty(),
                transforms,
                window,
                trigger,
                model,
                control,
                detection,
                sink,
                annotations,
                lessons,
                errors,
                codes,
                deadLetters);
    }

    /** Its frames alone, as they are before they are cut into windows: a trigger is among them. */
    public PipelineSpec withoutModel() {
        return new PipelineSpec(
                name,
                source,
                order,
                grid,
                align,
                transforms,
                window,
                trigger,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                sink,
                annotations,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                deadLetters);
    }

    /** All places that records go to. */
    public List<SinkSpec> sinks() {
        List<SinkSpec> sinks = new ArrayList<>(List.of(sink, deadLetters));
        annotations.ifPresent(sinks::add);
        lessons.ifPresent(sinks::add);
        errors.map(ErrorsSpec::sink).ifPresent(sinks::add);
        codes.map(CodesSpec::sink).ifPresent(sinks::add);
        detection.map(DetectionSpec::events).ifPresent(sinks::add);
        return sinks;
    }

    /** The network beside the model that gives codes; empty if there is none. */
    public Optional<TokenizerSpec> tokenizer() {
        return codes.flatMap(CodesSpec::tokenizer);
    }

    /**
     * The transforms that results are brought back through, from the model's units to the data's,
     * in that order: the last that was done is undone first.
     */
    public List<Standardise> scalings() {
        List<Standardise> scalings = new ArrayList<>();
        for (TransformSpec transform : transforms) {
            if (transform.transform() instanceof Standardise scaling) {
                scalings.add(0, scaling);
            }
        }
        return scalings;
    }

    /** For each of so many channels, what one unit of the model is in the data's unit. */
    public double[] deviation(int channels) {
        double[] deviation = new double[channels];
        Arrays.fill(deviation, 1);
        for (Standardise scaling : scalings()) {
            double[] one = scaling.deviation();
            Arrays.setAll(deviation, channel -> deviation[channel] * one[channel]);
        }
        return deviation;
    }

    /**
     * The network.
     *
     * @param bundle the bundle's folder
     * @param engine the back end that runs it
     * @param signature what the bundle's model wants and gives
     * @param batch how windows are gathered
     * @param adaptation how each stream learns from its windows
     * @param initial the folder of what streams know when they begin; empty if nothing
     */
    public record ModelSpec(
            String bundle,
            String engine,
            ModelSignature signature,
            BatchSpec batch,
            AdaptationSettings adaptation,
            String initial) {

        /** The same, whose streams do not learn from what is an anomaly. */
        ModelSpec alarmedBy(DetectionSpec anomalies) {
            return new ModelSpec(
                    bundle,
                    engine,
                    signature,
                    batch,
                    adaptation.withAlarm(anomalies.detection().rule()),
                    initial);
        }
    }

    /**
     * A topic of commands.
     *
     * @param bootstrap the brokers
     * @param topic the topic
     * @param properties for the Kafka client
     * @param folder that of the pipeline file, where relative paths of bundles in commands start
     */
    public record ControlSpec(String bootstrap, String topic, Settings properties, String folder) {}

    /**
     * The errors of forecasts.
     *
     * @param sink where they go
     * @param over over how many of a stream's forecasts the rolling errors are
     */
    public record ErrorsSpec(SinkSpec sink, int over) {
        /** Enough that one bad forecast is not all, and few enough to show that a model wears. */
        public static final int OVER = 100;
    }

    /**
     * The codes of windows.
     *
     * @param sink where they go
     * @param tokenizer the network that gives them; empty if the pipeline's model does
     */
    public record CodesSpec(SinkSpec sink, Optional<TokenizerSpec> tokenizer) {}

    /**
     * A network beside the model, for codes alone, which runs on the model's back end and in
     * batches like the model's.
     *
     * @param bundle the bundle's folder
     * @param signature what its network wants and gives
     * @param fitted what is done for it in place of the last transforms, as many as these are: they
     *     begin with the first that goes by the model's bundle, and go by this one
     */
    public record TokenizerSpec(
            String bundle, ModelSignature signature, List<TransformSpec> fitted) {

        public TokenizerSpec {
            fitted = List.copyOf(fitted);
        }
    }

    /**
     * How anomalies are made of scores.
     *
     * @param detection the threshold and what an event is
     * @param events where they go
     */
    public record DetectionSpec(Detection detection, SinkSpec events) {}

    /**
     * How windows of many streams are gathered into one call of the network.
     *
     * @param size most windows in a call
     * @param delay longest wait for more, in milliseconds
     */
    public record BatchSpec(int size, long delayMillis) {}
}
