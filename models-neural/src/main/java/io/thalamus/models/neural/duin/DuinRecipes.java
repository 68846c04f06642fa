/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.RateSchedule;
import io.thalamus.operators.inference.TrainingRecipe;
import io.thalamus.operators.inference.TrainingTask;
import io.thalamus.schemas.InvalidInputException;
import io.thalamus.schemas.SampleRate;
import java.util.List;

/**
 * What networks are made and trained with unless the user says otherwise: the published sizes, with
 * ten patches a second at any rate. A later stage has the sizes of the one before.
 */
final class DuinRecipes {
    private static final int PATCHES_A_SECOND = 10;
    private static final int TOKEN = 160;
    private static final int SHARED = 16;
    private static final int WIDE = 128;
    private static final int CODES = 2048;
    private static final double CASE_TOLERANCE = 5e-5;

    private static final List<String> HANDED_ON = List.of("subj", "tokenizer", "encoder");

    private DuinRecipes() {}

    static TrainingRecipe of(TrainingTask task) {
        return switch (task.name()) {
            case "vqvae" -> recipe(vqvae(task), 400, 64, 3e-4);
            case "mae" -> recipe(mae(task), 400, 64, 3e-4);
            case "cls" -> recipe(cls(task), 200, 32, 2e-4);
            default ->
                    throw new InvalidInputException(
                            "duin is not made for the task '%s'; its stages are vqvae, mae and cls"
                                    .formatted(task.name()));
        };
    }

    private static TrainingRecipe recipe(
            ObjectNode config, int epochs, int batch, double learningRate) {
        return new TrainingRecipe(
                config, batch, epochs, /* patience= */ epochs, learningRate, RateSchedule.COSINE);
    }

    private static ObjectNode vqvae(TrainingTask task) {
        ObjectNode config = common(task, 4, 0.01);
        ObjectNode params = params(config);
        int patch = params.path("seg_len").intValue();
        ObjectNode vq = params.putObject("vq");
        vq.put("d_model", TOKEN);
        vq.put("codex_size", CODES);
        vq.put("d_codex", 64);
        vq.put("beta", 1.0);
        transformer(params.putObject("decoder"), 4);
        ObjectNode rgs = params.putObject("rgs");
        int last = stride(patch);
        numbers(rgs, "n_filters", WIDE, WIDE, WIDE, WIDE, SHARED);
        numbers(rgs, "kernel_sizes", 3, 3, patch / last, 9, kernel(last));
        numbers(rgs, "n_strides", 1, 1, patch / last, 1, last);
        numbers(rgs, "dilation_rates", 1, 1, 1, 1, 1);
        rgs.putArray("d_hidden");
        rgs.put("d_neural", SHARED);
        projection(params.putObject("desubj"), SHARED, task.channels().size());
        return config;
    }

    private static ObjectNode mae(TrainingTask task) {
        ObjectNode config = common(task, 4, 0.05);
        ObjectNode params = params(config);
        params.put("mask_ratio", 0.5);
        ObjectNode head = params.putObject("cls");
        head.putArray("d_hidden");
        head.put("n_tokens", CODES);
        task.former()
                .ifPresent(
                        former -> {
                            ObjectNode own = params((ObjectNode) former.config().root());
                            params.put("seq_len", own.path("seq_len").intValue());
                            head.put("n_tokens", own.path("vq").path("codex_size").intValue());
                        });
        config.withArray("inputs").add("noise");
        return config;
    }

    private static ObjectNode cls(TrainingTask task) {
        ObjectNode config = common(task, 3, 0.05);
        ObjectNode head = params(config).putObject("cls");
        numbers(head, "d_hidden", WIDE);
        head.put("n_labels", task.classes().size());
        task.classes().forEach(config.putArray("classes")::add);
        return config;
    }

    private static ObjectNode params(ObjectNode config) {
        return config.withObject("/model_params");
    }

