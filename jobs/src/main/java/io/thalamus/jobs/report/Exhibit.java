/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

/** Something to look at in a section of a report. */
public sealed interface Exhibit permits LineChart, HeatMap, Table {

    /** HTML or SVG that takes its colours from the report's style. */
    String html();
}
