package org.lunette.scsi.block;

import java.util.Arrays;
import org.lunette.scsi.readiness.Readiness.State;
import org.lunette.store.KeptValues;
import org.lunette.store.StoreCompletion;
import org.lunette.store.StoreStatus;

/**
 * What an operation on the medium leaves behind, over a restart: one that the process did not live to end has spoilt
 * the medium as if it had failed, so that nobody takes half of it for a whole. Any thread may call.
 */
final class KeptReadiness {
    private static final String KEPT = "medium";
    private static final int FORMAT_CORRUPT = 1;
    private static final int SANITIZE_FAILED_RESTRICTED = 2;
    private static final int SANITIZE_FAILED = 3;

    private final KeptValues kept;

    KeptReadiness(KeptValues kept) {
        this.kept = kept;
    }

    /**
     * What the medium was left as.
     *
     * @throws IllegalArgumentException if what was kept says no such thing
     */
    State load() {
        byte[] image = kept.load(KEPT);
        if (image == null) {
            return State.READY;
        }
        return Arrays.stream(State.values())
                .filter(state -> code(state) >= 0 && image.length == 1 && image[0] == code(state))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(kept.place(KEPT)
                        + " does not say what an operation left of the medium. Remove it if the medium is to be taken"
                        + " as it is"));
    }

    /** As it is kept; negative for a state that is gone with the process. */
    private static int code(State state) {
        return switch (state) {
            case READY -> 0;
            case FORMAT_CORRUPT -> FORMAT_CORRUPT;
            case SANITIZE_FAILED_RESTRICTED -> SANITIZE_FAILED_RESTRICTED;
            case SANITIZE_FAILED -> SANITIZE_FAILED;
            case EJECTED, FORMATTING, SANITIZING -> -1;
        };
    }

    /** Keeps what the medium is from now on, if the process ends; at once where nothing is kept. */
    void save(State state, StoreCompletion completion) {
        if (kept.keeps()) {
            kept.save(KEPT, new byte[] {(byte) code(state)}, completion);
        } else {
            completion.ended(StoreStatus.OK, -1);
        }
    }
}
