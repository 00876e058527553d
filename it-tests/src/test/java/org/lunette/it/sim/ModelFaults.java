package org.lunette.it.sim;

import java.util.Random;

/**
 * What may go otherwise than usual in the model, and how often: each one chance in so many, 0 for never. Not
 * thread-safe.
 */
final class ModelFaults {
    static final ModelFaults NONE = new ModelFaults(new Random(0), 0, 0, 0);

    private final Random random;
    private final int interruptOneIn;
    private final int forgetOneIn;
    private final int refuseOneIn;
    private final int restartOneIn;

    ModelFaults(Random random, int interruptOneIn, int forgetOneIn, int refuseOneIn) {
        this(random, interruptOneIn, forgetOneIn, refuseOneIn, 0);
    }

    /**
     * @param interruptOneIn fetching ends with EINTR
     * @param forgetOneIn an aborted command is gone before it is answered, so that its answer finds ESRCH
     * @param refuseOneIn an answer to EXEC is refused with ENOMEM
     * @param restartOneIn a call that waits is begun anew, as after a stop signal
     */
    ModelFaults(Random random, int interruptOneIn, int forgetOneIn, int refuseOneIn, int restartOneIn) {
        this.random = random;
        this.interruptOneIn = interruptOneIn;
        this.forgetOneIn = forgetOneIn;
        this.refuseOneIn = refuseOneIn;
        this.restartOneIn = restartOneIn;
    }

    boolean interrupts() {
        return happens(interruptOneIn);
    }

    boolean forgets() {
        return happens(forgetOneIn);
    }

    boolean refuses() {
        return happens(refuseOneIn);
    }

    boolean restarts() {
        return happens(restartOneIn);
    }

    /** A number that stands where the kernel leaves what was there before. */
    int garbage() {
        return random.nextInt();
    }

    private boolean happens(int oneIn) {
        return oneIn > 0 && random.nextInt(oneIn) == 0;
    }
}
