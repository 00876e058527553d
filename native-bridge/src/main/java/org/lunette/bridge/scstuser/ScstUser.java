package org.lunette.bridge.scstuser;

/** The numbers of {@code scst_user.h} and {@code scst_const.h}, by their names there. */
public final class ScstUser {
    /** The device node. */
    public static final String DEVICE_PATH = "/dev/scst_user";

    // ---- the calls, numbers for ioctl(2) ----

    /** Registers a device; argument {@link DevDescFlyweight}. */
    public static final long SCST_USER_REGISTER_DEVICE = 0x40a07501L;

    /**
     * Wakes all threads that wait in the device's other calls, which no longer block from then on; no argument. The
     * device stays registered until its descriptor is closed.
     */
    public static final long SCST_USER_UNREGISTER_DEVICE = 0x7502L;

    /** Changes the options; argument {@link OptFlyweight}. Waits until no command is under way. */
    public static final long SCST_USER_SET_OPTIONS = 0x40147503L;

    /** Reads the options; argument {@link OptFlyweight}. */
    public static final long SCST_USER_GET_OPTIONS = 0x80147504L;

    /** Answers one subcommand and fetches one; argument {@link GetCmdFlyweight}. */
    public static final long SCST_USER_REPLY_AND_GET_CMD = 0xc2207505L;

    /** Answers one subcommand; argument {@link ReplyCmdFlyweight}. */
    public static final long SCST_USER_REPLY_CMD = 0x40387506L;

    /** Lets the kernel give back all cached buffers; no argument. Waits until no command is under way. */
    public static final long SCST_USER_FLUSH_CACHE = 0x7507L;

    /** Raises the unit attention CAPACITY DATA HAS CHANGED for all sessions; no argument. */
    public static final long SCST_USER_DEVICE_CAPACITY_CHANGED = 0x7508L;

    /** Reads what a CDB has beyond 16 bytes; argument {@link GetExtCdbFlyweight}. */
    public static final long SCST_USER_GET_EXTENDED_CDB = 0xc0107509L;

    /** Gives the kernel's cache a buffer in advance; argument {@link PreallocBufferFlyweight}. */
    public static final long SCST_USER_PREALLOC_BUFFER = 0xc010750aL;

    /** Answers several subcommands and fetches several; argument {@link GetMultiFlyweight}. */
    public static final long SCST_USER_REPLY_AND_GET_MULTI = 0xc010750bL;

    // ---- the subcommands ----

    /** A session begins; {@link SessFlyweight}. Must be answered within 5 s. */
    public static final int SCST_USER_ATTACH_SESS = 0x82187320;

    /** A session has ended; {@link SessFlyweight}. */
    public static final int SCST_USER_DETACH_SESS = 0x82187321;

    /** What does this CDB want; {@link ScsiCmdParseFlyweight}. */
    public static final int SCST_USER_PARSE = 0xc0507301;

    /** A data buffer is needed; {@link ScsiCmdAllocMemFlyweight}. */
    public static final int SCST_USER_ALLOC_MEM = 0xc0287302;

    /** A command to execute; {@link ScsiCmdExecFlyweight}. */
    public static final int SCST_USER_EXEC = 0xc0687303;

    /** A command is over; {@link ScsiOnFreeCmdFlyweight}. */
    public static final int SCST_USER_ON_FREE_CMD = 0x80107304;

    /** A cached buffer comes back; {@link OnCachedMemFreeFlyweight}. */
    public static final int SCST_USER_ON_CACHED_MEM_FREE = 0x80087305;

    /** A task management function has come in; {@link TmFlyweight}. */
    public static final int SCST_USER_TASK_MGMT_RECEIVED = 0xc0187308;

    /** All commands that a task management function concerns have ended; {@link TmFlyweight}. */
    public static final int SCST_USER_TASK_MGMT_DONE = 0xc0187309;

    /** A segment of an EXTENDED COPY; {@link ExtCopyRemapFlyweight}. */
    public static final int SCST_USER_EXT_COPY_REMAP = 0xc0307306;

    // ---- lengths ----

    /** Bytes of a device's name, with its NUL. */
    public static final int SCST_MAX_NAME = 50;

    /** Bytes of a port's name, with its NUL. */
    public static final int SCST_MAX_EXTERNAL_NAME = 256;

    /** Bytes of a CDB that a subcommand carries itself. */
    public static final int SCST_MAX_CDB_SIZE = 16;

    // ---- data directions ----

    public static final int SCST_DATA_UNKNOWN = 0;

    /** From the initiator. */
    public static final int SCST_DATA_WRITE = 1;

    /** To the initiator. */
    public static final int SCST_DATA_READ = 2;

    /** Both. */
    public static final int SCST_DATA_BIDI = 3;

    public static final int SCST_DATA_NONE = 4;

    // ---- task attributes ----

    public static final int SCST_CMD_QUEUE_UNTAGGED = 0;

    public static final int SCST_CMD_QUEUE_SIMPLE = 1;

    public static final int SCST_CMD_QUEUE_ORDERED = 2;

    public static final int SCST_CMD_QUEUE_HEAD_OF_QUEUE = 3;

    public static final int SCST_CMD_QUEUE_ACA = 4;

    // ---- task management functions; the names that are not SAM's are events inside SCST ----

    public static final int SCST_ABORT_TASK = 0;

    public static final int SCST_ABORT_TASK_SET = 1;

    public static final int SCST_CLEAR_ACA = 2;

    public static final int SCST_CLEAR_TASK_SET = 3;

    public static final int SCST_LUN_RESET = 4;

    public static final int SCST_TARGET_RESET = 5;

    public static final int SCST_NEXUS_LOSS_SESS = 6;

    public static final int SCST_ABORT_ALL_TASKS_SESS = 7;

    public static final int SCST_NEXUS_LOSS = 8;

    public static final int SCST_ABORT_ALL_TASKS = 9;

    public static final int SCST_UNREG_SESS_TM = 10;

    public static final int SCST_PR_ABORT_ALL = 11;

    // ---- results of task management functions ----

    public static final int SCST_MGMT_STATUS_SUCCESS = 0;

    public static final int SCST_MGMT_STATUS_TASK_NOT_EXIST = -1;

    public static final int SCST_MGMT_STATUS_LUN_NOT_EXIST = -2;

    public static final int SCST_MGMT_STATUS_FN_NOT_SUPPORTED = -5;

    public static final int SCST_MGMT_STATUS_REJECTED = -255;

    public static final int SCST_MGMT_STATUS_FAILED = -129;

    private ScstUser() {}
}