    private static ObjectNode common(TrainingTask task, int seconds, double decay) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("architecture", "duin");
        config.put("model", task.name());
        config.put("task_name", task.name());
        List<String> subjects =
                task.streams().stream()
                        .map(id -> id.indexOf('/') < 0 ? id : id.substring(0, id.indexOf('/')))
                        .distinct()
                        .toList();
        subjects.forEach(config.putArray("subjects")::add);
        int rate = hertz(task.rate());
        config.put("sample_rate", rate);
        config.put("dropout", 0.2);
        config.put("weight_decay", decay);
        config.put("kind", "model");
        config.putArray("inputs").add("in.X").add("in.subj_id");
        config.putObject("tolerance")
                .put("metric", "maxAbs")
                .put("value", CASE_TOLERANCE)
                .put("integers", "exact");
        ObjectNode params = params(config);
        params.put("n_subjects", subjects.size());
        params.put("n_channels", task.channels().size());
        params.put("seq_len", seconds * rate);
        params.put("seg_len", rate / PATCHES_A_SECOND);
        projection(params.putObject("subj"), task.channels().size(), SHARED);
        tokenizer(params.putObject("tokenizer"), rate / PATCHES_A_SECOND);
        transformer(params.putObject("encoder"), 8);
        task.former().ifPresent(former -> takeSizes(former, task, config));
        return config;
    }

    /** Sizes are those of the network that is gone on from. */
    private static void takeSizes(ModelBundle former, TrainingTask task, ObjectNode config) {
        ObjectNode root = (ObjectNode) former.config().root();
        if (!root.path("architecture").asText().equals("duin")) {
            throw new InvalidInputException(
                    "--from names the bundle of a duin; %s is none".formatted(former.folder()));
        }
        JsonNode rate = root.path("sample_rate");
        if (rate.isNumber() && rate.intValue() != config.path("sample_rate").intValue()) {
            throw new InvalidInputException(
                    "--from names %s, which is for %d samples a second, and the recording has %d; give one of the same rate"
                            .formatted(
                                    former.folder(),
                                    rate.intValue(),
                                    config.path("sample_rate").intValue()));
        }
        if (!former.channelNames().isEmpty() && !former.channelNames().equals(task.channels())) {
            throw new InvalidInputException(
                    "--from names %s, which is for the channels %s, and the recording has %s; give one of the same channels"
                            .formatted(former.folder(), former.channelNames(), task.channels()));
        }
        for (String section : HANDED_ON) {
            params(config).set(section, params(root).path(section).deepCopy());
        }
        params(config).set("seg_len", params(root).path("seg_len"));
        config.set("subjects", root.path("subjects").deepCopy());
        params(config).set("n_subjects", params(root).path("n_subjects"));
    }

    private static int hertz(SampleRate rate) {
        double hertz = rate.hertz();
        if (hertz != Math.rint(hertz) || hertz % (PATCHES_A_SECOND * PATCHES_A_SECOND) != 0) {
            throw new InvalidInputException(
                    "a duin learns from signals of whole hundreds of samples a second, not %s:"
                                    .formatted(rate)
                            + " resample them");
        }
        return (int) hertz;
    }

    /** The step of the convolutions: ten of them a patch. */
    private static int stride(int patch) {
        return patch / PATCHES_A_SECOND;
    }

    private static int kernel(int stride) {
        return Math.max(3, 2 * stride - 1);
    }

    private static void projection(ObjectNode config, int in, int out) {
        config.put("d_input", in);
        config.put("d_output", out);
        config.put("use_bias", true);
        config.put("use_proj", false);
    }

    private static void tokenizer(ObjectNode config, int patch) {
        int stride = stride(patch);
        numbers(config, "n_filters", WIDE, WIDE, SHARED);
        numbers(config, "kernel_sizes", kernel(stride), 3, 3);
        numbers(config, "n_strides", stride, 1, 1);
        numbers(config, "dilation_rates", 1, 1, 1);
        numbers(config, "pool_sizes", 1, 1, 1);
        for (int i = 0; i < 3; i++) {
            config.withArray("use_bn").add(true);
            config.withArray("use_res").add(false);
        }
    }

    private static void transformer(ObjectNode config, int blocks) {
        config.put("d_model", TOKEN);
        config.put("n_blocks", blocks);
        config.put("res_attn", false);
        config.put("n_heads", 8);
        config.put("d_head", 64);
        config.put("d_ff", 320);
        config.put("norm_first", false);
    }

    private static void numbers(ObjectNode config, String field, int... values) {
        for (int value : values) {
            config.withArray(field).add(value);
        }
    }
}
