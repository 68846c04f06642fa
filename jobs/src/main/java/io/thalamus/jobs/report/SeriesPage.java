/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import io.thalamus.schemas.Forecast;
import java.util.List;
import java.util.Map;

/**
 * The page of a pipeline that forecasts many short series.
 *
 * @param examples series of one channel, by name
 * @param forecasts one of each, in the data's units
 * @param errors of each series
 */
public record SeriesPage(
        Map<String, Series> examples, Map<String, Forecast> forecasts, Table errors) {

    /**
     * The page.
     *
     * @param figures the run's figures, shown at the top
     */
    public ReportPage page(String title, String introduction, List<Figure> figures) {
        return new ReportPage(
                title,
                introduction,
                figures,
                List.of(
                        new Section(
                                "Forecast against truth",
                                "Of each series the last forecast whose whole horizon has come. The"
                                        + " shaded part is what the model did not see.",
                                2,
                                examples.entrySet().stream()
                                        .map(
                                                each ->
                                                        ForecastPage.example(
                                                                each.getValue(),
                                                                forecasts.get(each.getKey()),
                                                                0,
                                                                " of " + each.getKey()))
                                        .toList()),
                        new Section(
                                "Errors",
                                "SMAPE in percent, MASE in steps from day to day, and OWA: below 1"
                                        + " is better than Naive2, the last value with its season.",
                                1,
                                List.of(errors))));
    }
}
