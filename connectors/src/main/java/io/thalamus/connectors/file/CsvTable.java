/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.List;

/** How records of one type are rows: one for each sample, if they hold samples. */
enum CsvTable {
    /** {@code first} is the time of the forecast's first sample, {@code time} the row's own. */
    FORECAST(List.of("stream", "model", "segment", "first", "sequence", "time")) {
        @Override
        List<String> channels(WireRecord record) {
            return ((Forecast) record).channels();
        }

        @Override
        void rows(WireRecord record, CsvRows rows) {
            Forecast forecast = (Forecast) record;
            for (int i = 0; i < forecast.horizon(); i++) {
                rows.text(forecast.streamId())
                        .text(forecast.model())
                        .number(forecast.segment())
                        .time(forecast.startNanos())
                        .number(forecast.sequence() + i)
                        .time(forecast.startNanos() + forecast.rate().nanosOf(i))
                        .column(forecast.values(), i, forecast.horizon())
                        .end();
            }
        }
    },
    SIGNAL_FRAME(List.of("stream", "segment", "sequence", "time", "quality")) {
        @Override
        List<String> channels(WireRecord record) {
            return ((SignalFrame) record).channels();
        }

        @Override
        void rows(WireRecord record, CsvRows rows) {
            SignalFrame frame = (SignalFrame) record;
            for (int i = 0; i < frame.length(); i++) {
                rows.text(frame.streamId())
                        .number(frame.segment())
                        .number(frame.sequence() + i)
                        .time(frame.startNanos() + frame.rate().nanosOf(i))
                        .number(frame.quality())
                        .column(frame.samples(), i, frame.length())
                        .end();
            }
        }
    },
    ANOMALY_SCORE(List.of("stream", "model", "segment", "sequence", "time", "joint")) {
        @Override
        List<String> channels(WireRecord record) {
            return ((AnomalyScore) record).channels();
        }

        @Override
        void rows(WireRecord record, CsvRows rows) {
            AnomalyScore score = (AnomalyScore) record;
            int length = score.joint().length;
            for (int i = 0; i < length; i++) {
                rows.text(score.streamId())
                        .text(score.model())
                        .number(score.segment())
                        .number(score.sequence() + i)
                        .time(score.startNanos() + score.rate().nanosOf(i))
                        .column(score.joint(), i, length)
                        .column(score.byChannel(), i, length)
                        .end();
            }
        }
    },
    /** One row each; {@code end} is empty while it lasts, {@code channels} have spaces between. */
    ANOMALY_EVENT(
            List.of(
                    "stream",
                    "model",
                    "segment",
                    "start",
                    "end",
                    "peak",
                    "threshold",
                    "channels")) {
        @Override
        void rows(WireRecord record, CsvRows rows) {
            AnomalyEvent event = (AnomalyEvent) record;
            rows.text(event.streamId())
                    .text(event.model())
                    .number(event.segment())
                    .time(event.startNanos());
            (event.endNanos() == 0 ? rows.empty() : rows.time(event.endNanos()))
                    .number(event.peak())
                    .number(event.threshold())
                    .text(String.join(" ", event.channels()))
                    .end();
        }
    },
    /** One row a window; the columns behind the label have the probability of each class. */
    CLASSIFICATION(List.of("stream", "model", "segment", "sequence", "start", "end", "label")) {
        @Override
        List<String> channels(WireRecord record) {
            return ((Classification) record).classes();
        }

        @Override
        void rows(WireRecord record, CsvRows rows) {
            Classification classification = (Classification) record;
            rows.text(classification.streamId())
                    .text(classification.model())
                    .number(classification.segment())
                    .number(classification.sequence())
                    .time(classification.startNanos())
                    .time(classification.endNanos())
                    .text(classification.label())
                    .column(classification.probabilities(), 0, 1)
                    .end();
        }
    },
    /** One row each. */
    FORECAST_ERROR(
            List.of(
                    "stream",
                    "model",
                    "segment",
                    "sequence",
                    "time",
                    "mse",
                    "mae",
                    "forecasts",
                    "rolling-mse",
                    "rolling-mae")) {
        @Override
        void rows(WireRecord record, CsvRows rows) {
            ForecastError error = (ForecastError) record;
            rows.text(error.streamId())
                    .text(error.model())
                    .number(error.segment())
                    .number(error.sequence())
                    .time(error.startNanos())
                    .number(error.mse())
                    .number(error.mae())
                    .number(error.forecasts())
                    .number(error.rollingMse())
                    .number(error.rollingMae())
                    .end();
        }
    },
    /** One row each: what they remark on may be any stretch of a stream. */
    ANNOTATION(List.of("stream", "onset", "end", "text")) {
        @Override
        void rows(WireRecord record, CsvRows rows) {
            Annotation annotation = (Annotation) record;
            long onset = annotation.onsetNanos();
            rows.text(annotation.streamId())
                    .time(onset)
                    .time(onset + annotation.durationNanos())
                    .text(annotation.text())
                    .end();
        }
    };

    private final List<String> columns;

    CsvTable(List<String> columns) {
        this.columns = columns;
    }

    static CsvTable of(Class<? extends WireRecord> type) {
        if (type == Forecast.class) {
            return FORECAST;
        }
        if (type == ForecastError.class) {
            return FORECAST_ERROR;
        }
        if (type == SignalFrame.class) {
            return SIGNAL_FRAME;
        }
        if (type == AnomalyScore.class) {
            return ANOMALY_SCORE;
        }
        if (type == AnomalyEvent.class) {
            return ANOMALY_EVENT;
        }
        if (type == Classification.class) {
            return CLASSIFICATION;
        }
        if (type == Annotation.class) {
            return ANNOTATION;
        }
        throw new InvalidInputException(
                "CSV files hold records of type Forecast, ForecastError, SignalFrame, AnomalyScore,"
                        + " AnomalyEvent, Classification or Annotation, not "
                        + type.getSimpleName()
                        + ": write JSON lines instead");
    }

    /** What has columns of its own in the record, behind those of all such rows. */
    List<String> channels(WireRecord record) {
        return List.of();
    }

    abstract void rows(WireRecord record, CsvRows rows);

    /** The record's rows, each with its line end. */
    final String rows(WireRecord record) {
        CsvRows rows = new CsvRows();
        rows(record, rows);
        return rows.toString();
    }

    /** The line above rows of these channels, with its line end. */
    String header(List<String> channels) {
        CsvRows header = new CsvRows();
        columns.forEach(header::text);
        channels.forEach(header::text);
        return header.end().toString();
    }
}
