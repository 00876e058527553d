package org.lunette.it.sim;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.lunette.filter.error.ErrorFilterTest;
import org.lunette.filter.hang.HangFilterTest;
import org.lunette.scsi.ByPath;
import org.lunette.scsi.CapacityTest;
import org.lunette.scsi.DataDirectionTest;
import org.lunette.scsi.DefectsTest;
import org.lunette.scsi.DiagnosticsTest;
import org.lunette.scsi.ExclusiveCommandsTest;
import org.lunette.scsi.InquiryTest;
import org.lunette.scsi.LogPagesTest;
import org.lunette.scsi.MaintenanceTest;
import org.lunette.scsi.MediumOperationTest;
import org.lunette.scsi.ModePagesTest;
import org.lunette.scsi.ModelTest;
import org.lunette.scsi.ProvisioningResourcesTest;
import org.lunette.scsi.ProvisioningTest;
import org.lunette.scsi.RandomCommandsTest;
import org.lunette.scsi.ReadWriteTest;
import org.lunette.scsi.RemovableMediumTest;
import org.lunette.scsi.SavedModePagesTest;
import org.lunette.scsi.SenseFormatTest;
import org.lunette.scsi.StartStopCyclesTest;
import org.lunette.scsi.SupportedCommandsTest;
import org.lunette.scsi.SynchronizeCacheTest;
import org.lunette.scsi.VerifyTest;
import org.lunette.scsi.WriteKindsTest;

/**
 * The tests of commands once more, by SCST: through the front-end on a model of SCST's device.
 *
 * <p>What needs a command that SCST's core answers by itself, or refuses, is skipped, with the reason that
 * {@link ScstTable} tells. The classes about nothing else (persistent reservations, RESERVE and RELEASE, COMPARE AND
 * WRITE, both kinds of copies, REPORT LUNS) are not here at all. Unit attentions come from the units, as in process,
 * and go the way of all sense data.
 */
class OverScstTest {
    private static final String STOPS_HALF_WAY =
            "SCST's core answers a command of it, and the test would stop half-way";

    @RegisterExtension
    static final ByPath BY_SCST = new ByPath(new ScstPath())
            .leavingOut(
                    STOPS_HALF_WAY,
                    ExclusiveCommandsTest.class,
                    "whoOverlapsWaitsAndOthersDoNot",
                    "anExclusiveCommandWaitsForThoseThatHaveStarted",
                    "exclusiveCommandsGoInOrder",
                    "aFullTaskSetOfThoseThatWaitIsServedWithoutRecursion",
                    "aCommandThatFailsAfterItsWaitEndsAndHoldsNobodyUp",
                    "noStepOfACounterIsLost")
            .leavingOut(STOPS_HALF_WAY, MediumOperationTest.class, "progressIsTold")
            .leavingOut(
                    "SCST's core brings REASSIGN BLOCKS without its list",
                    ErrorFilterTest.class,
                    "whatIsWrittenOrReassignedIsGoodAgain")
            .leavingOut(
                    "the nexus has the names of SCST's ports",
                    InquiryTest.class,
                    "aPortIsNamedAsTheNexusSeesIt",
                    "thePortOfTheNexusIsListedWithItsName",
                    "theUnitTheTargetAndThePortAreNamed");

    @Nested
    class Capacity extends CapacityTest {}

    @Nested
    class DataDirection extends DataDirectionTest {}

    @Nested
    class Defects extends DefectsTest {}

    @Nested
    class Diagnostics extends DiagnosticsTest {}

    @Nested
    class ErrorFilter extends ErrorFilterTest {}

    @Nested
    class ExclusiveCommands extends ExclusiveCommandsTest {}

    @Nested
    class HangFilter extends HangFilterTest {}

    @Nested
    class Inquiry extends InquiryTest {}

    @Nested
    class LogPages extends LogPagesTest {}

    @Nested
    class Maintenance extends MaintenanceTest {}

    @Nested
    class MediumOperation extends MediumOperationTest {}

    @Nested
    class ModePages extends ModePagesTest {}

    @Nested
    class Model extends ModelTest {}

    @Nested
    class Provisioning extends ProvisioningTest {}

    @Nested
    class ProvisioningResources extends ProvisioningResourcesTest {}

    @Nested
    class RandomCommands extends RandomCommandsTest {}

    @Nested
    class ReadWrite extends ReadWriteTest {}

    @Nested
    class RemovableMedium extends RemovableMediumTest {}

    @Nested
    class SavedModePages extends SavedModePagesTest {}

    @Nested
    class SenseFormat extends SenseFormatTest {}

    @Nested
    class StartStopCycles extends StartStopCyclesTest {}

    @Nested
    class SupportedCommands extends SupportedCommandsTest {}

    @Nested
    class SynchronizeCache extends SynchronizeCacheTest {}

    @Nested
    class Verify extends VerifyTest {}

    @Nested
    class WriteKinds extends WriteKindsTest {}
}
