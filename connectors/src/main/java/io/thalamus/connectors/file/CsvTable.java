/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.file;

import com.fasterxml.jackson.core.io.NumberOutput;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.AnomalyEvent;
import io.thalamus.schemas.AnomalyScore;
import io.thalamus.schemas.Classification;
import io.thalamus.schemas.Forecast;
import io.thalamus.schemas.ForecastError;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SignalFrame;
import io.thalamus.schemas.WireRecord;
import java.util.ArrayList;
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
        String rows(WireRecord record) {
            Forecast forecast = (Forecast) record;
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < forecast.horizon(); i++) {
                cell(rows, forecast.streamId()).append(',');
                cell(rows, forecast.model()).append(',');
                rows.append(forecast.segment()).append(',');
                rows.append(IsoTime.of(forecast.startNanos())).append(',');
                rows.append(forecast.sequence() + i).append(',');
                rows.append(IsoTime.of(forecast.startNanos() + forecast.rate().nanosOf(i)));
                column(rows, forecast.values(), i, forecast.horizon());
                rows.append('\n');
            }
            return rows.toString();
        }
    },
    SIGNAL_FRAME(List.of("stream", "segment", "sequence", "time", "quality")) {
        @Override
        List<String> channels(WireRecord record) {
            return ((SignalFrame) record).channels();
        }

        @Override
        String rows(WireRecord record) {
            SignalFrame frame = (SignalFrame) record;
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < frame.length(); i++) {
                cell(rows, frame.streamId()).append(',');
                rows.append(frame.segment()).append(',');
                rows.append(frame.sequence() + i).append(',');
                rows.append(IsoTime.of(frame.startNanos() + frame.rate().nanosOf(i))).append(',');
                rows.append(frame.quality());
                column(rows, frame.samples(), i, frame.length());
                rows.append('\n');
            }
            return rows.toString();
        }
    },
    ANOMALY_SCORE(List.of("stream", "model", "segment", "sequence", "time", "joint")) {
        @Override
        List<String> channels(WireRecord record) {
            return ((AnomalyScore) record).channels();
        }

        @Override
        String rows(WireRecord record) {
            AnomalyScore score = (AnomalyScore) record;
            StringBuilder rows = new StringBuilder();
            int length = score.joint().length;
            for (int i = 0; i < length; i++) {
                cell(rows, score.streamId()).append(',');
                cell(rows, score.model()).append(',');
                rows.append(score.segment()).append(',');
                rows.append(score.sequence() + i).append(',');
                rows.append(IsoTime.of(score.startNanos() + score.rate().nanosOf(i)));
                column(rows, score.joint(), i, length);
                column(rows, score.byChannel(), i, length);
                rows.append('\n');
            }
            return rows.toString();
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
        List<String> channels(WireRecord record) {
            return List.of();
        }

        @Override
        String rows(WireRecord record) {
            AnomalyEvent event = (AnomalyEvent) record;
            StringBuilder row = new StringBuilder();
            cell(row, event.streamId()).append(',');
            cell(row, event.model()).append(',');
            row.append(event.segment()).append(',');
            row.append(IsoTime.of(event.startNanos())).append(',');
            row.append(event.endNanos() == 0 ? "" : IsoTime.of(event.endNanos()));
            column(row, new float[] {event.peak(), event.threshold()}, 0, 1);
            row.append(',');
            return cell(row, String.join(" ", event.channels())).append('\n').toString();
        }
    },
    /** One row a window; the columns behind the label have the probability of each class. */
    CLASSIFICATION(List.of("stream", "model", "segment", "sequence", "start", "end", "label")) {
        @Override
        List<String> channels(WireRecord record) {
            return ((Classification) record).classes();
        }

        @Override
        String rows(WireRecord record) {
            Classification classification = (Classification) record;
            StringBuilder row = new StringBuilder();
            cell(row, classification.streamId()).append(',');
            cell(row, classification.model()).append(',');
            row.append(classification.segment()).append(',');
            row.append(classification.sequence()).append(',');
            row.append(IsoTime.of(classification.startNanos())).append(',');
            row.append(IsoTime.of(classification.endNanos())).append(',');
            cell(row, classification.label());
            column(row, classification.probabilities(), 0, 1);
            return row.append('\n').toString();
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
        List<String> channels(WireRecord record) {
            return List.of();
        }

        @Override
        String rows(WireRecord record) {
            ForecastError error = (ForecastError) record;
            StringBuilder row = new StringBuilder();
            cell(row, error.streamId()).append(',');
            cell(row, error.model()).append(',');
            row.append(error.segment()).append(',');
            row.append(error.sequence()).append(',');
            row.append(IsoTime.of(error.startNanos())).append(',');
            row.append(NumberOutput.toString(error.mse(), true)).append(',');
            row.append(NumberOutput.toString(error.mae(), true)).append(',');
            row.append(error.forecasts()).append(',');
            row.append(NumberOutput.toString(error.rollingMse(), true)).append(',');
            return row.append(NumberOutput.toString(error.rollingMae(), true))
                    .append('\n')
                    .toString();
        }
    },
    /** One row each: what they remark on may be any stretch of a stream. */
    ANNOTATION(List.of("stream", "onset", "end", "text")) {
        @Override
        List<String> channels(WireRecord record) {
            return List.of();
        }

        @Override
        String rows(WireRecord record) {
            Annotation annotation = (Annotation) record;
            long onset = annotation.onsetNanos();
            StringBuilder row = new StringBuilder();
            cell(row, annotation.streamId()).append(',');
            row.append(IsoTime.of(onset)).append(',');
            row.append(IsoTime.of(onset + annotation.durationNanos())).append(',');
            return cell(row, annotation.text()).append('\n').toString();
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

    abstract List<String> channels(WireRecord record);

    /** The record's rows, each with its line end. */
    abstract String rows(WireRecord record);

    /** The line above rows of these channels, with its line end. */
    String header(List<String> channels) {
        List<String> names = new ArrayList<>(columns);
        names.addAll(channels);
        StringBuilder header = new StringBuilder();
        for (String name : names) {
            cell(header.isEmpty() ? header : header.append(','), name);
        }
        return header.append('\n').toString();
    }

    /** The {@code index}-th value of each channel, each behind a comma. */
    private static void column(StringBuilder row, float[] values, int index, int length) {
        for (int i = index; i < values.length; i += length) {
            row.append(',');
            if (!Float.isNaN(values[i])) {
                // The shortest number that reads back as the same bits, whichever Java runs.
                row.append(NumberOutput.toString(values[i], true));
            }
        }
    }

    /** A text, quoted as RFC 4180 says where it has to be. */
    private static StringBuilder cell(StringBuilder row, String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain
                ? row.append(text)
                : row.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
}
