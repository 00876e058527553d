package org.lunette.scsi;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.lunette.frontend.iscsi.session.IscsiPath;

/** The tests of commands once more, by iSCSI: through the state machines of sessions, PDU by PDU. */
class OverIscsiTest {
    @RegisterExtension
    static final ByPath BY_ISCSI = new ByPath(new IscsiPath());

    @Nested
    class Aca extends AcaTest {}

    @Nested
    class AccessStates extends AccessStatesTest {}

    @Nested
    class Capacity extends CapacityTest {}

    @Nested
    class Cluster extends ClusterTest {}

    @Nested
    class CompareAndWrite extends CompareAndWriteTest {}

    @Nested
    class DataDirection extends DataDirectionTest {}

    @Nested
    class Deadline extends DeadlineTest {}

    @Nested
    class Defects extends DefectsTest {}

    @Nested
    class Diagnostics extends DiagnosticsTest {}

    @Nested
    class ExclusiveCommands extends ExclusiveCommandsTest {}

    @Nested
    class ExtendedCopy extends ExtendedCopyTest {}

    @Nested
    class Inquiry extends InquiryTest {}

    @Nested
    class LegacyReserve extends LegacyReserveTest {}

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
    class PersistentReservation extends PersistentReservationTest {}

    @Nested
    class Provisioning extends ProvisioningTest {}

    @Nested
    class ProvisioningResources extends ProvisioningResourcesTest {}

    @Nested
    class RandomCommands extends RandomCommandsTest {}

    @Nested
    class ReadWrite extends ReadWriteTest {}

    @Nested
    class RegisteringOthers extends RegisteringOthersTest {}

    @Nested
    class RemovableMedium extends RemovableMediumTest {}

    @Nested
    class ReservationAdministration extends ReservationAdministrationTest {}

    @Nested
    class ReservationMatrix extends ReservationMatrixTest {}

    @Nested
    class ReservationPersistence extends ReservationPersistenceTest {}

    @Nested
    class RodToken extends RodTokenTest {}

    @Nested
    class SavedModePages extends SavedModePagesTest {}

    @Nested
    class ScsiTarget extends ScsiTargetTest {}

    @Nested
    class SenseFormat extends SenseFormatTest {}

    @Nested
    class SharedLock extends SharedLockTest {}

    @Nested
    class StartStopCycles extends StartStopCyclesTest {}

    @Nested
    class SupportedCommands extends SupportedCommandsTest {}

    @Nested
    class SynchronizeCache extends SynchronizeCacheTest {}

    @Nested
    class UnitAttentionInterlock extends UnitAttentionInterlockTest {}

    @Nested
    class Verify extends VerifyTest {}

    @Nested
    class WriteKinds extends WriteKindsTest {}
}
