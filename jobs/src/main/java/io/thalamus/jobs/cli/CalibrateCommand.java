/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import io.thalamus.jobs.spec.PipelineSpec;
import io.thalamus.operators.inference.Calibration;
import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.GraphEngines;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelFactories;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.SafetensorsWriter;
import io.thalamus.operators.signal.SlicerState;
import io.thalamus.operators.signal.Slicing;
import io.thalamus.operators.signal.Span;
import io.thalamus.operators.signal.StreamShape;
import io.thalamus.operators.signal.Trigger;
import io.thalamus.operators.signal.TriggerSlicer;
import io.thalamus.operators.signal.TriggerState;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.Quality;
import io.thalamus.schemas.SignalFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "calibrate",
        description =
                "Write into a bundle what signals inside its network are like on data of the kind"
                        + " that it was trained with, which the homeostat needs.")
final class CalibrateCommand implements Callable<Integer> {
    @ParentCommand private ThalamusCommand thalamus;
    @Mixin private Output output;

    @Parameters(paramLabel = "BUNDLE", description = "The bundle's folder.")
    private Path folder;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "PIPELINE.yaml",
            description =
                    "A pipeline whose source is clean recordings, and whose transforms and window"
                            + " give the network what it was trained with.")
    private Path data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key of the file, such as source.path. May be given again.")
    private List<String> overrides = new ArrayList<>();

    /**
     * What was done; as JSON, an object with these fields.
     *
     * @param file that was written
     * @param windows that it is of
     * @param skipped windows with missing values
     */
    record Result(String file, long windows, long skipped) {}

    @Override
    public Integer call() throws Exception {
        List<String> withModel = new ArrayList<>(overrides);
        withModel.add("model.bundle=" + folder.toAbsolutePath());
        withModel.add("adaptation=");
        PipelineSpec spec = PipelineSpec.load(data, withModel);
        List<SignalFrame> frames =
                new ArrayList<>(
                        Observation.of(
                                        spec.withoutModel(),
                                        frame -> frame,
                                        Set.of(Observation.Kept.RESULTS),
                                        metrics -> {})
                                .results(SignalFrame.class));
        // One stream after the other, so that sums do not depend on how they were interleaved.
        frames.sort(Comparator.comparing(SignalFrame::streamId));
        Result result = calibrate(spec, frames);
        if (output.json) {
            thalamus.console().json(result);
        } else {
            thalamus.console().out().printf("%s: %d windows%n", result.file(), result.windows());
        }
        return 0;
    }

    private Result calibrate(PipelineSpec spec, List<SignalFrame> frames) throws Exception {
        PipelineSpec.ModelSpec model = spec.model().orElseThrow();
        ModelBundle bundle = ModelBundle.open(folder);
        ClassLoader loader = CalibrateCommand.class.getClassLoader();
        Path file = folder.resolve(ModelBundle.SOURCE_STATISTICS);
        long[] counts = new long[2];
        try (GraphEngine engine = GraphEngines.open(model.engine());
                Calibration calibration =
                        ModelFactories.forBundle(bundle, loader).calibrate(bundle, engine)) {
            slice(spec, frames, window -> counts[add(window, model.signature(), calibration)]++);
            if (counts[0] == 0) {
                throw new InvalidInputException(
                        "%s gives no whole window without missing values; give longer recordings"
                                .formatted(data));
            }
            SafetensorsWriter.write(file, calibration.statistics());
        }
        return new Result(file.toString(), counts[0], counts[1]);
    }

    /** Cuts frames into windows, as the pipeline would. */
    private static void slice(
            PipelineSpec spec, List<SignalFrame> frames, Consumer<SignalFrame> out) {
        Slicing slicing = spec.window().orElseThrow();
        if (spec.trigger().isPresent()) {
            sliceByTrigger(spec.trigger().get(), slicing.length(), frames, out);
            return;
        }
        Map<String, SlicerState> states = new HashMap<>();
        for (SignalFrame frame : frames) {
            SlicerState before = states.get(frame.streamId());
            SlicerState start =
                    before == null || !before.covers(frame) ? SlicerState.before(frame) : before;
            states.put(frame.streamId(), slicing.at(frame.rate()).slice(frame, start, out));
        }
    }

    private static void sliceByTrigger(
            Trigger trigger, Span length, List<SignalFrame> frames, Consumer<SignalFrame> out) {
        Map<String, TriggerState> states = new HashMap<>();
        for (SignalFrame frame : frames) {
            TriggerState before = states.get(frame.streamId());
            TriggerState start = before == null || !before.covers(frame, trigger) ? null : before;
            TriggerSlicer slicer = trigger.at(frame.rate(), length);
            states.put(frame.streamId(), slicer.slice(frame, start, out, rise -> {}));
        }
    }

    /** Gives 0 for a window that was taken, and 1 for one that was not. */
    private static int add(SignalFrame window, ModelSignature signature, Calibration calibration) {
        signature
                .objectionTo(StreamShape.of(window), window.length())
                .ifPresent(
                        objection -> {
                            throw new InvalidInputException(
                                    "stream %s: %s".formatted(window.streamId(), objection));
                        });
        if (Quality.MISSING.in(window.quality())) {
            calibration.skip();
            return 1;
        }
        calibration.add(window);
        return 0;
    }
}
