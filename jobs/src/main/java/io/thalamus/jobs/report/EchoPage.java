/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import io.thalamus.jobs.report.ReportPage.Figure;
import io.thalamus.jobs.report.ReportPage.Section;
import java.util.List;

/**
 * The page of an echo canceller.
 *
 * @param call what was recorded: microphone and far end
 * @param voice what was left of the microphone
 * @param sounds what can be listened to
 */
public record EchoPage(Series call, Series voice, List<Sound> sounds) {

    /**
     * The page.
     *
     * @param figures the run's figures, shown at the top
     */
    public ReportPage page(String title, String introduction, List<Figure> figures) {
        double highest = call.rate().hertz() / 2;
        return new ReportPage(
                title,
                introduction,
                figures,
                List.of(
                        new Section(
                                "Before and after",
                                "In the first third only the far end speaks, in the second only the"
                                        + " near end, in the last both. Each picture spans "
                                        + Math.round(Spectrogram.DYNAMIC_RANGE)
                                        + " dB below its loudest.",
                                2,
                                List.of(
                                        Spectrogram.picture(
                                                "microphone", call, 0, highest, Exhibit.HALF),
                                        Spectrogram.picture(
                                                "voice that is left",
                                                voice,
                                                0,
                                                highest,
                                                Exhibit.HALF))),
                        new Section(
                                "To listen to",
                                "The files lie beside this report.",
                                sounds.size(),
                                sounds)));
    }

    /**
     * By how much the microphone is louder than what is left of it in the first third of the call,
     * in decibels: the echo return loss enhancement, as the far end speaks alone.
     */
    public double echoReturnLossEnhancement() {
        return 10 * Math.log10(energy(call) / energy(voice));
    }

    private static double energy(Series series) {
        double sum = 0;
        for (int n = 0; n < series.length() / 3; n++) {
            sum += (double) series.value(0, n) * series.value(0, n);
        }
        return sum;
    }
}
