/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import java.util.List;
import java.util.Locale;

/**
 * A picture of lines, as SVG that takes its colours from the report's style.
 *
 * @param title what it shows
 * @param horizontal how the horizontal axis is divided
 * @param unit the unit of the horizontal axis, shown at its end; empty if the labels say it
 * @param width in pixels at full size
 * @param height in pixels at full size
 * @param fromZero whether the vertical axis starts at zero
 * @param bands stretches that are shaded, such as what is forecast
 * @param lines the lines, the first lowest
 */
public record LineChart(
        String title,
        Axis horizontal,
        String unit,
        int width,
        int height,
        boolean fromZero,
        List<Band> bands,
        List<Line> lines)
        implements Exhibit {
    private static final int LEFT = 46;
    private static final int RIGHT = 12;
    private static final int BOTTOM = 24;
    private static final int TITLE = 22;
    private static final int LEGEND = 18;
    private static final double LETTER = 6.2;

    /** Points above which a line is drawn thin. */
    private static final int DENSE = 1000;

    /** A stretch of the horizontal axis; what lies beyond the lines is not shown. */
    public record Band(double from, double to) {}

    @Override
    public String html() {
        Frame frame = frame();
        StringBuilder svg = new StringBuilder(Exhibit.picture(title, width, height));
        if (lines.size() > 1) {
            legend(svg);
        }
        grid(svg, frame);
        for (Band band : bands) {
            double from = frame.x(Math.max(band.from, frame.lowX));
            double to = frame.x(Math.min(band.to, frame.highX));
            svg.append(
                    format(
                            "<rect class=\"ahead\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                                    + " height=\"%.1f\"/>",
                            from, frame.top, Math.max(0, to - from), frame.bottom - frame.top));
        }
        for (Line line : lines) {
            path(svg, frame, line);
        }
        return svg.append("</svg>").toString();
    }

    private Frame frame() {
        double lowX = Double.POSITIVE_INFINITY;
        double highX = Double.NEGATIVE_INFINITY;
        double low = fromZero ? 0 : Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Line line : lines) {
            for (int i = 0; i < line.x().length; i++) {
                lowX = Math.min(lowX, line.x()[i]);
                highX = Math.max(highX, line.x()[i]);
                if (Double.isFinite(line.y()[i])) {
                    low = Math.min(low, line.y()[i]);
                    high = Math.max(high, line.y()[i]);
                }
            }
        }
        if (!(low <= high)) {
            low = 0;
            high = 1;
        }
        double margin = high > low ? (high - low) * 0.06 : Math.max(1, Math.abs(high)) * 0.1;
        return new Frame(
                lowX,
                highX > lowX ? highX : lowX + 1,
                fromZero ? 0 : low - margin,
                high + margin,
                lines.size() > 1 ? TITLE + LEGEND : TITLE,
                height - BOTTOM,
                width - RIGHT);
    }

    private void legend(StringBuilder svg) {
        double x = 0;
        for (Line line : lines) {
            svg.append(
                    format(
                            "<path class=\"%s\" d=\"M%.1f,%dh16\"/><text x=\"%.1f\""
                                    + " y=\"%d\">%s</text>",
                            style(line),
                            x,
                            TITLE + 6,
                            x + 21,
                            TITLE + 10,
                            Report.escape(line.name())));
            x += 21 + line.name().length() * LETTER + 18;
        }
    }

    private void grid(StringBuilder svg, Frame frame) {
        int rows = Math.max(2, (int) (frame.bottom - frame.top) / 28);
        for (Axis.Tick tick : Axis.NUMBER.ticks(frame.lowY, frame.highY, rows)) {
            double y = frame.y(tick.value());
            svg.append(
                    format(
                            "<path class=\"grid\" d=\"M%d,%.1fH%d\"/>"
                                    + "<text class=\"end\" x=\"%d\" y=\"%.1f\">%s</text>",
                            LEFT, y, width - RIGHT, LEFT - 6, y + 4, tick.label()));
        }
        int columns = (width - LEFT - RIGHT) / 72;
        for (Axis.Tick tick : horizontal.ticks(frame.lowX, frame.highX, columns)) {
            double x = frame.x(tick.value());
            svg.append(
                    format(
                            "<path class=\"tick\" d=\"M%.1f,%.1fv4\"/>"
                                    + "<text class=\"middle\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                            x,
                            frame.bottom,
                            x,
                            frame.bottom + 17,
                            unit.isEmpty() ? tick.label() : tick.label() + " " + unit));
        }
        svg.append(
                format(
                        "<path class=\"axis\" d=\"M%d,%.1fH%d\"/>",
                        LEFT, frame.bottom, width - RIGHT));
    }

    private static void path(StringBuilder svg, Frame frame, Line line) {
        svg.append("<path class=\"").append(style(line)).append("\" d=\"");
        double[] values = line.y();
        boolean drawing = false;
        for (int i = 0; i < values.length; i++) {
            boolean known = Double.isFinite(values[i]);
            if (known) {
                svg.append(
                        format(
                                "%s%.1f,%.1f",
                                drawing ? "L" : "M", frame.x(line.x()[i]), frame.y(values[i])));
                boolean goesOn = i + 1 < values.length && Double.isFinite(values[i + 1]);
                if (!drawing && !goesOn) {
                    svg.append("h0"); // a dot, where a move alone would show nothing
                }
            }
            drawing = known;
        }
        svg.append("\"/>");
    }

    private static String style(Line line) {
        String role = "line " + line.role().name().toLowerCase(Locale.ROOT);
        return line.x().length > DENSE ? role + " dense" : role;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** From values to pixels. */
    private record Frame(
            double lowX,
            double highX,
            double lowY,
            double highY,
            double top,
            double bottom,
            double right) {
        double x(double value) {
            return LEFT + (value - lowX) / (highX - lowX) * (right - LEFT);
        }

        double y(double value) {
            return bottom - (value - lowY) / (highY - lowY) * (bottom - top);
        }
    }
}
