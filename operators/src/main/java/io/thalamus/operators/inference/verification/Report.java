/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import io.thalamus.operators.inference.CaseTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers what is found out about one bundle. */
final class Report {
    private final String bundle;
    private final List<TensorResult> results = new ArrayList<>();
    private final List<String> notCompared = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private String engine;
    private String architecture;
    private String skipped;

    Report(String bundle, String engine) {
        this.bundle = bundle;
        this.engine = engine;
    }

    /** What is verified: an architecture or an operator; null if it is not known. */
    void of(String name) {
        architecture = name;
    }

    /** What computes it. */
    void on(String name) {
        engine = name;
    }

    void add(TensorResult result, CaseTensor found, CaseTensor reference) {
        results.add(result);
        String what = "case %s: tensor %s".formatted(result.caseName(), result.tensor());
        if (!Arrays.equals(found.shape(), reference.shape())) {
            fail(
                    "%s has shape %s where the reference has %s"
                            .formatted(
                                    what,
                                    Arrays.toString(found.shape()),
                                    Arrays.toString(reference.shape())));
        } else if (Double.isNaN(result.maxAbs())) {
            fail(what + " is NaN where the reference is not, or the other way round");
        }
    }

    void notCompared(String tensor) {
        notCompared.add(tensor);
    }

    void skip(String reason) {
        skipped = reason;
    }

    void fail(String fault) {
        faults.add(fault);
    }

    BundleResult result() {
        long far = results.stream().filter(result -> !result.ok()).count();
        if (far > 0) {
            faults.add(
                    "%d of %d tensors are further from the reference than the tolerance"
                            .formatted(far, results.size()));
        }
        return new BundleResult(
                bundle,
                architecture,
                engine,
                List.copyOf(results),
                notCompared.stream().sorted().toList(),
                faults.isEmpty(),
                faults.isEmpty() ? skipped : String.join("; ", faults));
    }
}
