/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** One HTML file with a page for each pipeline, its pictures and its style within it. */
public final class Report {
    private final StringBuilder html = new StringBuilder();

    private Report() {}

    /**
     * Writes a report.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, String title, List<ReportPage> pages) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, new Report().html(title, pages));
    }

    /**
     * Whether a file is a report with this title.
     *
     * @throws IOException if there is such a file, and it cannot be read
     */
    public static boolean isTitled(Path file, String title) throws IOException {
        return Files.isRegularFile(file)
                && Files.readString(file, StandardCharsets.ISO_8859_1).contains(titleTag(title));
    }

    private String html(String title, List<ReportPage> pages) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append(
                        "<meta name=\"viewport\" content=\"width=device-width,"
                                + " initial-scale=1\">\n")
                .append(titleTag(title))
                .append("\n<style>\n")
                .append(style())
                .append("</style>\n</head>\n<body>\n<header><h1>")
                .append(escape(title))
                .append("</h1>");
        if (pages.size() > 1) {
            html.append("<nav>");
            for (ReportPage page : pages) {
                html.append("<a href=\"#%s\">%s</a>".formatted(anchor(page), escape(page.title())));
            }
            html.append("</nav>");
        }
        html.append("</header>\n");
        pages.forEach(this::page);
        return html.append("</body>\n</html>\n").toString();
    }

    private static String titleTag(String title) {
        return "<title>%s</title>".formatted(escape(title));
    }

    private void page(ReportPage page) {
        html.append("<main id=\"%s\">\n<h2>%s</h2>\n".formatted(anchor(page), escape(page.title())))
                .append("<p class=\"lead\">%s</p>\n<dl>".formatted(escape(page.introduction())));
        for (ReportPage.Figure figure : page.figures()) {
            html.append("<div><dt>%s</dt>".formatted(escape(figure.name())))
                    .append("<dd>%s</dd></div>".formatted(escape(figure.value())));
        }
        html.append("</dl>\n");
        page.sections().forEach(this::section);
        html.append("</main>\n");
    }

    private void section(ReportPage.Section section) {
        html.append("<section>\n<h3>%s</h3>\n".formatted(escape(section.heading())))
                .append("<p>%s</p>\n".formatted(escape(section.caption())))
                .append("<div class=\"charts c%d\">\n".formatted(section.columns()));
        for (Exhibit exhibit : section.exhibits()) {
            html.append("<figure>").append(exhibit.html()).append("</figure>\n");
        }
        html.append("</div>\n</section>\n");
    }

    private static String anchor(ReportPage page) {
        return page.title().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String style() {
        try (InputStream style = Report.class.getResourceAsStream("report.css")) {
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
