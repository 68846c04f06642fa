/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * A picture of a quantity over two axes, such as a spectrogram, as SVG with the values as an image.
 * Its colours are those of the map viridis, which can be told apart in grey too.
 *
 * @param title what it shows
 * @param horizontal the horizontal axis, from the left edge of the first column to the right of the
 *     last
 * @param vertical the vertical axis, from the lower edge of the first row to the upper of the last
 * @param scale the values at the ends of the colours; what lies beyond has the colour of the end
 * @param values {@code [row][column]}, the lowest row first; NaN is left open
 * @param width in pixels at full size
 * @param height in pixels at full size
 */
public record HeatMap(
        String title,
        Range horizontal,
        Range vertical,
        Range scale,
        double[][] values,
        int width,
        int height)
        implements Exhibit {
    private static final int LEFT = 46;
    private static final int RIGHT = 76;
    private static final int TOP = 38;
    private static final int BOTTOM = 24;
    private static final int BAR = 12;

    /** Colours at equal distances. */
    private static final int[][] VIRIDIS = {
        {68, 1, 84}, {72, 40, 120}, {62, 74, 137}, {49, 104, 142}, {38, 130, 142},
        {31, 158, 137}, {53, 183, 121}, {109, 205, 89}, {180, 222, 44}, {253, 231, 37}
    };

    /**
     * What an axis spans.
     *
     * @param unit shown behind the numbers
     */
    public record Range(double low, double high, String unit) {
        public Range {
            if (!(low < high)) {
                throw new IllegalArgumentException(
                        "an axis goes up, not from " + low + " to " + high);
            }
        }

        private double share(double value) {
            return (value - low) / (high - low);
        }
    }

    @Override
    public String html() {
        double right = width - RIGHT;
        double bottom = height - BOTTOM;
        StringBuilder svg = new StringBuilder(Exhibit.picture(title, width, height));
        image(svg, LEFT, right - LEFT, values);
        double[][] bar = new double[VIRIDIS.length * 8][1];
        for (int row = 0; row < bar.length; row++) {
            bar[row][0] = scale.low + (scale.high - scale.low) * row / (bar.length - 1);
        }
        image(svg, right + 16, BAR, bar);
        for (Axis.Tick tick :
                Axis.NUMBER.ticks(horizontal.low, horizontal.high, (width - LEFT - RIGHT) / 72)) {
            double x = LEFT + horizontal.share(tick.value()) * (right - LEFT);
            svg.append(
                    format(
                            "<path class=\"tick\" d=\"M%.1f,%.1fv4\"/>"
                                    + "<text class=\"middle\" x=\"%.1f\" y=\"%.1f\">%s %s</text>",
                            x, bottom, x, bottom + 17, tick.label(), horizontal.unit));
        }
        int rows = Math.max(2, (height - TOP - BOTTOM) / 28);
        for (Axis.Tick tick : Axis.NUMBER.ticks(vertical.low, vertical.high, rows)) {
            double y = bottom - vertical.share(tick.value()) * (bottom - TOP);
            svg.append(label("end", LEFT - 6, y, tick.label()));
        }
        for (Axis.Tick tick : Axis.NUMBER.ticks(scale.low, scale.high, rows)) {
            double y = bottom - scale.share(tick.value()) * (bottom - TOP);
            svg.append(label("start", right + 16 + BAR + 5, y, tick.label()));
        }
        svg.append(label("end", LEFT - 6, TOP - 12, vertical.unit));
        svg.append(label("start", right + 16, TOP - 12, scale.unit));
        return svg.append("</svg>").toString();
    }

    private static String label(String style, double x, double y, String text) {
        return format(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                style, x, y + 4, Report.escape(text));
    }

    private void image(StringBuilder svg, double x, double across, double[][] rows) {
        svg.append(
                format(
                        "<image x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
                            + " preserveAspectRatio=\"none\" href=\"data:image/png;base64,%s\"/>",
                        x, TOP, across, height - BOTTOM - TOP, png(rows)));
    }

    private String png(double[][] rows) {
        BufferedImage image =
                new BufferedImage(rows[0].length, rows.length, BufferedImage.TYPE_INT_ARGB);
        for (int row = 0; row < rows.length; row++) {
            for (int column = 0; column < rows[0].length; column++) {
                image.setRGB(column, rows.length - 1 - row, colour(scale.share(rows[row][column])));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** With its opacity, as {@link BufferedImage#TYPE_INT_ARGB} has it. */
    static int colour(double share) {
        if (Double.isNaN(share)) {
            return 0;
        }
        double place = Math.max(0, Math.min(1, share)) * (VIRIDIS.length - 1);
        int below = Math.min((int) place, VIRIDIS.length - 2);
        double rest = place - below;
        int argb = 0xff;
        for (int c = 0; c < 3; c++) {
            double mixed = (1 - rest) * VIRIDIS[below][c] + rest * VIRIDIS[below + 1][c];
            argb = argb << 8 | (int) Math.round(mixed);
        }
        return argb;
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
