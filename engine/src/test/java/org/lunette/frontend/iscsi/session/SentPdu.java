package org.lunette.frontend.iscsi.session;

import org.lunette.frontend.iscsi.pdu.DataIn;
import org.lunette.frontend.iscsi.pdu.LoginResponse;
import org.lunette.frontend.iscsi.pdu.LogoutResponse;
import org.lunette.frontend.iscsi.pdu.NopIn;
import org.lunette.frontend.iscsi.pdu.ReadyToTransfer;
import org.lunette.frontend.iscsi.pdu.Reject;
import org.lunette.frontend.iscsi.pdu.ScsiResponse;
import org.lunette.frontend.iscsi.pdu.TargetPdu;
import org.lunette.frontend.iscsi.pdu.TaskManagementResponse;
import org.lunette.frontend.iscsi.pdu.TextResponse;

/** A PDU that the target sent, copied. */
public record SentPdu(byte[] header, byte[] data) {
    public int opcode() {
        return new TargetPdu(header).opcode();
    }

    public TargetPdu pdu() {
        return new TargetPdu(header);
    }

    public LoginResponse login() {
        return new LoginResponse(header);
    }

    public ScsiResponse scsiResponse() {
        return new ScsiResponse(header);
    }

    public DataIn dataIn() {
        return new DataIn(header);
    }

    public ReadyToTransfer r2t() {
        return new ReadyToTransfer(header);
    }

    public TextResponse text() {
        return new TextResponse(header);
    }

    public NopIn nopIn() {
        return new NopIn(header);
    }

    public Reject reject() {
        return new Reject(header);
    }

    public LogoutResponse logout() {
        return new LogoutResponse(header);
    }

    public TaskManagementResponse taskManagement() {
        return new TaskManagementResponse(header);
    }

    /** The data segment as text, a blank for each NUL. */
    public String string() {
        return new String(data, java.nio.charset.StandardCharsets.UTF_8)
                .replace('\0', ' ')
                .trim();
    }
}
