/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import static io.thalamus.schemas.WireFormatException.Fault.INCONSISTENT;

import io.thalamus.schemas.FieldReader.Stretch;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The one converter between the records and Avro's generic form of them. */
public final class AvroRecords {
    private static final Map<Class<? extends WireRecord>, Conversion<?>> BY_TYPE =
            Stream.of(
                            new Conversion<>(
                                    SignalFrame.class,
                                    AvroRecords::write,
                                    AvroRecords::readSignalFrame),
                            new Conversion<>(
                                    Forecast.class, AvroRecords::write, AvroRecords::readForecast),
                            new Conversion<>(
                                    ForecastError.class,
                                    AvroRecords::write,
                                    AvroRecords::readForecastError),
                            new Conversion<>(
                                    AnomalyScore.class,
                                    AvroRecords::write,
                                    AvroRecords::readAnomalyScore),
                            new Conversion<>(
                                    AnomalyEvent.class,
                                    AvroRecords::write,
                                    AvroRecords::readAnomalyEvent),
                            new Conversion<>(
                                    Classification.class,
                                    AvroRecords::write,
                                    AvroRecords::readClassification),
                            new Conversion<>(
                                    TokenFrame.class,
                                    AvroRecords::write,
                                    AvroRecords::readTokenFrame),
                            new Conversion<>(
                                    Annotation.class,
                                    AvroRecords::write,
                                    AvroRecords::readAnnotation),
                            new Conversion<>(
                                    AdaptationEvent.class,
                                    AvroRecords::write,
                                    AvroRecords::readAdaptationEvent),
                            new Conversion<>(
                                    ControlCommand.class,
                                    AvroRecords::write,
                                    AvroRecords::readControlCommand),
                            new Conversion<>(
                                    DeadLetter.class,
                                    AvroRecords::write,
                                    AvroRecords::readDeadLetter))
                    .collect(Collectors.toUnmodifiableMap(Conversion::type, Function.identity()));

