/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.StreamDescription;
import io.thalamus.schemas.InvalidInputException;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Locale;

/** Draws a {@link QuickLook}, from the top to the bottom. */
final class QuickLookPicture {
    static final int WIDTH = 1280;
    static final int LEFT = 116;
    static final int RIGHT = 84;
    static final int COLUMNS = WIDTH - LEFT - RIGHT;

    static final Color LEVELS = new Color(0x2a6fbb);
    static final Color GAP = new Color(0xf2b8a8);
    static final Color ANNOTATION = new Color(0xb8860b);

    private static final Color TEXT = new Color(0x222222);
    private static final Color FAINT = new Color(0x777777);
    private static final Color GRID = new Color(0xdddddd);

    private static final int MARGIN = 16;
    private static final int LINE = 18;
    private static final int REMARK_ROWS = 3;
    private static final int REMARK = 16;
    private static final int LONGEST_REMARK = 28;
    private static final int LONGEST_NAME = 14;
    private static final int MOST_DIGITS = 7;
    private static final int STRIP = 64;
    private static final int ONLY_STRIP = 130;
    private static final int BETWEEN = 6;
    private static final int SPECTROGRAM = 150;
    private static final int AXIS = 40;
    private static final int BAR = 12;

    private final RecordingDescription recording;
    private final TimeColumns columns;
    private final String[] onsets;
    private final BitSet annotated;
    private final Unit time;
    private Graphics2D graphics;
    private int y;

    /** What numbers are written in: {@code one} of it is so much. */
    private record Unit(String name, double one) {
        static Unit ofTime(double seconds) {
            if (seconds < 300) {
                return seconds < 0.5 ? new Unit("ms", 1e-3) : new Unit("s", 1);
            }
            if (seconds < 3 * 3600) {
                return new Unit("min", 60);
            }
            return seconds < 4 * 86_400 ? new Unit("h", 3600) : new Unit("days", 86_400);
        }

        static Unit ofFrequency(double hertz) {
            if (hertz >= 1) {
                return hertz < 5000 ? new Unit("Hz", 1) : new Unit("kHz", 1e3);
            }
            return hertz < 1e-3 ? new Unit("\u00b5Hz", 1e-6) : new Unit("mHz", 1e-3);
        }
    }

    QuickLookPicture(
            RecordingDescription recording,
            TimeColumns columns,
            String[] onsets,
            BitSet annotated) {
        this.recording = recording;
        this.columns = columns;
        this.onsets = onsets;
        this.annotated = annotated;
        this.time = Unit.ofTime(columns.seconds());
    }

    BufferedImage draw(Collection<StreamLook> streams) {
        requireFont();
        int height = MARGIN + 3 * LINE + (annotated.isEmpty() ? 0 : REMARK_ROWS * REMARK + 8);
        for (StreamLook stream : streams) {
            height += height(stream);
        }
        BufferedImage image = new BufferedImage(WIDTH, height + MARGIN, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, image.getHeight());
        header();
        remarks();
        streams.forEach(this::stream);
        graphics.dispose();
        return image;
    }

    private static int height(StreamLook stream) {
        int strips = stream.levels().size();
        return LINE
                + 6
                + strips * (stripHeight(stream) + BETWEEN)
                + (stream.spectra().isEmpty() ? 0 : SPECTROGRAM + BETWEEN)
                + AXIS;
    }

    private static int stripHeight(StreamLook stream) {
        return stream.levels().size() == 1 ? ONLY_STRIP : STRIP;
    }

    /** Java has no font of its own, and a container may have none. */
    private static void requireFont() {
        try {
            new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                    .createGraphics()
                    .getFontMetrics(font(Font.PLAIN, 11))
                    .stringWidth("0");
        } catch (RuntimeException | LinkageError | InternalError e) {
            throw new InvalidInputException(
                    "a picture cannot be labelled, as Java finds no font here: install fontconfig"
                            + " and a font, such as the packages fontconfig and fonts-dejavu-core",
                    e);
        }
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    private void header() {
        y = MARGIN + 14;
        text(font(Font.BOLD, 16), TEXT, MARGIN, y, recording.name());
        y += LINE + 2;
        int left = recording.streams().size() - QuickLook.MOST_STREAMS;
        text(
                font(Font.PLAIN, 12),
                FAINT,
                MARGIN,
                y,
                "%s,  from %s,  %s%s"
                        .formatted(
                                recording.format(),
                                Instant.EPOCH.plusNanos(columns.startNanos()),
                                words(columns.seconds()),
                                left > 0
                                        ? ",  the first %d of %d streams"
                                                .formatted(
                                                        QuickLook.MOST_STREAMS,
                                                        recording.streams().size())
                                        : ""));
        y = MARGIN + 3 * LINE;
    }

    private static String words(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.6g s", seconds);
        }
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        return duration.toDays() > 0
                ? "%d d %d h".formatted(duration.toDays(), duration.toHoursPart())
                : "%d h %d min %d s"
                        .formatted(
                                duration.toHours(),
                                duration.toMinutesPart(),
                                duration.toSecondsPart());
    }

