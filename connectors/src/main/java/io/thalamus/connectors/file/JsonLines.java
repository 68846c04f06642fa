/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.thalamus.schemas.AdaptationEvent;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.ControlCommand;
import io.thalamus.schemas.DeadLetter;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.TokenFrame;
import io.thalamus.schemas.WireRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.serialization.Encoder;

/** A record as one line: a JSON object whose fields are the record's components. */
final class JsonLines<T extends WireRecord> implements Encoder<T> {
    private static final long serialVersionUID = 1L;

    // The shortest number that reads back as the same bits, whichever Java runs.
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

    @Override
    public void encode(T record, OutputStream stream) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("type", record.getClass().getSimpleName());
            new Fields(json).write(record);
            json.writeEndObject();
        }
        line.write('\n');
        // At once: the streams of some file systems do not buffer.
        line.writeTo(stream);
    }

    private record Fields(JsonGenerator json) {

        void write(WireRecord record) throws IOException {
            if (record instanceof SignalFrame frame) {
                write(frame);
            } else if (record instanceof Forecast forecast) {
                write(forecast);
            } else if (record instanceof ForecastError error) {
                write(error);
            } else if (record instanceof AnomalyScore score) {
                write(score);
            } else if (record instanceof AnomalyEvent event) {
                write(event);
            } else if (record instanceof Classification classification) {
                write(classification);
            } else if (record instanceof TokenFrame tokens) {
                write(tokens);
            } else if (record instanceof Annotation annotation) {
                write(annotation);
            } else if (record instanceof AdaptationEvent event) {
                write(event);
            } else if (record instanceof ControlCommand command) {
                write(command);
            } else if (record instanceof DeadLetter letter) {
                write(letter);
            } else {
                throw new IllegalArgumentException("no JSON form of " + record.getClass());
            }
        }

        private void write(SignalFrame frame) throws IOException {
            json.writeStringField("streamId", frame.streamId());
            json.writeNumberField("sequence", frame.sequence());
            json.writeNumberField("segment", frame.segment());
            time("start", frame.startNanos());
            rate(frame.rate());
            texts("channels", frame.channels());
            rows("samples", frame.samples(), frame.channels().size());
            json.writeNumberField("quality", frame.quality());
        }

        private void write(Forecast forecast) throws IOException {
            json.writeStringField("streamId", forecast.streamId());
            json.writeNumberField("sequence", forecast.sequence());
            json.writeNumberField("segment", forecast.segment());
            time("start", forecast.startNanos());
            rate(forecast.rate());
            texts("channels", forecast.channels());
            rows("values", forecast.values(), forecast.channels().size());
            json.writeStringField("model", forecast.model());
        }

        private void write(ForecastError error) throws IOException {
            json.writeStringField("streamId", error.streamId());
            json.writeNumberField("sequence", error.sequence());
            json.writeNumberField("segment", error.segment());
            time("start", error.startNanos());
            number("mse", error.mse());
            number("mae", error.mae());
            json.writeNumberField("forecasts", error.forecasts());
            number("rollingMse", error.rollingMse());
            number("rollingMae", error.rollingMae());
            json.writeStringField("model", error.model());
        }

        private void write(AnomalyScore score) throws IOException {
            json.writeStringField("streamId", score.streamId());
            json.writeNumberField("sequence", score.sequence());
            json.writeNumberField("segment", score.segment());
            time("start", score.startNanos());
            rate(score.rate());
            texts("channels", score.channels());
            row("joint", score.joint());
            rows("byChannel", score.byChannel(), score.channels().size());
            json.writeStringField("model", score.model());
        }

        private void write(AnomalyEvent event) throws IOException {
            json.writeStringField("streamId", event.streamId());
            json.writeNumberField("segment", event.segment());
            time("start", event.startNanos());
            timeOrNone("end", event.endNanos());
            number("peak", event.peak());
            number("threshold", event.threshold());
            texts("channels", event.channels());
            json.writeStringField("model", event.model());
        }

        private void write(Classification classification) throws IOException {
            json.writeStringField("streamId", classification.streamId());
            json.writeNumberField("sequence", classification.sequence());
            json.writeNumberField("segment", classification.segment());
            time("start", classification.startNanos());
            time("end", classification.endNanos());
            json.writeStringField("label", classification.label());
            texts("classes", classification.classes());
            row("probabilities", classification.probabilities());
            json.writeNumberField("entropy", classification.entropy());
            json.writeStringField("model", classification.model());
        }

        private void write(TokenFrame tokens) throws IOException {
            json.writeStringField("streamId", tokens.streamId());
            json.writeNumberField("sequence", tokens.sequence());
            json.writeNumberField("segment", tokens.segment());
            time("start", tokens.startNanos());
            rate(tokens.rate());
            json.writeNumberField("codebookSize", tokens.codebookSize());
            json.writeFieldName("codes");
            json.writeArray(tokens.codes(), 0, tokens.codes().length);
            json.writeStringField("model", tokens.model());
        }

        private void write(Annotation annotation) throws IOException {
            json.writeStringField("streamId", annotation.streamId());
            time("onset", annotation.onsetNanos());
            json.writeNumberField("durationNanos", annotation.durationNanos());
            json.writeStringField("text", annotation.text());
        }

        private void write(AdaptationEvent event) throws IOException {
            json.writeStringField("streamId", event.streamId());
            time("time", event.timeNanos());
            json.writeStringField("kind", event.kind().name());
            number("level", event.level());
            json.writeStringField("reason", event.reason());
            json.writeStringField("model", event.model());
        }

        private void write(ControlCommand command) throws IOException {
            json.writeStringField("streamId", command.streamId());
            time("effective", command.effectiveNanos());
            json.writeStringField("kind", command.kind().name());
            json.writeStringField("argument", command.argument());
        }

        private void write(DeadLetter letter) throws IOException {
            json.writeStringField("origin", letter.origin());
            json.writeNumberField("partition", letter.partition());
            json.writeNumberField("position", letter.position());
            timeOrNone("time", letter.timeNanos());
            json.writeStringField("stage", letter.stage());
            json.writeStringField("error", letter.error());
            json.writeStringField("reason", letter.reason());
            json.writeBinaryField("payload", letter.payload());
            Optional<String> text = text(letter.payload());
            if (text.isPresent()) {
                json.writeStringField("text", text.get());
            }
            bytesOrNone("recordKey", letter.recordKey());
            json.writeArrayFieldStart("headers");
            for (DeadLetter.Header header : letter.headers()) {
                json.writeStartObject();
                json.writeStringField("name", header.name());
                bytesOrNone("value", header.value());
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        private void bytesOrNone(String name, byte[] bytes) throws IOException {
            if (bytes == null) {
                json.writeNullField(name);
            } else {
                json.writeBinaryField(name, bytes);
            }
        }

        /** The bytes as text, if text is what they are: a refused line of a file is readable. */
        private static Optional<String> text(byte[] bytes) {
            try {
                return Optional.of(
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString());
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }

        private void time(String name, long nanos) throws IOException {
            json.writeStringField(name, IsoTime.of(nanos));
            json.writeNumberField(name + "Nanos", nanos);
        }

        /** A time for which 0 means that there is none. */
        private void timeOrNone(String name, long nanos) throws IOException {
            if (nanos == 0) {
                json.writeNullField(name);
                json.writeNumberField(name + "Nanos", 0);
            } else {
                time(name, nanos);
            }
        }

        private void rate(SampleRate rate) throws IOException {
            json.writeObjectFieldStart("rate");
            json.writeNumberField("numerator", rate.numerator());
            json.writeNumberField("denominator", rate.denominator());
            json.writeEndObject();
        }

        private void texts(String name, List<String> texts) throws IOException {
            json.writeArrayFieldStart(name);
            for (String text : texts) {
                json.writeString(text);
            }
            json.writeEndArray();
        }

        private void number(String name, float value) throws IOException {
            json.writeFieldName(name);
            number(value);
        }

        private void number(String name, double value) throws IOException {
            json.writeFieldName(name);
            if (Double.isNaN(value)) {
                json.writeNull();
            } else {
                // Jackson writes an infinite number, which JSON has no word for, as a string.
                json.writeNumber(value);
            }
        }

        private void number(float value) throws IOException {
            if (Float.isNaN(value)) {
                json.writeNull();
            } else {
                json.writeNumber(value);
            }
        }

        private void row(String name, float[] values) throws IOException {
            json.writeFieldName(name);
            row(values, 0, values.length);
        }

        private void rows(String name, float[] values, int rows) throws IOException {
            json.writeArrayFieldStart(name);
            int length = values.length / rows;
            for (int row = 0; row < rows; row++) {
                row(values, row * length, length);
            }
            json.writeEndArray();
        }

        private void row(float[] values, int from, int length) throws IOException {
            json.writeStartArray();
            for (int i = from; i < from + length; i++) {
                number(values[i]);
            }
            json.writeEndArray();
        }
    }
}
