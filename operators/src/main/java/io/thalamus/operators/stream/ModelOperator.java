/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.stream;

import io.thalamus.operators.adaptation.BoundWeights;
import io.thalamus.operators.adaptation.FastWeights;
import io.thalamus.operators.adaptation.GuardedPlasticity;
import io.thalamus.operators.adaptation.Incident;
import io.thalamus.operators.adaptation.Lesson;
import io.thalamus.operators.inference.AdaptationSettings;
import io.thalamus.operators.inference.CarriedState;
import io.thalamus.operators.inference.LearningModel;
import io.thalamus.operators.inference.ModelInput;
import io.thalamus.operators.inference.ModelOutput;
import io.thalamus.operators.inference.ModelSignature;
import io.thalamus.operators.inference.StreamModel;
import io.thalamus.operators.signal.FrameSlicer;
import io.thalamus.operators.signal.RecentlyUsed;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts every model: gathers windows of many streams, runs the network over them at once, and emits
 * results in order for each stream, stamped with the time of their window's end.
 *
 * <p>What waits is run when there are enough windows, when the oldest has waited long enough,
 * before a watermark goes on, before a checkpoint, and at the end of the input; so no window is in
 * flight when state is written, and the batch itself needs no state. A result depends on its own
 * window, carried state and fast weights alone, so it does not matter which of these came first. If
 * the model carries state or adapts, a stream's windows take turns: at most one in a call of the
 * network, with the memory that the one before has left. Otherwise they share a call.
 *
 * <p>A window that the end of a segment has left short ({@link
 * io.thalamus.operators.signal.Padding#TRIM}) is filled up with zeros for the network, and of the
 * frames that come of it, what lies behind the segment's end is cut off.
 *
 * <p>A window whose values the model cannot use is skipped: it has no result, is counted, and is
 * told of as an {@link SideOutputs#ANNOTATIONS annotation}. So is what the model remarks on a
 * window.
 *
 * <p>Carried state is fresh at the start of a segment, and after a window that was skipped because
 * values in it are missing: no hole is silently joined. Fast weights outlive segments, but not the
 * bundle: a stream that learned with another starts afresh, which is told of. With {@link
 * AdaptationSettings#FROZEN} they are neither read nor written: the network runs as it is in the
 * bundle.
 *
 * <p>Windows wait by reference. That is safe under object reuse too: a {@link SignalFrame} is
 * immutable, no step changes the samples it has been given, and Flink's readers make a new object
 * for each record that they deserialise. The {@link StreamRecord} around it, which Flink does use
 * again, is not kept.
 *
 * <p>The state has no time to live: its keys are the streams, and each has the state of one segment
 * and one set of fast weights. A model that fails, fails the task.
 */
class ModelOperator<R extends WireRecord> extends AbstractStreamOperator<R>
        implements OneInputStreamOperator<SignalFrame, R> {
    private static final Logger LOG = LoggerFactory.getLogger(ModelOperator.class);

    private static final ValueStateDescriptor<ModelMemory> MEMORY =
            new ValueStateDescriptor<>("memory", TypeInformation.of(ModelMemory.class));
    static final ValueStateDescriptor<BoundWeights> FAST_WEIGHTS =
            new ValueStateDescriptor<>("learned", FastWeightsSerializer.INSTANCE);

    /** What a stream may carry before a state backend that writes each change takes long. */
    private static final long LARGE_STATE = 1 << 20;

    private static final Lesson NO_LESSON = Lesson.nothing(FastWeights.none());

    private static final double THOUSAND = 1000;

    private static final String ON_HEAP = "hashmap";

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final ModelStep<R> step;

    private final List<SignalFrame> waiting = new ArrayList<>();
    private transient ScheduledFuture<?> timer;

    private transient OpenModel open;
    private transient ModelSignature signature;
    private transient String preset;
    private transient ValueState<ModelMemory> memory;
    private transient ValueState<BoundWeights> fastWeights;

    private transient Map<SampleRate, FrameSlicer> slicers;
    private transient boolean toldOfState;
    private transient Histogram latency;
    private transient Histogram batchSizes;
    private transient Counter inferred;
    private transient Counter skipped;
    private transient Counter remarks;
    private transient Counter deadLetters;
    private transient Counter updates;
    private transient Counter swaps;
    private transient Counter resets;
    private transient Counter rollBacks;
    private transient Histogram gates;
    private transient Histogram drifts;

    /** Read by the threads of metric reporters. */
    private transient volatile long lastEndMillis;

    ModelOperator(StreamOperatorParameters<R> parameters, ModelStep<R> step) {
        super(parameters);
        this.step = step;
    }

    @Override
    public void open() throws Exception {
        super.open();
        open = opened(step.handle());
        signature = open.model().signature();
        preset = step.handle().adaptation().rule().preset();
        slicers = new RecentlyUsed<>();
        LOG.info(
                "{}: opened {} on engine {}", step.id(), signature.model(), step.handle().engine());
        memory = getRuntimeContext().getState(MEMORY);
        if (adapts()) {
            fastWeights = getRuntimeContext().getState(FAST_WEIGHTS);
        }

        MetricGroup metrics = getMetricGroup().addGroup(StreamMetrics.MODEL, signature.model());
        latency = StreamMetrics.histogram(metrics, StreamMetrics.INFERENCE_LATENCY_MICROS);
        batchSizes = StreamMetrics.histogram(metrics, StreamMetrics.BATCH_SIZE);
        inferred = metrics.counter(StreamMetrics.WINDOWS_INFERRED);
        skipped = metrics.counter(StreamMetrics.WINDOWS_SKIPPED);
        remarks = metrics.counter(StreamMetrics.REMARKS);
        deadLetters = metrics.counter(StreamMetrics.DEAD_LETTERS);
        if (adapts()) {
            updates = metrics.counter(StreamMetrics.UPDATES);
            swaps = metrics.counter(StreamMetrics.BUNDLE_SWAPS);
            resets = metrics.counter(StreamMetrics.RESETS);
            rollBacks = metrics.counter(StreamMetrics.ROLL_BACKS);
            gates = StreamMetrics.histogram(metrics, StreamMetrics.GATE_THOUSANDTHS);
            drifts = StreamMetrics.histogram(metrics, StreamMetrics.DRIFT_THOUSANDTHS);
        }
        lastEndMillis = System.currentTimeMillis();
        metrics.gauge(
                StreamMetrics.EVENT_TIME_LAG_MILLIS,
                () -> System.currentTimeMillis() - lastEndMillis);
    }

    /** Opens a model for this task. */
    final OpenModel opened(ModelHandle handle) throws Exception {
        return handle.open(
                getUserCodeClassloader(),
                ModelHandle.scratch(getContainingTask().getEnvironment()));
    }

    @Override
    public void processElement(StreamRecord<SignalFrame> element) throws Exception {
        SignalFrame window = element.getValue();
        Optional<String> objection =
                signature.objectionTo(filledUp(window)).or(() -> objectionToHorizon(window));
        if (objection.isPresent()) {
            refuse(window, objection.get());
            return;
        }
        Optional<String> gap = open.model().objectionToValues(window);
        if (gap.isPresent()) {
            skip(window, gap.get());
        } else {
            waiting.add(window);
            if (waiting.size() >= step.batchSize()) {
                flush();
            } else if (timer == null) {
                long now = getProcessingTimeService().getCurrentProcessingTime();
                timer =
                        getProcessingTimeService()
                                .registerTimer(now + step.batchDelay().toMillis(), time -> flush());
            }
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        flush();
        super.prepareSnapshotPreBarrier(checkpointId);
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(open, super::close);
    }

    private void refuse(SignalFrame window, String reason) {
        deadLetters.inc();
        output.collect(
                SideOutputs.DEAD_LETTERS,
                new StreamRecord<>(
                        SideOutputs.deadLetter(window, step.id(), "unfit window", reason),
                        endMillis(window)));
    }

    private Optional<String> objectionToHorizon(SignalFrame window) {
        try {
            Math.addExact(window.nextSequence(), signature.horizon());
            Math.addExact(window.endNanos(), window.rate().nanosOf(signature.horizon()));
            return Optional.empty();
        } catch (ArithmeticException e) {
            return Optional.of("its forecast ends past the year 2262 or the last sample number");
        }
    }

    private void skip(SignalFrame window, String reason) throws Exception {
        skipped.inc();
        annotate(window, "the window has no result: " + reason);
        if (signature.carriesState()) {
            flush();
            setCurrentKey(window.streamId());
            memory.clear();
        }
    }

    private void annotate(SignalFrame window, String text) {
        Annotation annotation =
                new Annotation(
                        window.streamId(),
                        window.startNanos(),
                        window.endNanos() - window.startNanos(),
                        text);
        output.collect(SideOutputs.ANNOTATIONS, new StreamRecord<>(annotation, endMillis(window)));
    }

    private void flush() throws Exception {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        while (!waiting.isEmpty()) {
            OpenModel with = modelFor(waiting.get(0));
            run(with, nextBatch(with));
        }
    }

    private List<SignalFrame> nextBatch(OpenModel with) throws Exception {
        List<SignalFrame> batch = new ArrayList<>(waiting.size());
        if (signature.carriesState() || adapts()) {
            Set<String> streams = new HashSet<>();
            for (Iterator<SignalFrame> windows = waiting.iterator(); windows.hasNext(); ) {
                SignalFrame window = windows.next();
                if (streams.add(window.streamId()) && modelFor(window) == with) {
                    batch.add(window);
                    windows.remove();
                }
            }
        } else {
            batch.addAll(waiting);
            waiting.clear();
        }
        return batch;
    }

    private void run(OpenModel with, List<SignalFrame> windows) throws Exception {
        List<ModelInput> inputs = new ArrayList<>(windows.size());
        for (SignalFrame window : windows) {
            setCurrentKey(window.streamId());
            inputs.add(
                    new ModelInput(
                            filledUp(window),
                            carriedInto(window),
                            obeying(window, with, learned(window, with))));
        }
        long start = System.nanoTime();
        List<LearningModel.Result> results = infer(with, inputs);
        latency.update((System.nanoTime() - start) / NANOS_PER_MICRO);
        batchSizes.update(inputs.size());
        for (int i = 0; i < results.size(); i++) {
            finish(with, windows.get(i), inputs.get(i), results.get(i));
        }
    }

    private static List<LearningModel.Result> infer(OpenModel with, List<ModelInput> inputs) {
        if (with.learning().isPresent()) {
            return with.learning().get().infer(inputs);
        }
        return StreamModel.inferred(with.model(), inputs).stream()
                .map(made -> new LearningModel.Result(made, NO_LESSON))
                .toList();
    }

    private SignalFrame filledUp(SignalFrame window) {
        return slicers.computeIfAbsent(window.rate(), step.slicing()::at).filledUp(window);
    }

    private void finish(
            OpenModel with, SignalFrame window, ModelInput input, LearningModel.Result judged)
            throws Exception {
        ModelOutput made = judged.output();
        setCurrentKey(window.streamId());
        if (signature.carriesState()) {
            tellOfLargeState(made.state());
            memory.update(new ModelMemory(window.segment(), made.state()));
        }
        if (adapts()) {
            taught(window, with, input.fastWeights(), judged.lesson());
        }
        lastEndMillis = endMillis(window);
        inferred.inc();
        remarks.inc(made.remarks().size());
        made.remarks().forEach(remark -> annotate(window, remark));
        boolean isShort = window.length() < input.window().length();
        // What was filled up is cut off again, so that results are as good as the window was.
        SignalFrame whole =
                isShort
                        ? window.withSamples(input.window().samples(), window.quality())
                        : input.window();
        for (WireRecord record : with.model().interpret(whole, made)) {
            if (isShort && record instanceof SignalFrame frame) {
                frame.until(window.nextSequence()).ifPresent(trimmed -> emit(trimmed, window));
            } else {
                emit(record, window);
            }
        }
    }

    private void taught(SignalFrame window, OpenModel with, FastWeights before, Lesson lesson)
            throws Exception {
        fastWeights.update(new BoundWeights(lesson.after(), with.digest(), preset));
        updates.inc(lesson.after().updates() > before.updates() ? 1 : 0);
        gates.update(Math.round(THOUSAND * lesson.gate()));
        drifts.update(Math.round(THOUSAND * with.plasticity().drift(lesson.after())));
        tell(window, with, lesson.incidents());
    }

    /** Gives what has happened to what a stream has learned. */
    final void tell(SignalFrame window, OpenModel with, List<Incident> incidents) {
        for (Incident incident : incidents) {
            if (incident.kind() == Incident.Kind.RESET) {
                resets.inc();
            } else if (incident.kind() == Incident.Kind.ROLL_BACK) {
                rollBacks.inc();
            }
            AdaptationEvent event =
                    new AdaptationEvent(
                            window.streamId(),
                            window.endNanos(),
                            AdaptationEvent.Kind.valueOf(incident.kind().name()),
                            incident.value(),
                            incident.reason(),
                            with.model().signature().model());
            output.collect(
                    SideOutputs.ADAPTATION_EVENTS, new StreamRecord<>(event, endMillis(window)));
        }
    }

    /**
     * Says once that a state backend other than the one on the heap writes and reads a large state
     * with each window.
     */
    private void tellOfLargeState(CarriedState state) {
        if (toldOfState || state.bytes() <= LARGE_STATE) {
            return;
        }
        String backend = getKeyedStateBackend().getBackendTypeIdentifier();
        if (!backend.equals(ON_HEAP)) {
            LOG.warn(
                    "{}: {} carries {} bytes for each stream, which the state backend {} writes and"
                            + " reads with each window; set state.backend.type: {}",
                    step.id(),
                    signature.model(),
                    state.bytes(),
                    backend,
                    ON_HEAP);
        }
        toldOfState = true;
    }

    private void emit(WireRecord record, SignalFrame window) {
        long millis = endMillis(window);
        if (step.result() != TokenFrame.class && record instanceof TokenFrame codes) {
            output.collect(SideOutputs.CODES, new StreamRecord<>(codes, millis));
        } else {
            output.collect(new StreamRecord<>(step.result().cast(record), millis));
        }
    }

    private CarriedState carriedInto(SignalFrame window) throws Exception {
        if (signature.carriesState()) {
            ModelMemory last = memory.value();
            if (last != null && last.segment() == window.segment()) {
                return last.state();
            }
        }
        return CarriedState.empty();
    }

    private FastWeights learned(SignalFrame window, OpenModel with) throws Exception {
        if (!adapts()) {
            return FastWeights.none();
        }
        BoundWeights learned = fastWeights.value();
        if (learned == null) {
            return with.initial(window.streamId());
        }
        // State of before bundles were noted was learned with the one that the pipeline names.
        String bundle = learned.bundle().isEmpty() ? open.digest() : learned.bundle();
        if (!bundle.equals(with.digest())) {
            swaps.inc();
            return afresh(window, with, learned, "learned with another bundle, sha256 " + bundle);
        }
        if (!learned.preset().isEmpty() && !learned.preset().equals(preset)) {
            return afresh(window, with, learned, "learned by another preset, " + learned.preset());
        }
        return learned.weights();
    }

    private FastWeights afresh(
            SignalFrame window, OpenModel with, BoundWeights learned, String how) {
        Lesson lesson = GuardedPlasticity.startAfresh(learned.weights(), how);
        tell(window, with, lesson.incidents());
        return lesson.after();
    }

    /** Whether the current stream has had a window. */
    final boolean hasPast() throws Exception {
        return fastWeights.value() != null;
    }

    /** The model of the bundle that the step names. */
    final OpenModel ownModel() {
        return open;
    }

    /** The model that judges a window. */
    OpenModel modelFor(SignalFrame window) throws Exception {
        return open;
    }

    /** What a stream knows once it has done what it is told to do before a window. */
    FastWeights obeying(SignalFrame window, OpenModel with, FastWeights before) throws Exception {
        return before;
    }

    final ModelStep<R> step() {
        return step;
    }

    private boolean adapts() {
        return open.learning().isPresent();
    }

    private static long endMillis(SignalFrame window) {
        return Math.floorDiv(window.endNanos(), NANOS_PER_MILLI);
    }
}
