package org.lunette.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lunette.scsi.Cdb;
import org.lunette.scsi.FakeStore;
import org.lunette.scsi.Initiator;
import org.lunette.scsi.task.NexusScope;
import org.lunette.scsi.task.UnitAttention;
import org.lunette.scsi.unit.LogicalUnit;

/** A unit of SCST's tells of exactly what SCST's core does not tell of itself: no initiator hears twice, or never. */
class ScstFrontEndTest {
    /** Nothing in SCST's core raises these (scst_targ.c, scst_lib.c). */
    private static final Set<UnitAttention> OF_THE_UNIT =
            EnumSet.of(UnitAttention.MEDIUM_CHANGED, UnitAttention.TIMESTAMP_CHANGED, UnitAttention.IDENTIFIER_CHANGED);

    private LogicalUnit unit;
    private Initiator a;
    private Initiator b;

    @BeforeEach
    void connect() {
        unit = new ScstFrontEnd(Optional.empty())
                .describe(LogicalUnit.builder("d", FakeStore.ofBlocks(100)))
                .build();
        a = Initiator.ready(unit, "a");
        b = Initiator.ready(unit, "b");
    }

    @AfterEach
    void close() {
        unit.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatTheCoreDoesNotRaiseIsReturnedOncePerSession(UnitAttention attention) {
        unit.raise(attention, NexusScope.ALL);
        for (Initiator initiator : new Initiator[] {a, b}) {
            if (OF_THE_UNIT.contains(attention)) {
                initiator.none(Cdb.testUnitReady()).attention(attention.additionalSense());
            }
            initiator.none(Cdb.testUnitReady()).good();
        }
    }

    @Test
    void aScopeLeavesOutWhoKnowsAlready() {
        unit.raise(UnitAttention.TIMESTAMP_CHANGED, NexusScope.allBut(a.nexus()));
        a.none(Cdb.testUnitReady()).good();
        b.none(Cdb.testUnitReady()).attention(UnitAttention.TIMESTAMP_CHANGED.additionalSense());
        b.none(Cdb.testUnitReady()).good();
    }

    @Test
    void aNewCapacityIsThereWithoutTheUnitsRaisingIt() throws Exception {
        unit.resize(200 * 512);
        a.none(Cdb.testUnitReady()).good();
        assertEquals(200, unit.blocks());
    }
}
