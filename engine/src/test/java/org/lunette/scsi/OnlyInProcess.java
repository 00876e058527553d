package org.lunette.scsi;

import org.lunette.filter.FilterContract;
import org.lunette.filter.hang.HangFilterTest;

/**
 * The tests of commands that say something about a unit alone, and nothing by any other {@link Path}: which, and why.
 */
final class OnlyInProcess {
    private OnlyInProcess() {}

    static void leaveOut(ByPath by) {
        String aborts = "what becomes of one's own aborted commands is each front-end's affair, and tested there";
        by.leavingOut(aborts, DataDirectionTest.class, "aReadThatDoesNotSucceedGivesNothing")
                .leavingOut(aborts, DefectsTest.class, "failuresAndAbortsEndIt")
                .leavingOut(aborts, DiagnosticsTest.class, "aTestInTheForegroundEndsWithItsCommand")
                .leavingOut(
                        aborts,
                        ExclusiveCommandsTest.class,
                        "oneThatWaitsAndIsAbortedAloneChangesNothingAndHoldsNobodyUp",
                        "aResetEndsThoseThatWaitAtOnce",
                        "whoHasWaitedGoesOnWhereTheUnitExecutesItsCommands")
                .leavingOut(
                        aborts,
                        ExtendedCopyTest.class,
                        "anAbortedCopyEndsAfterThePieceThatIsUnderWay",
                        "aResetOfEitherUnitEndsTheCopy")
                .leavingOut(
                        aborts,
                        MediumOperationTest.class,
                        "itGoesOnThoughItsNexusIsLost",
                        "itGoesOnThoughItsCommandIsAborted",
                        "noWriteOutlivesASanitizeWhateverElseHappens")
                .leavingOut(aborts, PersistentReservationTest.class, "preemptAndAbortAbortsTheCommandsOfThePreempted")
                .leavingOut(aborts, ProvisioningTest.class, "afterItsAbortAnUnmapGoesNoFurther")
                .leavingOut(
                        aborts,
                        ReadWriteTest.class,
                        "anAbortedCommandThatHasNotReachedTheStoreNeverDoes",
                        "anAbortBetweenTwoStepsOfACommandEndsIt")
                .leavingOut(aborts, RemovableMediumTest.class, "anEjectThatIsAbortedWhileItFlushesLeavesTheMediumIn")
                .leavingOut(aborts, RodTokenTest.class, "anAbortedUseEnds", "aPopulateThatIsAbortedMakesNoToken")
                .leavingOut(aborts, ScsiTargetTest.class, "anAbortedReportLunsLeavesTheNewsOfChangedLuns")
                .leavingOut(aborts, VerifyTest.class, "aVerifyOfAHugeRangeNeitherRecursesNorOutlivesItsAbort");
        by.leavingOut(aborts, FilterContract.class, "everyCommandEndsOnceWhateverHappens")
                .leavingOut(aborts, HangFilterTest.class, "functionsHangTooIfThatIsSaid");
        String nexus = "the test uses the object of the nexus, of which a front-end makes its own";
        by.leavingOut(nexus, ExtendedCopyTest.class, "resultsAreKeptAsTheListSays")
                .leavingOut(nexus, SenseFormatTest.class, "whoeverEndsACommandForTheUnitKeepsToTheFormat");
        String thrown = "what a unit throws goes no further than the ring";
        by.leavingOut(thrown, DiagnosticsTest.class, "aTestForWhichThereIsNoThreadLeavesNoTraceInTheWayOfTheNext")
                .leavingOut(thrown, VerifyTest.class, "aStoreThatThrowsCostsNoMemoryForLater");
        by.leavingOut(
                "every use of a command but the first is timed as one of many, and front-ends use theirs again",
                LogPagesTest.class,
                "theTimeThatCommandsTakeIsCounted");
    }
}