    /** The texts of annotations where there is room for them, and a bar as long as each lasts. */
    private void remarks() {
        if (annotated.isEmpty()) {
            return;
        }
        graphics.setFont(font(Font.PLAIN, 11));
        FontMetrics metrics = graphics.getFontMetrics();
        int[] free = new int[REMARK_ROWS];
        for (int column = 0; column < COLUMNS; column++) {
            if (onsets[column] == null) {
                continue;
            }
            String remark = shortened(onsets[column], LONGEST_REMARK);
            int width = metrics.stringWidth(remark);
            for (int row = 0; row < REMARK_ROWS; row++) {
                if (free[row] <= column && LEFT + column + width < WIDTH) {
                    graphics.setColor(TEXT);
                    graphics.drawString(remark, LEFT + column + 3, y + row * REMARK + 11);
                    free[row] = column + width + 10;
                    break;
                }
            }
        }
        y += REMARK_ROWS * REMARK;
        fill(annotated, ANNOTATION, y, 4);
        y += 8;
    }

    private void stream(StreamLook look) {
        StreamDescription stream = look.stream();
        int left = stream.channels().size() - look.levels().size();
        y += LINE;
        text(
                font(Font.BOLD, 13),
                TEXT,
                LEFT,
                y,
                "%s,  %s%s"
                        .formatted(
                                stream.streamId(),
                                stream.rate(),
                                left > 0
                                        ? ",  the first %d of %d channels"
                                                .formatted(
                                                        look.levels().size(),
                                                        stream.channels().size())
                                        : ""));
        y += 6;
        int top = y;
        for (int channel = 0; channel < look.levels().size(); channel++) {
            levels(look, channel);
        }
        if (!look.spectra().isEmpty()) {
            spectrogram(look);
        }
        for (int column = 0; column < COLUMNS; column++) {
            if (onsets[column] != null) {
                graphics.setColor(ANNOTATION);
                for (int dash = top; dash < y - BETWEEN; dash += 8) {
                    graphics.fillRect(LEFT + column, dash, 1, Math.min(4, y - BETWEEN - dash));
                }
            }
        }
        axis();
    }

    private void levels(StreamLook look, int channel) {
        int height = stripHeight(look);
        ColumnLevels levels = look.levels().get(channel);
        float low = levels.lowest();
        float high = levels.highest();
        frame(height);
        fill(look.gaps(), GAP, y + 1, height - 1);
        if (Float.isNaN(low)) {
            text(font(Font.PLAIN, 11), FAINT, LEFT + 8, y + height / 2 + 4, "all values missing");
        } else {
            double margin = high > low ? 0.06 * (high - low) : Math.max(1, Math.abs(high));
            double bottom = low - margin;
            double scale = (height - 2) / (high + margin - bottom);
            graphics.setColor(LEVELS);
            for (int column = 0; column < COLUMNS; column++) {
                if (levels.has(column)) {
                    // Reaches to the column before, so that a steep slope is no hole.
                    boolean joined = levels.has(column - 1);
                    double from =
                            joined
                                    ? Math.min(levels.low(column), levels.high(column - 1))
                                    : levels.low(column);
                    double to =
                            joined
                                    ? Math.max(levels.high(column), levels.low(column - 1))
                                    : levels.high(column);
                    int upper = y + height - 1 - (int) Math.round((to - bottom) * scale);
                    int lower = y + height - 1 - (int) Math.round((from - bottom) * scale);
                    graphics.fillRect(LEFT + column, upper, 1, Math.max(1, lower - upper + 1));
                }
            }
            Font small = font(Font.PLAIN, 10);
            rightText(small, FAINT, LEFT - 6, y + 10, number(high));
            rightText(small, FAINT, LEFT - 6, y + height - 1, number(low));
        }
        String name = shortened(look.stream().channels().get(channel), LONGEST_NAME);
        String unit = look.stream().units().get(channel);
        rightText(
                font(Font.PLAIN, 12),
                TEXT,
                LEFT - 6,
                y + height / 2 + 4,
                unit.isEmpty() ? name : name + " / " + unit);
        y += height + BETWEEN;
    }

    private static String number(float value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
        return rounded.precision() - rounded.scale() > MOST_DIGITS || rounded.scale() > MOST_DIGITS
                ? rounded.toString()
                : rounded.toPlainString();
    }

