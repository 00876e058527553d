package org.lunette.scsi;

import java.util.HexFormat;
import org.lunette.scsi.page.LogPage;
import org.lunette.scsi.page.ModePage;
import org.lunette.scsi.page.VpdPage;
import org.lunette.scsi.table.Opcode;
import org.lunette.scsi.unit.LogicalUnit;

/** What a unit supports, in Markdown: written from its tables, and from nothing else. */
final class SupportedCommandsDocument {
    /** How the document in the repository is renewed. */
    static final String RENEWAL = "mvn -q -pl engine -am test -Dtest=SupportedCommandsDocumentTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dlunette.renew";

    private final LogicalUnit unit;
    private final StringBuilder text = new StringBuilder();

    private SupportedCommandsDocument(LogicalUnit unit) {
        this.unit = unit;
    }

    /** The document of a unit. */
    static String of(LogicalUnit unit) {
        return new SupportedCommandsDocument(unit).write();
    }

    private String write() {
        line("# Supported commands");
        line("");
        line(
                "What a disk does that is thin, removable, has a temperature sensor, keeps values (`--state`), and is served by a portal. Other disks lack what this makes"
                        + " possible; each tells so by REPORT SUPPORTED OPERATION CODES and its pages.");
        line("This page is written from the engine's tables; a test fails where they differ. To renew it:");
        line("");
        line("    " + RENEWAL);
        commands();
        vpdPages();
        modePages();
        logPages();
        return text.toString();
    }

    private void commands() {
        head(
                "Commands",
                "The CDB usage data has a one for every bit that the unit looks at, and the operation code and service"
                        + " action themselves. A command with one of the refused bits ends with INVALID FIELD IN CDB;"
                        + " all others are reserved or obsolete, and ignored.",
                "operation code | service action | command | CDB usage data | refused bits");
        for (Opcode opcode : unit.opcodes().all()) {
            byte[] usage = new byte[opcode.cdbBytes()];
            StringBuilder refused = new StringBuilder();
            for (int i = 0; i < usage.length; i++) {
                usage[i] = opcode.usage(i);
                if (opcode.refusedMask(i) != 0) {
                    refused.append(refused.isEmpty() ? "" : ", ")
                            .append(i)
                            .append(": ")
                            .append(hex(opcode.refusedMask(i)));
                }
            }
            String action = opcode.hasServiceAction() ? hex(opcode.serviceAction()) : "";
            row(hex(opcode.code()), action, opcode.name(), code(usage), refused.toString());
        }
    }

    private void vpdPages() {
        head("VPD pages", "", "page | name");
        for (VpdPage page : unit.vpdPages().all()) {
            row(hex(page.code()), page.name());
        }
    }

    private void modePages() {
        head(
                "Mode pages",
                "A one in the mask is a bit that MODE SELECT can change, and save where values are kept. The first"
                        + " bytes are the page's header.",
                "page | subpage | name | changeable");
        for (ModePage page : unit.modePages().all()) {
            String changeable = page.isChangeable() ? code(page.changeable()) : "";
            row(hex(page.code()), hex(page.subpage()), page.name(), changeable);
        }
    }

    private void logPages() {
        head("Log pages", "", "page | subpage | name");
        for (LogPage page : unit.logPages().all()) {
            row(hex(page.code()), hex(page.subpage()), page.name());
        }
    }

    private void head(String title, String words, String columns) {
        line("");
        line("## " + title);
        line("");
        if (!words.isEmpty()) {
            line(words);
            line("");
        }
        row(columns.split(" \\| "));
        line("|" + " --- |".repeat(columns.split(" \\| ").length));
    }

    private void row(String... cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String words) {
        text.append(words).append('\n');
    }

    private static String hex(int value) {
        return String.format("%02Xh", value);
    }

    private static String code(byte[] bytes) {
        return "`" + HexFormat.ofDelimiter(" ").formatHex(bytes) + "`";
    }
}