    private static final Map<String, Conversion<?>> BY_NAME =
            BY_TYPE.values().stream()
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    conversion -> conversion.type().getName(),
                                    Function.identity()));

    private AvroRecords() {}

    /**
     * A record in Avro's form, of the type's current schema.
     *
     * @throws NullPointerException if a component of the record is null
     */
    public static GenericRecord toAvro(WireRecord record) {
        return BY_TYPE.get(record.getClass()).toAvro(record);
    }

    /**
     * The record that Avro read with the current schema of its type.
     *
     * @throws WireFormatException if its fields contradict one another: no channels, or not the
     *     number of values that its shape asks for
     * @throws IllegalArgumentException if it is none of our records
     */
    public static WireRecord fromAvro(GenericRecord avro) throws WireFormatException {
        Conversion<?> conversion = BY_NAME.get(avro.getSchema().getFullName());
        if (conversion == null) {
            throw new IllegalArgumentException(
                    "no record is called " + avro.getSchema().getFullName());
        }
        return conversion.fromAvro(avro);
    }

    private static void write(SignalFrame frame, FieldWriter fields) {
        fields.text("streamId", frame.streamId());
        fields.number("sequence", frame.sequence());
        fields.number("segment", frame.segment());
        fields.number("startNanos", frame.startNanos());
        fields.rate("rate", frame.rate());
        fields.texts("channels", frame.channels());
        fields.number("length", frame.length());
        fields.samples(frame.samples());
        fields.number("quality", frame.quality());
    }

    private static SignalFrame readSignalFrame(FieldReader fields) throws WireFormatException {
        Stretch stretch = fields.stretch("length");
        return new SignalFrame(
                fields.text("streamId"),
                stretch.sequence(),
                fields.number("segment"),
                stretch.startNanos(),
                stretch.rate(),
                stretch.channels(),
                fields.samples(stretch.channels().size(), stretch.length()),
                fields.number("quality"));
    }

    private static void write(Forecast forecast, FieldWriter fields) {
        fields.text("streamId", forecast.streamId());
        fields.number("sequence", forecast.sequence());
        fields.number("segment", forecast.segment());
        fields.number("startNanos", forecast.startNanos());
        fields.rate("rate", forecast.rate());
        fields.texts("channels", forecast.channels());
        fields.number("horizon", forecast.horizon());
        fields.floats("values", forecast.values());
        fields.text("model", forecast.model());
    }

    private static Forecast readForecast(FieldReader fields) throws WireFormatException {
        Stretch stretch = fields.stretch("horizon");
        return new Forecast(
                fields.text("streamId"),
                stretch.sequence(),
                fields.number("segment"),
                stretch.startNanos(),
                stretch.rate(),
                stretch.channels(),
                fields.floats("values", stretch.channels().size(), stretch.length()),
                fields.text("model"));
    }

    private static void write(ForecastError error, FieldWriter fields) {
        fields.text("streamId", error.streamId());
        fields.number("sequence", error.sequence());
        fields.number("segment", error.segment());
        fields.number("startNanos", error.startNanos());
        fields.number("mse", error.mse());
        fields.number("mae", error.mae());
        fields.number("forecasts", error.forecasts());
        fields.number("rollingMse", error.rollingMse());
        fields.number("rollingMae", error.rollingMae());
        fields.text("model", error.model());
    }

    private static ForecastError readForecastError(FieldReader fields) {
        return new ForecastError(
                fields.text("streamId"),
                fields.whole("sequence"),
                fields.number("segment"),
                fields.whole("startNanos"),
                fields.precise("mse"),
                fields.precise("mae"),
                fields.number("forecasts"),
                fields.precise("rollingMse"),
                fields.precise("rollingMae"),
                fields.text("model"));
    }

    private static void write(AnomalyScore score, FieldWriter fields) {
        fields.text("streamId", score.streamId());
        fields.number("sequence", score.sequence());
        fields.number("segment", score.segment());
        fields.number("startNanos", score.startNanos());
        fields.rate("rate", score.rate());
        fields.texts("channels", score.channels());
        fields.number("length", score.joint().length);
        fields.floats("joint", score.joint());
        fields.floats("byChannel", score.byChannel());
        fields.text("model", score.model());
    }

    private static AnomalyScore readAnomalyScore(FieldReader fields) throws WireFormatException {
        Stretch stretch = fields.stretch("length");
        return new AnomalyScore(
                fields.text("streamId"),
                stretch.sequence(),
                fields.number("segment"),
                stretch.startNanos(),
                stretch.rate(),
                stretch.channels(),
                fields.floats("joint", 1, stretch.length()),
                fields.floats("byChannel", stretch.channels().size(), stretch.length()),
                fields.text("model"));
    }

    private static void write(AnomalyEvent event, FieldWriter fields) {
        fields.text("streamId", event.streamId());
        fields.number("segment", event.segment());
        fields.number("startNanos", event.startNanos());
        fields.number("endNanos", event.endNanos());
        fields.number("peak", event.peak());
        fields.number("threshold", event.threshold());
        fields.texts("channels", event.channels());
        fields.text("model", event.model());
    }

    private static AnomalyEvent readAnomalyEvent(FieldReader fields) {
        return new AnomalyEvent(
                fields.text("streamId"),
                fields.number("segment"),
                fields.whole("startNanos"),
                fields.whole("endNanos"),
                fields.real("peak"),
                fields.real("threshold"),
                fields.texts("channels"),
                fields.text("model"));
    }

    private static void write(Classification classification, FieldWriter fields) {
        fields.text("streamId", classification.streamId());
        fields.number("sequence", classification.sequence());
        fields.number("segment", classification.segment());
        fields.number("startNanos", classification.startNanos());
        fields.number("endNanos", classification.endNanos());
        fields.text("label", classification.label());
        fields.texts("classes", classification.classes());
        fields.floats("probabilities", classification.probabilities());
        fields.text("model", classification.model());
        fields.number("entropy", classification.entropy());
    }

    private static Classification readClassification(FieldReader fields)
            throws WireFormatException {
        List<String> classes = fields.someTexts("classes");
        return new Classification(
                fields.text("streamId"),
                fields.whole("sequence"),
                fields.number("segment"),
                fields.whole("startNanos"),
                fields.whole("endNanos"),
                fields.text("label"),
                classes,
                fields.floats("probabilities", 1, classes.size()),
                fields.text("model"));
    }

    private static void write(TokenFrame frame, FieldWriter fields) {
        fields.text("streamId", frame.streamId());
        fields.number("sequence", frame.sequence());
        fields.number("segment", frame.segment());
        fields.number("startNanos", frame.startNanos());
        fields.rate("rate", frame.rate());
        fields.number("codebookSize", frame.codebookSize());
        fields.integers("codes", frame.codes());
        fields.text("model", frame.model());
    }

    private static TokenFrame readTokenFrame(FieldReader fields) throws WireFormatException {
        int codebookSize = fields.positive("codebookSize");
        int[] codes = fields.integers("codes");
        if (codes.length == 0) {
            throw new WireFormatException(
                    INCONSISTENT,
                    "the TokenFrame of stream " + fields.text("streamId") + " is empty");
        }
        for (int code : codes) {
            if (code < 0 || code >= codebookSize) {
                throw new WireFormatException(
                        INCONSISTENT,
                        "the TokenFrame of stream "
                                + fields.text("streamId")
                                + " holds the code "
                                + code
                                + ", outside its codebook of "
                                + codebookSize);
            }
        }
        return new TokenFrame(
                fields.text("streamId"),
                fields.whole("sequence"),
                fields.number("segment"),
                fields.whole("startNanos"),
                fields.rate("rate"),
                codebookSize,
                codes,
                fields.text("model"));
    }

    private static void write(Annotation annotation, FieldWriter fields) {
        fields.text("streamId", annotation.streamId());
        fields.number("onsetNanos", annotation.onsetNanos());
        fields.number("durationNanos", annotation.durationNanos());
        fields.text("text", annotation.text());
    }

    private static Annotation readAnnotation(FieldReader fields) {
        return new Annotation(
                fields.text("streamId"),
                fields.whole("onsetNanos"),
                fields.whole("durationNanos"),
                fields.text("text"));
    }

    private static void write(AdaptationEvent event, FieldWriter fields) {
        fields.text("streamId", event.streamId());
        fields.number("timeNanos", event.timeNanos());
        fields.symbol("kind", event.kind());
        fields.number("level", event.level());
        fields.text("reason", event.reason());
        fields.text("model", event.model());
    }

    private static AdaptationEvent readAdaptationEvent(FieldReader fields) {
        return new AdaptationEvent(
                fields.text("streamId"),
                fields.whole("timeNanos"),
                fields.symbol("kind", AdaptationEvent.Kind.class),
                fields.precise("level"),
                fields.text("reason"),
                fields.text("model"));
    }

    private static void write(ControlCommand command, FieldWriter fields) {
        fields.text("streamId", command.streamId());
        fields.number("effectiveNanos", command.effectiveNanos());
        fields.symbol("kind", command.kind());
        fields.text("argument", command.argument());
    }

    private static ControlCommand readControlCommand(FieldReader fields) {
        return new ControlCommand(
                fields.text("streamId"),
                fields.whole("effectiveNanos"),
                fields.symbol("kind", ControlCommand.Kind.class),
                fields.text("argument"));
    }

    private static void write(DeadLetter letter, FieldWriter fields) {
        fields.text("origin", letter.origin());
        fields.number("partition", letter.partition());
        fields.number("position", letter.position());
        fields.number("timeNanos", letter.timeNanos());
        fields.text("stage", letter.stage());
        fields.text("error", letter.error());
        fields.text("reason", letter.reason());
        fields.bytes("payload", letter.payload());
        fields.bytesOrNone("recordKey", letter.recordKey());
        fields.headers("headers", letter.headers());
    }

    private static DeadLetter readDeadLetter(FieldReader fields) {
        return new DeadLetter(
                fields.text("origin"),
                fields.number("partition"),
                fields.whole("position"),
                fields.whole("timeNanos"),
                fields.text("stage"),
                fields.text("error"),
                fields.text("reason"),
                fields.bytes("payload"),
                fields.bytesOrNone("recordKey"),
                fields.headers("headers"));
    }

    @FunctionalInterface
    private interface Read<T> {
        T from(FieldReader fields) throws WireFormatException;
    }

    @FunctionalInterface
    private interface Write<T> {
        void to(T record, FieldWriter fields);
    }

    private record Conversion<T extends WireRecord>(Class<T> type, Write<T> write, Read<T> read) {

        GenericRecord toAvro(WireRecord record) {
            Schema schema = Schemas.current(type);
            FieldWriter fields = new FieldWriter(schema);
            write.to(type.cast(record), fields);
            return fields.record();
        }

        WireRecord fromAvro(GenericRecord avro) throws WireFormatException {
            return read.from(new FieldReader(avro));
        }
    }
}
