/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.simulation;

import io.thalamus.connectors.recording.TimeFormat;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.InvalidInputException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recording in a CSV file, with anomalies put into it, and the labels that tell where. The first
 * column has the times (ISO, or seconds since the epoch), the others a channel each; an empty cell,
 * or one that is no number, is a missing value. Cells that are not changed stay as they are
 * written; the others have as many decimals as the most exact of their column.
 */
public final class AnomalousRecording implements Simulator {
    private static final int MOST_DECIMALS = 17;

    private final Path source;
    private final String[] header;
    private final List<String[]> rows;
    private final List<InjectedAnomaly> anomalies;

    /**
     * @throws InvalidInputException if the file is no such recording
     * @throws IllegalArgumentException if the anomalies do not fit in it
     */
    public AnomalousRecording(Path source, AnomalyInjector injector) throws IOException {
        this.source = source;
        List<String> lines = Files.readAllLines(source);
        header = lines.isEmpty() ? new String[0] : lines.get(0).split(",", -1);
        if (header.length < 2 || lines.size() < 2) {
            throw new InvalidInputException(
                    "%s has no rows of a time and values, with commas between".formatted(source));
        }
        rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (cells.length != header.length) {
                throw new InvalidInputException(
                        "%s: line %d has %d cells where the header has %d"
                                .formatted(source, rows.size() + 2, cells.length, header.length));
            }
            rows.add(cells);
        }
        double[][] values = new double[header.length - 1][rows.size()];
        for (int channel = 0; channel < values.length; channel++) {
            for (int row = 0; row < rows.size(); row++) {
                values[channel][row] = number(rows.get(row)[channel + 1]);
            }
        }
        double[][] before = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        anomalies = injector.inject(values);
        for (int channel = 0; channel < values.length; channel++) {
            int decimals = decimals(channel + 1);
            for (int row = 0; row < rows.size(); row++) {
                double value = values[channel][row];
                if (Double.compare(value, before[channel][row]) != 0) {
                    rows.get(row)[channel + 1] = written(value, decimals);
                }
            }
        }
    }

    private static double number(String cell) {
        try {
            // Not parseDouble, which takes suffixes and hexadecimal digits too.
            double value = new BigDecimal(cell.strip()).doubleValue();
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN; // the cell says that the value is missing
        }
    }

    private static String written(double value, int decimals) {
        return Double.isNaN(value)
                ? ""
                : BigDecimal.valueOf(value)
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .toPlainString();
    }

    private int decimals(int column) {
        int most = 0;
        for (String[] row : rows) {
            if (!Double.isNaN(number(row[column]))) {
                most = Math.max(most, new BigDecimal(row[column].strip()).scale());
            }
        }
        return Math.min(most, MOST_DECIMALS);
    }

    /** The anomalies, in the order of their times. */
    public List<InjectedAnomaly> anomalies() {
        return List.copyOf(anomalies);
    }

    @Override
    public void write(Appendable out) throws IOException {
        out.append(String.join(",", header)).append('\n');
        for (String[] row : rows) {
            out.append(String.join(",", row)).append('\n');
        }
    }

    /**
     * What is anomalous: a label for each anomaly, from its first sample to the one after its last.
     *
     * @param stream the stream's id
     * @throws InvalidInputException if a time cannot be read
     */
    public List<Annotation> labels(String stream) {
        return anomalies.stream()
                .map(
                        anomaly -> {
                            long onset = nanosOf(anomaly.first());
                            long end = nanosOf(anomaly.first() + anomaly.samples());
                            return new Annotation(stream, onset, end - onset, text(anomaly));
                        })
                .toList();
    }

    private String text(InjectedAnomaly anomaly) {
        String channel = header[anomaly.channel() + 1];
        return anomaly.channel() == anomaly.other()
                ? "%s of %s".formatted(anomaly.kind(), channel)
                : "%s of %s and %s".formatted(anomaly.kind(), channel, header[anomaly.other() + 1]);
    }

    private long nanosOf(int row) {
        String text = rows.get(row)[0];
        String format = Double.isNaN(number(text)) ? TimeFormat.ISO : TimeFormat.EPOCH_SECONDS;
        try {
            return new TimeFormat(format, ZoneOffset.UTC).parser().applyAsLong(text);
        } catch (DateTimeException e) {
            throw new InvalidInputException(
                    "%s: line %d has the time '%s'; write ISO times, or seconds since the epoch"
                            .formatted(source, row + 2, text),
                    e);
        }
    }
}
