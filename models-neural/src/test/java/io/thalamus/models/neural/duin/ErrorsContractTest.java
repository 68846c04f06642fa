/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.GraphEngine;
import io.thalamus.operators.inference.ModelBundle;
import io.thalamus.operators.inference.ModelContract;
import io.thalamus.operators.inference.StreamModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ErrorsContractTest extends ModelContract {
    @TempDir Path folder;

    @Override
    protected boolean givesCodesToo() {
        return true;
    }

    @Override
    protected StreamModel open(GraphEngine on) {
        ModelBundle bundle =
                Files.exists(folder.resolve(ModelBundle.CONFIG))
                        ? ModelBundle.open(folder)
                        : TestBundles.changed(
                                folder,
                                TestBundles.OTHER_CODES,
                                config -> config.put("gives", "errors"));
        return new DuinFactory().open(bundle, on);
    }
}
