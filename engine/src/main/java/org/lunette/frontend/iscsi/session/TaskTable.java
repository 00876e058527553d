package org.lunette.frontend.iscsi.session;

/** Finds tasks by Initiator Task Tag: open addressing, without boxing. */
final class TaskTable {
    private final Task[] slots;
    private final int mask;

    /** @param maxTasks how many there will be at most */
    TaskTable(int maxTasks) {
        this.slots = new Task[Integer.highestOneBit(maxTasks) * 4];
        this.mask = slots.length - 1;
    }

    private int home(int tag) {
        int hash = tag * 0x9e3779b9;
        return (hash ^ hash >>> 16) & mask;
    }

    /** The task of that tag, or null. */
    Task find(int tag) {
        for (int i = home(tag); slots[i] != null; i = i + 1 & mask) {
            if (slots[i].tag() == tag) {
                return slots[i];
            }
        }
        return null;
    }

    /** Adds a task whose tag is not in the table. */
    void add(Task task) {
        int i = home(task.tag());
        while (slots[i] != null) {
            i = i + 1 & mask;
        }
        slots[i] = task;
    }

    /** Takes a task out that is in the table. */
    void remove(Task task) {
        int gap = home(task.tag());
        while (slots[gap] != task) {
            gap = gap + 1 & mask;
        }
        int i = gap;
        while (true) {
            i = i + 1 & mask;
            if (slots[i] == null) {
                break;
            }
            int displacement = i - home(slots[i].tag()) & mask;
            if (displacement >= (i - gap & mask)) {
                slots[gap] = slots[i];
                gap = i;
            }
        }
        slots[gap] = null;
    }
}
