/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.verification;

import com.fasterxml.jackson.databind.JsonNode;
import io.thalamus.operators.inference.BundleConfig;
import io.thalamus.operators.inference.CaseTensor;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.Safetensors;
import io.thalamus.schemas.InvalidInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The cases of a bundle: {@code cases} and {@code inputs} of its configuration, and the tensors
 * {@code <case>.<tensor>} that are stored.
 *
 * @param label what the names of its cases begin with in reports
 * @param tensors the file they are stored in
 * @param cases in the order of the configuration
 * @param ofNoCase what is stored for no case that the configuration lists
 */
record StoredCases(String label, Safetensors tensors, List<Case> cases, List<String> ofNoCase) {

    /**
     * One case.
     *
     * @param name its name
     * @param description its entry in the configuration
     * @param inputs the names of those of its tensors that go in
     * @param expected the names of all its other tensors
     */
    record Case(String name, JsonNode description, Set<String> inputs, Set<String> expected) {}

    /**
     * Reads what a bundle says about its cases, but no values.
     *
     * @throws InvalidInputException if it has none, or says of them what cannot be
     */
    static StoredCases of(ModelBundle bundle) {
        Safetensors tensors =
                bundle.cases()
                        .orElseThrow(
                                () ->
                                        new InvalidInputException(
                                                "%s has no cases.safetensors to verify it by"
                                                        .formatted(bundle.folder())));
        Set<String> inputs = inputs(bundle.config());
        Map<String, Case> cases = new LinkedHashMap<>();
        for (JsonNode description : list(bundle.config(), "cases")) {
            String name = description.path("name").asText();
            Case previous =
                    cases.put(
                            name,
                            new Case(
                                    name,
                                    description,
                                    new LinkedHashSet<>(),
                                    new LinkedHashSet<>()));
            if (name.isEmpty() || previous != null) {
                throw bundle.config().wrong("cases", "a list of objects, each with its own name");
            }
        }
        return of("", tensors, cases, inputs::contains);
    }

    /**
     * Those of one of several files, which {@code files} of the configuration lists with the cases
     * of each and the {@code prefix} of its tensors.
     *
     * @param inputs whether a tensor of this name goes in
     */
    static StoredCases of(ModelBundle bundle, String file, Predicate<String> inputs) {
        Map<String, Case> cases = new LinkedHashMap<>();
        for (BundleConfig description : bundle.config().section("files").sections(file)) {
            String prefix = description.text("prefix");
            if (!prefix.endsWith(".") || prefix.length() < 2) {
                throw description.wrong("prefix", "a name and a dot");
            }
            String name = prefix.substring(0, prefix.length() - 1);
            cases.put(
                    name,
                    new Case(
                            name,
                            description.root(),
                            new LinkedHashSet<>(),
                            new LinkedHashSet<>()));
        }
        return of(file + "/", bundle.tensors(file + ".safetensors"), cases, inputs);
    }

    private static StoredCases of(
            String label, Safetensors tensors, Map<String, Case> cases, Predicate<String> inputs) {
        List<String> ofNoCase = new ArrayList<>();
        for (String stored : tensors.names()) {
            Case owner = owner(stored, cases);
            if (owner == null) {
                ofNoCase.add(stored);
            } else {
                String tensor = stored.substring(owner.name.length() + 1);
                (inputs.test(tensor) ? owner.inputs : owner.expected).add(tensor);
            }
        }
        return new StoredCases(label, tensors, List.copyOf(cases.values()), ofNoCase);
    }

    private static Set<String> inputs(BundleConfig config) {
        Set<String> inputs = new LinkedHashSet<>();
        for (JsonNode input : list(config, "inputs")) {
            if (!input.isTextual()) {
                throw config.wrong("inputs", "a list of the names of tensors");
            }
            inputs.add(input.textValue());
        }
        return inputs;
    }

    private static JsonNode list(BundleConfig config, String field) {
        JsonNode list = config.root().path(field);
        if (!list.isArray()) {
            throw config.wrong(field, "a list");
        }
        return list;
    }

    /** The case with the longest name that a stored name begins with, as names may hold dots. */
    private static Case owner(String stored, Map<String, Case> cases) {
        for (int dot = stored.lastIndexOf('.'); dot > 0; dot = stored.lastIndexOf('.', dot - 1)) {
            Case owner = cases.get(stored.substring(0, dot));
            if (owner != null) {
                return owner;
            }
        }
        return null;
    }

    /** The values of what goes into a case. */
    Map<String, CaseTensor> inputsOf(Case which) {
        Map<String, CaseTensor> values = new LinkedHashMap<>();
        which.inputs.forEach(tensor -> values.put(tensor, value(which, tensor)));
        return values;
    }

    /** The values of one tensor of a case. */
    CaseTensor value(Case which, String tensor) {
        return tensors.values(which.name + "." + tensor);
    }

    /** Whether a tensor of a case is stored as integers. */
    boolean isInteger(Case which, String tensor) {
        return tensors.isInteger(which.name + "." + tensor);
    }
}