    /** All decibels that are known, the lowest first. */
    private static double[] decibels(ColumnSpectra spectra) {
        double[] known = new double[COLUMNS * spectra.frequencies()];
        int count = 0;
        for (int column = 0; column < COLUMNS; column++) {
            for (int f = 0; f < spectra.frequencies(); f++) {
                double decibels = spectra.decibels(column, f);
                if (!Double.isNaN(decibels)) {
                    known[count++] = decibels;
                }
            }
        }
        double[] sorted = Arrays.copyOf(known, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private void spectrogram(StreamLook look) {
        ColumnSpectra spectra = look.spectra();
        double[] sorted = decibels(spectra);
        // The quietest and the loudest twentieth tell little.
        double low = sorted[sorted.length / 20];
        double high = Math.max(low + 10, sorted[(int) (sorted.length * 0.998)]);
        frame(SPECTROGRAM);
        fill(look.gaps(), GAP, y + 1, SPECTROGRAM - 1);
        int rows = spectra.frequencies();
        BufferedImage image = new BufferedImage(COLUMNS, rows, BufferedImage.TYPE_INT_ARGB);
        for (int column = 0; column < COLUMNS; column++) {
            for (int f = 0; f < rows && !look.gaps().get(column); f++) {
                double share = (spectra.decibels(column, f) - low) / (high - low);
                image.setRGB(column, rows - 1 - f, HeatMap.colour(share));
            }
        }
        graphics.drawImage(image, LEFT, y + 1, COLUMNS, SPECTROGRAM - 1, null);
        Unit frequency = Unit.ofFrequency(spectra.highestHertz());
        double highest = spectra.highestHertz() / frequency.one;
        Font small = font(Font.PLAIN, 10);
        for (Axis.Tick tick : Axis.NUMBER.ticks(0, highest, 4)) {
            int at = y + SPECTROGRAM - (int) Math.round(tick.value() / highest * SPECTROGRAM);
            graphics.setColor(FAINT);
            graphics.fillRect(LEFT - 4, Math.max(y, at - 1), 4, 1);
            if (tick.value() > 0) {
                rightText(small, FAINT, LEFT - 8, at + 9, tick.label());
            }
        }
        String name = shortened(look.stream().channels().get(0), LONGEST_NAME);
        rightText(
                font(Font.PLAIN, 12), TEXT, LEFT - 40, y + SPECTROGRAM / 2 + 4, shortened(name, 9));
        rightText(small, FAINT, LEFT - 8, y + SPECTROGRAM - 1, frequency.name);
        scale(low, high);
        y += SPECTROGRAM + BETWEEN;
    }

    /** What the colours mean. */
    private void scale(double low, double high) {
        int left = LEFT + COLUMNS + 12;
        int top = y + 14;
        int height = SPECTROGRAM - 14;
        for (int row = 0; row < height; row++) {
            graphics.setColor(new Color(HeatMap.colour(1 - (double) row / (height - 1))));
            graphics.fillRect(left, top + row, BAR, 1);
        }
        Font small = font(Font.PLAIN, 10);
        text(small, FAINT, left, y + 8, "dB");
        for (Axis.Tick tick : Axis.NUMBER.ticks(low, high, 4)) {
            int at = top + (int) Math.round((high - tick.value()) / (high - low) * (height - 1));
            text(small, FAINT, left + BAR + 5, at + 4, tick.label());
        }
    }

    private void axis() {
        double span = columns.seconds() / time.one;
        Font small = font(Font.PLAIN, 11);
        y -= BETWEEN;
        for (Axis.Tick tick : Axis.NUMBER.ticks(0, span, 12)) {
            int x = LEFT + (int) Math.round(tick.value() / span * COLUMNS);
            graphics.setColor(FAINT);
            graphics.fillRect(x, y, 1, 5);
            graphics.setFont(small);
            int width = graphics.getFontMetrics().stringWidth(tick.label());
            text(small, TEXT, x - width / 2, y + 17, tick.label());
        }
        text(small, TEXT, LEFT + COLUMNS + 24, y + 17, time.name);
        y += BETWEEN + AXIS;
    }

    private void frame(int height) {
        graphics.setColor(GRID);
        graphics.drawRect(LEFT - 1, y, COLUMNS + 1, height);
    }

    /** Fills stretches of columns. */
    private void fill(BitSet stretches, Color colour, int top, int height) {
        graphics.setColor(colour);
        for (int column = stretches.nextSetBit(0);
                column >= 0 && column < COLUMNS;
                column = stretches.nextSetBit(column + 1)) {
            graphics.fillRect(LEFT + column, top, 1, height);
        }
    }

    private void text(Font font, Color colour, int x, int baseline, String text) {
        graphics.setFont(font);
        graphics.setColor(colour);
        graphics.drawString(text, x, baseline);
    }

    private void rightText(Font font, Color colour, int x, int baseline, String text) {
        graphics.setFont(font);
        text(font, colour, x - graphics.getFontMetrics().stringWidth(text), baseline, text);
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "\u2026";
    }
}
